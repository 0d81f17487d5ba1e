"""Reads of articles on the staff side: lists, pages, links, versions, topics."""
