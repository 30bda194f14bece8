"""Charts of figures as cards: they are shown values and say what a person did with them. See `values` and `card`."""
