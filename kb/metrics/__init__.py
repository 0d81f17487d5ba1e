"""KPIs of self-service."""
