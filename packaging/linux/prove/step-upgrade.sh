# An older package gives way to the newer one, and the user's data stay.

older() {
    dpkg-deb -R "$package" "$work/older"
    sed -i 's/^Version: .*/Version: 0.0.1/' "$work/older/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone -b "$work/older" "$root/tmp/older.deb"
    rm -r "$work/older"
}
check "an older package is made" older
check "it installs" apt_install /tmp/older.deb
rm "$root/tmp/older.deb"
check "a window of it opens the user's database" shows "sample.*Tailrace" upgrade-before tailrace open sample.tailrace
settings=/home/ada/.local/share/tailrace/settings.json
check "it keeps settings" test -s "$root$settings"
sums >"$work/sums"
check "the newer package takes its place" apt_install /tmp/tailrace.deb
check "it is the newer one" is "$(dpkg-deb -f "$package" Version)" as_root dpkg-query -W -f '${Version}' tailrace
check "databases and settings are as they were" is "$(cat "$work/sums")" sums
check "the newer program opens the database" has '"spans": 1' as_ada tailrace info sample.tailrace --json
check "and its window what was open before" shows "sample.*Tailrace" upgrade-after tailrace
sums >"$work/sums"
