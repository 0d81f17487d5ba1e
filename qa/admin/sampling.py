"""Admin pages of sampling."""
