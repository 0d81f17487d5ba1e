"""What the pages of content work show."""
