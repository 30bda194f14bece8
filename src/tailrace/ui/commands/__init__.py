"""Commands: what they are (data), and the actions and menus made from them."""

from tailrace.ui.commands.actions import Actions
from tailrace.ui.commands.catalogue import BY_ID, COMMANDS, MONITOR, REVIEW, SQL, TRACES, Command, Menu
from tailrace.ui.commands.key_words import key_of, titled, with_key_words
from tailrace.ui.commands.keymap import Keys, keys_of
from tailrace.ui.commands.leader import Leader
from tailrace.ui.commands.view_keys import VIEW_KEYS, ViewKeys

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
    "Keys",
    "Leader",
    "Menu",
    "ViewKeys",
    "key_of",
    "keys_of",
    "titled",
    "with_key_words",
]
