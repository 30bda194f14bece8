"""Reusable widgets. They know values only."""
