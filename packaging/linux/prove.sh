#!/bin/bash
# Prove the Debian package and the portable archive in a Debian root without Python, Qt and X11's libraries:
#     sudo packaging/linux/prove.sh [SUITE]        bookworm (the default), trixie, …
# Needs root, debootstrap, Xvfb, xdotool, xprop (x11-utils) and ImageMagick. Pictures of the windows land in out/prove.
# Everything runs in namespaces of its own: its mounts, windows and processes end with it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
suite=${1:-bookworm}
roots=${PROVE_ROOTS:-/var/tmp/tailrace-roots} # clean roots are kept here: making one takes minutes
mirror=${PROVE_MIRROR:-http://deb.debian.org/debian}
display=${PROVE_DISPLAY-} # else the first that is free
for number in $(seq 40 90); do
    if [ -z "$display" ] && [ ! -e "/tmp/.X11-unix/X$number" ] && [ ! -e "/tmp/.X$number-lock" ]; then display=:$number; fi
done
pictures=$project/out/prove/$suite
package=$(ls "$project"/dist/tailrace_*_"$(dpkg --print-architecture)".deb)
archive=$(ls "$project"/dist/tailrace-*-linux-"$(uname -m)".tar.xz 2>/dev/null || true)

if [ -z "${PROVE_INSIDE-}" ]; then
    [ "$(id -u)" = 0 ] || exec echo "This needs root: it makes a root of its own with debootstrap."
    PROVE_INSIDE=1 exec unshare --mount --pid --fork --kill-child --propagation private "$0" "$suite"
fi

. "$here/prove/root.sh"
. "$here/prove/said.sh"
. "$here/prove/windows.sh"

make_root
start_display
for step in package clean bare install run files desktop remove upgrade portable; do
    echo "== $step"
    . "$here/prove/step-$step.sh"
done
say_result
