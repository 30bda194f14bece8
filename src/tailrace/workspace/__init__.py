"""The one place without Qt that knows all rooms: open, import, query, annotate, close."""
