"""KPIs of quality."""
