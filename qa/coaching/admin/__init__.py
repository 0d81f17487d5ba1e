"""Admin pages of coaching."""
