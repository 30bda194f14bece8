"""A person's own SQL over documented views of the columns: read-only, limited, in a process of its own."""
