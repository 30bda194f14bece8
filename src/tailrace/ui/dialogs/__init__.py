"""Dialogs and overlays: palette, shortcut sheet, import progress."""
