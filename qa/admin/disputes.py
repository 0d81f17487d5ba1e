"""Admin pages of disputes."""
