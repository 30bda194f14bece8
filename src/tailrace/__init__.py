"""Tailrace: the desktop trace viewer for applications built on language models."""

__version__ = "0.3.0"
