"""What the packed program may contain. The spec leaves out all else, the audit refuses it.

Names are those inside the bundle, with "/" on every system.
"""

from __future__ import annotations

import re

# Of Qt: what the window imports and what its plugins link to; nothing of QML, Quick, Designer and their tools.
QT_MODULES = {
    "QtCore",
    "QtGui",
    "QtNetwork",
    "QtOpenGL",
    "QtOpenGLWidgets",
    "QtSvg",
    "QtWidgets",
}  # OpenGL: pyqtgraph imports it
QT_LIBRARIES = {
    *{module.removeprefix("Qt") for module in QT_MODULES},
    *{"DBus", "WaylandClient", "WlShellIntegration", "XcbQpa"},
}

# Plugins by folder. No GTK theme (it would bring GTK and forty libraries), no TLS (nothing is fetched), no styles (the
# window wears Fusion everywhere).
QT_PLUGINS = {
    "platforms": {"xcb", "wayland", "offscreen", "minimal", "windows", "cocoa"},
    "platformthemes": {"xdgdesktopportal"},
    "platforminputcontexts": {"composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"},
    "wayland-shell-integration": {"xdg-shell"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-graphics-integration-client": {"t-plugin-wayland-egl"},
    "iconengines": {"svgicon"},
    "imageformats": {"gif", "ico", "jpeg", "svg", "webp"},
}

# Of the building machine's own libraries: those that Python's modules link to, and the small ones of Qt's X11 plugin
# that many desktops lack. Everything else (X11, GL, GLib, D-Bus, fontconfig, the C and C++ runtimes) is the system's.
LIBRARIES_OF_PYTHON = {"libpython3", "libsqlite3", "libffi", "libz", "libbz2", "liblzma", "libuuid"}
LIBRARIES_OF_X11 = {
    *{"libxcb-cursor", "libxcb-icccm", "libxcb-image", "libxcb-keysyms", "libxcb-render-util", "libxcb-util"},
    *{"libxkbcommon", "libxkbcommon-x11"},
}

# Modules that something imports if they are there, and that nothing here needs.
EXCLUDED_MODULES = {
    *{"tkinter", "test", "idlelib", "ensurepip", "pip", "setuptools", "pkg_resources", "readline"},
    *{"ssl", "_ssl", "_hashlib"},  # nothing is fetched, and checksums are Python's own: no OpenSSL to keep patched
    *{"zstandard._cffi", "zstandard.backend_cffi"},  # the C backend is there
    *{"pyqtgraph.examples", "pyqtgraph.opengl", "pyqtgraph.jupyter", "pyqtgraph.console", "pyqtgraph.flowchart"},
    *{"PySide6.QtTest", "PySide6.QtDBus", "PySide6.QtPrintSupport"},
    *{"duckdb.experimental", "duckdb.query_graph", "numpy.f2py", "numpy._core._multiarray_tests"},
    *{"IPython", "matplotlib", "pandas", "pyarrow", "polars", "scipy", "torch", "cupy", "numba", "yaml"},
}

_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/(?P<folder>[^/]+)/(?:lib)?q?(?P<name>[^/.]+)\.")
_BINDING = re.compile(r"PySide6/(?P<name>Qt\w+)\.(?:abi3\.)?(?:so|pyd)$")
_LIBRARY = re.compile(r"(?:^|/)(?:libQt6|Qt6|Qt(?=\w+\.framework/))(?P<name>[A-Z]\w+?)\.(?:so|dll|dylib|framework)")


def is_wanted(name: str) -> bool:
    """Whether a file that a wheel carries belongs into the bundle."""
    if (plugin := _PLUGIN.search(name)) is not None:
        return plugin["name"] in QT_PLUGINS.get(plugin["folder"], set())
    if (binding := _BINDING.search(name)) is not None:
        return binding["name"] in QT_MODULES
    if (library := _LIBRARY.search(name)) is not None:
        return library["name"] in QT_LIBRARIES
    # the program speaks English, and so should the buttons of Qt's own dialogs
    return not re.match(r"PySide6/(?:Qt/)?(?:translations|qml)/", name)


def is_carried(name: str) -> bool:
    """Whether a shared library of the building Linux machine travels with the program."""
    return name.rpartition("/")[2].split(".")[0] in LIBRARIES_OF_PYTHON | LIBRARIES_OF_X11
