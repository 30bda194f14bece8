"""Attributes of the semantic conventions to typed fields, one module a convention."""
