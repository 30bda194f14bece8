# Windows on a display of the proof's own, seen from outside the root.

start_display() {
    Xvfb "$display" -screen 0 1600x1000x24 -ac -nolisten tcp >"$work/xvfb" 2>&1 &
    export DISPLAY=$display
    for _ in $(seq 100); do
        if xprop -root >/dev/null 2>&1; then return; fi
        sleep 0.1
    done
    echo "Xvfb does not start on $display" >&2
    exit 1
}

# window_named TITLE: the id of the window whose title holds that, once it is there; waits up to a minute.
window_named() {
    timeout 60 xdotool search --sync --onlyvisible --name "$1" | head -n 1
}

# painted NAME: take a picture of the display until it shows something: more colours than a bare frame has.
painted() {
    local colours
    for _ in $(seq 60); do
        import -window root "$pictures/$1.png"
        colours=$(convert "$pictures/$1.png" -format %k info:)
        if [ "$colours" -gt 200 ]; then
            echo "$colours colours"
            return 0
        fi
        sleep 1
    done
    echo "only $colours colours"
    return 1
}

# shows TITLE PICTURE COMMAND…: as the user, the command brings a window of that title; it is then closed as one does.
shows() {
    local title=$1 picture=$2 window status=0
    shift 2
    as_ada "$@" >"$work/program" 2>&1 &
    if window=$(window_named "$title") && [ -n "$window" ]; then
        painted "$picture" || status=1
    else
        cat "$work/program"
        status=1
    fi
    close_windows || status=1
    return $status
}

# close_windows: quit as a person does, in every window; all must be gone soon.
close_windows() {
    local window
    for _ in $(seq 30); do
        xdotool search --onlyvisible --class Tailrace >"$work/windows" 2>/dev/null || return 0
        while read -r window; do xdotool windowfocus --sync "$window" key ctrl+q || true; done <"$work/windows"
        sleep 1
    done
    echo "a window stays open"
    return 1
}
