# The package installs with apt alone.

cp "$package" "$root/tmp/tailrace.deb"
check "apt-get install ./tailrace.deb" apt_install /tmp/tailrace.deb
check "no Python came with it" not sh -c "ls '$root'/usr/bin/python3*"
size=$(($(stat -c %s "$package") / 1000000))
installed=$(($(du -sb "$root/usr/lib/tailrace" | cut -f 1) / 1000000))
check "the package has $size MB, of 110 at most" test "$size" -le 110
check "the program has $installed MB installed, of 300 at most" test "$installed" -le 300
echo "        $(comm -13 "$work/packages-before" <(packages_of_root) | wc -l) packages came with it"
check "nothing runs at installation but triggers" not ls "$root"/var/lib/dpkg/info/tailrace.{pre,post}{inst,rm}
check "doctor finds nothing missing" has "all there" as_ada tailrace doctor
check "doctor is content" as_ada tailrace doctor
