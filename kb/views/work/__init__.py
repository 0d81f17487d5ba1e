"""Content work: the worklist, duties and flags."""
