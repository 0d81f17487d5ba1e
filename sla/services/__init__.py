"""Every write of promises, one module a noun. Callers pass the time."""
