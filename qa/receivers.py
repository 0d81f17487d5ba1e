"""What quality hears from others."""
