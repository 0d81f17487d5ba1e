"""The public side of the assistant."""
