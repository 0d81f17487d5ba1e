"""Content work: the worklist, duties, flags and coverage."""
