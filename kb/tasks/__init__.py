"""Thin entry points of the worker: read the time, find the work, call a service."""
