"""Numbers in, numbers out: pricing, and the measures that charts are made of."""
