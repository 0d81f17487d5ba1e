"""Admin pages of reviews."""
