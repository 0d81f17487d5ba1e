"""Forms of articles: the list's filters, a new one, settings, links, topics, exchange."""
