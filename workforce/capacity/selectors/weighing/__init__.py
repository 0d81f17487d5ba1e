"""Reads of what a decision weighs: options, scenarios, criteria, segments."""
