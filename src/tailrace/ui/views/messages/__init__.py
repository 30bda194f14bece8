"""A conversation as cards, of which only those in sight exist."""
