# The program runs for an ordinary user, and the desktop can tell its windows.

as_ada tailrace demo >"$work/program" 2>&1 &
window=$(window_named "demo.*Tailrace") || true
check "tailrace demo shows a window" test -n "$window"
check "the window is painted" painted demo
sleep 3 # for the picture: the first trace is read
import -window root "$pictures/demo.png"
entry=$root/usr/share/applications/org.tailrace.Tailrace.desktop
class=$(sed -n 's/^StartupWMClass=//p' "$entry")
check "its class is that of the desktop entry, $class" has "\"$class\"" xprop -id "$window" WM_CLASS
check "it names its desktop entry" has org.tailrace.Tailrace xprop -id "$window" _KDE_NET_WM_DESKTOP_FILE _GTK_APPLICATION_ID
check "it carries its icon" has "Icon (48 x 48)" xprop -id "$window" _NET_WM_ICON
check "the program said nothing on the terminal" not grep . "$work/program"
check "it closes" close_windows
check "what it wrote is the user's alone" is 700 stat -c %a "$root/home/ada/.local/share/tailrace"
