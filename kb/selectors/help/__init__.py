"""Reads of the public help centre. All articles come from `kb.selectors.readers`."""
