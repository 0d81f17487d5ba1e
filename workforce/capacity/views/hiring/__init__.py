"""Whom to hire by when: plans month by month, their hires, what is suggested."""
