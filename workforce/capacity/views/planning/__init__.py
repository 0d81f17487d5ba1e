"""The planning calendar: what is due each month, quarter and year, and who does it."""
