"""Admin pages of calibration."""
