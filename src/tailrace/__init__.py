"""Tailrace: the desktop trace viewer for applications built on language models."""

__version__ = "0.4.0"

# The name by which desktops know the program: of its desktop entry, icons, bundle and local socket.
DESKTOP_ID = "org.tailrace.Tailrace"
