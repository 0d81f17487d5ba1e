"""What capacity hears from the ticket side."""
