"""The window. The only room that imports Qt; it reaches data only through workspace."""
