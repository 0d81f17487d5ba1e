"""Admin pages of reliability."""
