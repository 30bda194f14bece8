# Files are known by name and by content, and a double click opens them.

write_traces
check "tailrace import" as_ada tailrace import traces.jsonl -o "sample.tailrace"
as_ada cp sample.tailrace renamed.db
as_ada cp sample.tailrace unnamed
as_ada cp sample.tailrace "Ärger mit Läufen.tailrace"
as_ada cp sample.tailrace plain.db
printf '\0\0\0\0' | dd of="$root/home/ada/plain.db" bs=1 seek=68 conv=notrunc status=none # no longer ours

ours=application/vnd.tailrace+sqlite3
apt_install libglib2.0-bin desktop-file-utils
kind() { as_ada gio info -a standard::content-type "$1" | sed -n 's/.*content-type: //p'; }
check "sample.tailrace is of our type" is $ours kind sample.tailrace
check "so is a database of another name" is $ours kind renamed.db
check "so is one without a suffix" is $ours kind unnamed
check "another SQLite file is not" is application/vnd.sqlite3 kind plain.db
check "xdg-mime says the same without a desktop" is $ours as_ada xdg-mime query filetype sample.tailrace
check "xdg-mime says the same of the renamed one" is $ours as_ada xdg-mime query filetype renamed.db
check "xdg-mime says the same under GNOME" is $ours as_ada XDG_CURRENT_DESKTOP=GNOME xdg-mime query filetype unnamed
check "the type's program is Tailrace" is org.tailrace.Tailrace.desktop as_ada xdg-mime query default $ours
check "that of other SQLite files is not" is "" as_ada xdg-mime query default application/vnd.sqlite3
check "nor that of JSON" is "" as_ada xdg-mime query default application/json

check "xdg-open opens a file" shows "sample.*Tailrace" xdg-open xdg-open sample.tailrace
check "xdg-open opens one known by its content" shows "renamed.*Tailrace" xdg-open-renamed xdg-open renamed.db
check "gio open opens a file" shows "rger.*Tailrace" gio-open gio open "Ärger mit Läufen.tailrace"
apt_install libgtk-3-bin
check "the desktop entry opens a file" \
    shows "sample.*Tailrace" desktop-entry gtk-launch org.tailrace.Tailrace /home/ada/sample.tailrace
check "the desktop entry starts without one" shows "Tailrace" desktop-entry-alone gtk-launch org.tailrace.Tailrace
