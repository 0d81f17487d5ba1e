"""Forms of the staff pages: they read what people typed and call no service."""
