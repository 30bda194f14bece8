# What desktops, shells and people read about it is sound.

apt_install appstream desktop-file-utils man-db bash fish zsh python3-gi gir1.2-gtk-3.0
check "desktop-file-validate" is "" as_ada desktop-file-validate /usr/share/applications/org.tailrace.Tailrace.desktop
# AppStream 1.0 warns of a missing home page; the project has none to name
faults() {
    as_ada appstreamcli validate --pedantic --no-net /usr/share/metainfo/org.tailrace.Tailrace.metainfo.xml |
        grep -E '^[EW]:' | grep -v url-homepage-missing || true
}
check "appstreamcli validate (a home page apart)" is "" faults
check "man tailrace has every part" has "SEE ALSO" as_ada MANPAGER=cat man tailrace
check "man complains of nothing" is "" as_ada sh -c 'man --warnings tailrace 2>&1 >/dev/null'
check "whatis knows it" has "traces of applications" as_ada whatis tailrace

cat >"$root/tmp/icons.py" <<'PYTHON'
import sys

import gi

gi.require_version("Gtk", "3.0")
from gi.repository import Gio, Gtk

theme = Gtk.IconTheme.get_default()
file = Gio.File.new_for_path(sys.argv[1]).query_info("standard::icon", 0, None).get_icon()
for size in (16, 32, 48, 256):
    for icon in (file, Gio.ThemedIcon.new("org.tailrace.Tailrace")):
        found = theme.lookup_by_gicon(icon, size, 0)
        print(found.get_filename() if found else f"none at {size}")
PYTHON
icons() { as_ada python3 /tmp/icons.py /home/ada/renamed.db; }
check "GTK finds the file's icon" has "32x32/mimetypes/application-vnd.tailrace+sqlite3.png" icons
check "GTK finds the program's icon" has "48x48/apps/org.tailrace.Tailrace.png" icons
check "GTK finds both at every size" not has "none at" icons

bash_completes() {
    as_ada bash -c '. /usr/share/bash-completion/completions/tailrace
        COMP_WORDS=(tailrace "$1") COMP_CWORD=1; _tailrace_completion tailrace; echo "${COMPREPLY[*]}"' bash "$1"
}
check "bash completes commands" is "screenshot" bash_completes scr
check "fish completes commands" has "screenshot" as_ada fish -c 'complete -C "tailrace scr"'
check "zsh takes the script" as_ada zsh -fc 'autoload -Uz compinit && compinit -u && [[ -n $_comps[tailrace] ]]'
