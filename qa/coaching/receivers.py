"""What coaching hears from quality."""
