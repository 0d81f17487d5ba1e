"""Staff pages of articles."""
