"""Experiments: counted, judged, and how long the next one would take."""
