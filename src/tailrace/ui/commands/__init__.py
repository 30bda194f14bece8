"""Commands: what they are (data), and the actions and menus made from them."""

from tailrace.ui.commands.actions import Actions
from tailrace.ui.commands.catalogue import BY_ID, COMMANDS, MONITOR, REVIEW, SQL, TRACES, VIEW_KEYS, Command, Menu
from tailrace.ui.commands.leader import Leader

__all__ = [
    "BY_ID",
    "COMMANDS",
    "MONITOR",
    "REVIEW",
    "SQL",
    "TRACES",
    "VIEW_KEYS",
    "Actions",
    "Command",
    "Leader",
    "Menu",
]
