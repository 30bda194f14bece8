# What was proved and what was not.

proved=0
failed=()

# check SENTENCE COMMAND…: the sentence is true when the command succeeds.
check() {
    local sentence=$1
    shift
    if "$@" >"$work/said" 2>&1; then
        proved=$((proved + 1))
        echo "ok      $sentence"
    else
        failed+=("$sentence")
        echo "NOT OK  $sentence"
        sed 's/^/        | /' "$work/said" | tail -n 15
    fi
}

# is WANTED COMMAND…: the command prints just that.
is() {
    local wanted=$1 found
    shift
    found=$("$@") || return 1
    echo "found: $found"
    [ "$found" = "$wanted" ]
}

# has PART COMMAND…: what the command prints (also as its error) has that part.
has() {
    local part=$1 found
    shift
    found=$("$@" 2>&1) || true
    echo "found: $found"
    [[ $found == *"$part"* ]]
}

# not COMMAND…: the command fails.
not() { if "$@"; then return 1; fi; }

say_result() {
    echo
    if [ ${#failed[@]} = 0 ]; then
        echo "$proved of $proved hold in $suite; pictures: out/prove/$suite"
    else
        echo "$proved hold in $suite, ${#failed[@]} do not:"
        printf '  %s\n' "${failed[@]}"
        exit 1
    fi
}
