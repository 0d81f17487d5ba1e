"""Tasks that come back by period, for every app that has some: no tables of its own."""
