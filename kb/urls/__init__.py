"""Addresses of the knowledge base: the staff side, and the public help centre."""
