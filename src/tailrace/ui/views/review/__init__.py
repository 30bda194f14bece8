"""Views of the review page: they know values only."""
