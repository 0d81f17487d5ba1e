"""Reads what was asked in vain and turns it into gaps: what ``services.gaps`` stores."""
