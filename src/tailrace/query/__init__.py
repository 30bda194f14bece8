"""The filter language: text to tree, diagnostics, completion. Knows no SQL."""
