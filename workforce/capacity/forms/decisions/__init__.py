"""Forms of decisions: the new one, its sections, its life, the list."""
