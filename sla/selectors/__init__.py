"""Every read of promises that spans relations, one module a noun."""
