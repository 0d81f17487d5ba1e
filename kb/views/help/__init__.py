"""The public help centre. Pages are for everybody; staff also see internal articles."""
