"""Admin pages of scorecards."""
