"""The column cache: what charts are made of, derived from the trace database into a DuckDB file that may be lost."""
