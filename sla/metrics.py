"""The KPIs of promises, registered in the metric catalogue."""
