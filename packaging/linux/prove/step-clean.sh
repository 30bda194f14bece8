# Nothing in the root helps the program.

check "no Python, Qt or X11 library is there" \
    not sh -c "find '$root' -xdev \( -name 'python3*' -o -name 'libQt*' -o -name 'libX11*' -o -name 'libGL*' \) | grep ."
files_of_root >"$work/before"
packages_of_root >"$work/packages-before"
