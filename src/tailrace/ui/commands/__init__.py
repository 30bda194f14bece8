"""Commands: what they are (data), and the actions and menus made from them."""

from tailrace.ui.commands.actions import Actions
from tailrace.ui.commands.catalogue import BY_ID, COMMANDS, VIEW_KEYS, Command, Menu

__all__ = ["BY_ID", "COMMANDS", "VIEW_KEYS", "Actions", "Command", "Menu"]
