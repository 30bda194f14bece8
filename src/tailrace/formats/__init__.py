"""Foreign formats, one module each: bytes in, records out. Recognised by content."""
