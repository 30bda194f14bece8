# A clean Debian root, and running things in it.

work=$(mktemp -d)
root=$work/root

# The root, from the one that is kept; it may reach the packages as this machine does.
make_root() {
    if [ ! -x "$roots/$suite/usr/bin/apt-get" ]; then
        mkdir -p "$roots"
        debootstrap --variant=minbase "$suite" "$roots/$suite" "$mirror" >"$work/debootstrap.log"
    fi
    # both as they are now, whatever is built meanwhile
    cp "$package" "$work/tailrace.deb" && package=$work/tailrace.deb
    if [ -n "$archive" ]; then cp "$archive" "$work/tailrace.tar.xz" && archive=$work/tailrace.tar.xz; fi
    cp -a --reflink=auto "$roots/$suite" "$root"
    trap delete_root EXIT
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mkdir -p "$root/tmp/.X11-unix" "$pictures" /tmp/.X11-unix
    mount -t tmpfs none /tmp/.X11-unix # not that of this machine's displays
    mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    apt-config dump | grep -E '^Acquire::(Check|http|https|Retries)' >"$root/etc/apt/apt.conf.d/00host" || true
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d" # no services in here
    chmod 755 "$root/usr/sbin/policy-rc.d"
    chroot "$root" useradd --create-home --shell /bin/bash ada
    install -d -m 700 -o 1000 -g 1000 "$root/run/user/1000"
    as_root apt-get -q update >/dev/null
}

# Nothing is deleted as long as something of this machine is still mounted below.
delete_root() {
    local place
    awk '{print $2}' /proc/self/mounts | grep -F "$root/" | sort -r | while read -r place; do umount -l "$place" || true; done
    if ! grep -qF "$root/" /proc/self/mounts; then rm -rf --one-file-system "$work"; fi
}

as_root() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"
}

# Run something as the ordinary user, with a display. VARIABLE=VALUE words may come first.
as_ada() {
    chroot --userspec=ada:ada "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin HOME=/home/ada USER=ada LANG=C.UTF-8 \
        XDG_RUNTIME_DIR=/run/user/1000 DISPLAY="$display" sh -c 'cd; exec env "$@"' sh "$@"
}

# Every file of the root but those of the user, of the proof itself, and what apt keeps for itself.
files_of_root() {
    (cd "$root" && find . -xdev \( -path ./home/ada -o -path ./tmp -o -path ./proc -o -path ./dev -o -path ./run \
        -o -path ./var/cache/apt -o -path ./var/lib/apt -o -path ./var/log \) -prune -o -print | sort)
}

packages_of_root() { as_root dpkg-query -W -f '${Package}\n' | sort; }

apt_install() {
    as_root apt-get -q -y install "$@" >"$work/apt" 2>&1 || { tail -n 15 "$work/apt"; return 1; }
}

# A file of traces in the user's home: one span.
write_traces() {
    local span='"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"answer","kind":1'
    local times='"startTimeUnixNano":"1795219200000000000","endTimeUnixNano":"1795219201000000000"'
    printf '{"resourceSpans":[{"scopeSpans":[{"spans":[{%s,%s}]}]}]}\n' "$span" "$times" >"$root/home/ada/traces.jsonl"
    chroot "$root" chown ada: /home/ada/traces.jsonl
}
