"""The trace database. The only room that holds SQL."""
