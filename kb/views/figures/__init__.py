"""Pages of what self-service achieves."""
