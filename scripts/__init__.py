"""Small programs behind the Makefile. They need nothing but Python unless they say so."""
