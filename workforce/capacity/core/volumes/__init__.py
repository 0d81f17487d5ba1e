"""Contacts by interval of a queue's own day: the grid, counting, reading a file."""
