"""The staff side of the assistant: its rules, how right it is, what was said."""
