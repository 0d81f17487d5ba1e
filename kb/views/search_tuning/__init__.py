"""Looking after the search: try it, known questions, synonyms."""
