# The archive runs from anywhere, and makes itself known to one person's desktop.

if [ -n "$archive" ]; then
    check "apt-get purge" as_root apt-get -q -y purge tailrace # its libraries stay
    check "the user's files are as they were" is "$(cat "$work/sums")" sums
    apt_install desktop-file-utils libglib2.0-bin libgtk-3-bin
    check "it shows a window from a folder with spaces and letters of its own" \
        shows "sample.*Tailrace" portable "$unpacked/tailrace" open sample.tailrace
    mkdir "$root/mnt/disc"
    mount --bind "$root$unpacked" "$root/mnt/disc"
    mount -o remount,ro,bind "$root/mnt/disc"
    check "so it does from a medium that cannot be written to" \
        shows "sample.*Tailrace" portable-read-only /mnt/disc/tailrace open sample.tailrace
    umount -l "$root/mnt/disc" # the program may not be quite gone
    check "integrate" as_ada "$unpacked/integrate"
    entry=$root/home/ada/.local/share/applications/org.tailrace.Tailrace.desktop
    check "the entry is valid" is "" desktop-file-validate "$entry"
    check "the link in ~/.local/bin starts it" has "Tailrace " as_ada .local/bin/tailrace --version
    check "a file without a suffix is of our type" is "$ours" kind unnamed
    check "gio open opens it" shows "unnamed.*Tailrace" portable-gio gio open unnamed
    check "doctor is content" has "all there" as_ada .local/bin/tailrace doctor
    check "integrate a second time" as_ada "$unpacked/integrate"
    check "integrate --remove" as_ada .local/../.local/bin/../../"${unpacked#/home/ada/}"/integrate --remove
    check "nothing of it is left but data" is "" \
        sh -c "find '$root/home/ada/.local' -iname '*tailrace*' ! -path '*/share/tailrace*'"
    check "the user's type database forgot it" not grep -q tailrace "$root/home/ada/.local/share/mime/globs2"
fi
