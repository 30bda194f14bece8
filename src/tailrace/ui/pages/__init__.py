"""Pages compose views with models."""
