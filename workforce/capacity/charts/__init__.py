"""Pictures of capacity, drawn on the server as inline SVG; see ``charts.bands``."""
