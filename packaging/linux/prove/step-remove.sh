# Removing it leaves nothing but the user's own files.

as_root dpkg -L tailrace | sort >"$work/ours"
# the user's data, without the lock files and journals that come and go with a window
sums() { (cd "$root/home/ada" && find .local/share/tailrace ./*.tailrace -type f -exec sha256sum {} + | sort); }
sums >"$work/sums"
check "apt-get remove" as_root apt-get -q -y remove tailrace
left() { while read -r path; do if [ -f "$root$path" ]; then echo "$path"; fi; done <"$work/ours"; }
check "none of its files is left" is "" left
check "nothing else is called after it" is "" sh -c "cd '$root' && find etc opt srv usr var -xdev -iname '*tailrace*' ! -name '*.log'"
check "the desktop's databases forgot it" \
    not grep -rqi tailrace "$root"/usr/share/{applications/mimeinfo.cache,mime/globs2,mime/magic,icons/hicolor/icon-theme.cache}
check "the user's files are as they were" is "$(cat "$work/sums")" sums
check "there is nothing left to purge" not as_root dpkg-query -W tailrace

# without what came with it, and what the proof brought, the root is as before: the rest is these packages' own programs'
comm -13 "$work/packages-before" <(packages_of_root) | xargs chroot "$root" env PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    DEBIAN_FRONTEND=noninteractive apt-get -q -y --allow-remove-essential purge >"$work/purge" 2>&1 || tail -n 3 "$work/purge"
theirs='^\./(etc/(ld\.so\.cache|(group|gshadow|passwd|shadow|subuid|subgid)-|alternatives)|var/(lib/dpkg|cache)/|usr/share/mime)'
comm -13 "$work/before" <(files_of_root) | grep -vE "$theirs" >"$work/leftovers" || true
sed 's/^/        left by other packages: /' "$work/leftovers" | head -n 20
check "the root has no trace of it" not grep -i tailrace "$work/leftovers"
