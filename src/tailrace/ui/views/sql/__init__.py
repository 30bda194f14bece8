"""The parts of the SQL page: editor, list of views, result."""
