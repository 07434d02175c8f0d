# The scenarios that ship, and how the checks over all of them run each. Sourced after common.sh, with `root` set.

# Prints the names of the shipped scenarios, in the order of their bytes.
shipped_scenarios() {
    local file
    for file in "$root"/Scenarios/*.yaml; do
        file=${file##*/}
        printf '%s\n' "${file%.yaml}"
    done | LC_ALL=C sort
}

# Sets `overrides` to what is laid over a scenario at its whole length: overrides_for NAME
# plain-flows simulates ten minutes because it is a measure of speed; its first five seconds show the
# same physics, but hold too few packets for what it expects of its loss.
overrides_for() {
    overrides=()
    if [ "$1" = plain-flows ]; then overrides=(stop=5s 'expect=[]'); fi
}

# The same for a build without optimisation, which is some twenty times slower.
short_overrides_for() {
    case $1 in
    first | droplist) overrides=() ;; # short as they are
    *) overrides=(stop=4s) ;;
    esac
}

# Prints the given columns of a CSV table whose cells hold no comma, header included: columns FILE NAME...
# Fails when a column is not there, so that a renamed one cannot pass as empty.
columns() {
    local file=$1
    shift
    awk -F, -v OFS=, -v wanted="$*" '
        NR == 1 {
            count = split(wanted, names, " ")
            for (i = 1; i <= NF; i++) place[$i] = i
            for (i = 1; i <= count; i++) if (!(names[i] in place)) {
                print "plait: " FILENAME " has no column " names[i] >"/dev/stderr"
                exit 1
            }
        }
        {
            line = ""
            for (i = 1; i <= count; i++) line = line (i > 1 ? OFS : "") $place[names[i]]
            print line
        }' "$file"
}

# Prints `"name": "digits"` for every hash of a run folder's manifest. Fails when there is none.
manifest_hashes() {
    sed -n '/^  "hashes": {$/,/^  }/p' "$1/manifest.json" | grep -E '^ +"[^"]+": "[0-9a-f]{32}",?$'
}

# Builds plait both ways, or one: build_plait release debug. One build at a time; the compiler's words on failure.
build_plait() {
    local configuration log=$root/.build/checks-build.log
    mkdir -p "$root/.build"
    for configuration in "$@"; do
        if ! "$swift" build --package-path "$root" -c "$configuration" --product plait </dev/null >"$log" 2>&1; then
            cat -- "$log" >&2
            fail $status_broken "the $configuration build failed"
        fi
    done
}

# Prints where check-wire stops a scenario: wire_stop NAME
wire_stop() {
    case $1 in
    silly-rtt) echo 10h ;;
    silly-rtt-week) echo 3000h ;;
    cubic-sharing) echo 4s ;;
    *) echo 30s ;;
    esac
}
