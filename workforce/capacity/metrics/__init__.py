"""KPIs of capacity: how well it is forecast, and how well it is staffed."""
