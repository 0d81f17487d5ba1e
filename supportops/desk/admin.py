"""Registers the ticket list with the admin."""

from supportops.desk import queue  # noqa: F401 -- importing registers
