"""Pages of volumes: every queue, one queue, imports, outliers."""
