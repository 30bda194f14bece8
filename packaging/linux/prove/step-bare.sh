# The archive in a root without a desktop's libraries: what needs none works, a window is refused in one sentence.

folder="/home/ada/Ausgepackt hier/ägypten"
if [ -n "$archive" ]; then
    mkdir -p "$root$folder"
    tar -xJf "$archive" -C "$root$folder"
    unpacked=$folder/$(ls "$root$folder")
    chroot "$root" chown -R ada: "/home/ada/Ausgepackt hier"
    check "the archive's program tells its version" has "Tailrace " as_ada "$unpacked/tailrace" --version
    write_traces
    check "it imports without a desktop's libraries" \
        has "1 span" as_ada "$unpacked/tailrace" import traces.jsonl -o bare.tailrace
    as_ada "$unpacked/tailrace" demo >"$work/refused" 2>&1 || true
    check "a window is refused with the packages to install" has "sudo apt install lib" cat "$work/refused"
    check "that is one line" is 1 grep -c . "$work/refused"
    sed 's/^/        | /' "$work/refused"
    rm -f "$root/home/ada/bare.tailrace"
fi
