# What scripts/plait and scripts/test share. Sourced, never run; the caller has set `root` to the repository.
# Output is for people, so it goes to standard error.

# Exit statuses of the scripts themselves, from sysexits.h, so that they cannot be taken for a verdict of Plait.
readonly status_usage=64       # the command line is not understood
readonly status_unavailable=69 # a package, the compiler or a lock is not there
readonly status_broken=70      # the build failed

say() { printf '%s\n' "plait: $*" >&2; }

# Ends the script: fail STATUS LINE...
fail() {
    local status=$1 line
    shift
    for line in "$@"; do say "$line"; done
    exit "$status"
}

# Prints the names of the packages needed for any of the given purposes: packages_for build test
packages_for() {
    local purpose name reason wanted
    while read -r purpose name reason; do
        for wanted in "$@"; do
            if [ "$purpose" = "$wanted" ]; then printf '%s\n' "$name"; fi
        done
    done <"$root/scripts/lib/packages"
}

# Prints those of the given packages that are not installed.
missing_packages() {
    local installed name
    # dpkg-query exits with 1 when it knows nothing of one of the names, which is an answer here.
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
    for name in "$@"; do
        case $'\n'$installed$'\n' in
        *$'\n'"installed $name"$'\n'*) ;;
        *) printf '%s\n' "$name" ;;
        esac
    done
}

# Sees to it that the packages for the given purposes are installed: require_packages build test
require_packages() {
    local -a wanted missing as_root=()
    local apt
    mapfile -t wanted < <(packages_for "$@")
    if [ "${#wanted[@]}" -eq 0 ]; then fail $status_broken "scripts/lib/packages names no package for: $*"; fi

    if ! command -v dpkg-query >/dev/null 2>&1; then
        if [ ! -e "$root/.build/not-debian" ]; then
            say "this is not a Debian system, so packages are not checked; needed are: ${wanted[*]}"
            mkdir -p "$root/.build" && : >"$root/.build/not-debian"
        fi
        return 0
    fi

    mapfile -t missing < <(missing_packages "${wanted[@]}")
    if [ "${#missing[@]}" -eq 0 ]; then return 0; fi

    apt="apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1 || ! sudo -n true 2>/dev/null; then
            fail $status_unavailable "Debian packages are missing: ${missing[*]}" \
                "they cannot be installed from here without a password; run this, then try again:" \
                "    sudo sh -c '$apt'"
        fi
        as_root=(sudo -n)
    fi

    say "installing Debian packages: ${missing[*]}"
    mkdir -p "$root/.build"
    # Lists may be empty on a fresh machine, and another apt may be at work: refresh first, and wait for its lock.
    if ! { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
            -o DPkg::Lock::Timeout=300 "${missing[@]}"; } </dev/null >"$root/.build/apt.log" 2>&1; then
        cat "$root/.build/apt.log" >&2
        fail $status_unavailable "installing ${missing[*]} failed (above, and in .build/apt.log); by hand:" \
            "    sudo sh -c '$apt'"
    fi
    mapfile -t missing < <(missing_packages "${wanted[@]}")
    if [ "${#missing[@]}" -ne 0 ]; then
        fail $status_unavailable "apt-get reported success, yet these are not installed: ${missing[*]}"
    fi
}

# Sets `swift` to the compiler driver's full path. PLAIT_SWIFT_PLACES is where to look after PATH.
find_swift() {
    local places=${PLAIT_SWIFT_PLACES-/opt/swift/usr/bin:${HOME:-}/.local/share/swiftly/bin} place
    local -a folders
    if swift=$(command -v swift); then return 0; fi
    IFS=: read -r -a folders <<<"$places"
    for place in "${folders[@]}"; do
        if [ -x "$place/swift" ]; then
            swift=$place/swift
            return 0
        fi
    done
    fail $status_unavailable "the Swift compiler is not on PATH, nor in ${places//:/ or }" \
        "install Swift 6.3 or later from https://www.swift.org/install/linux and add its usr/bin to PATH"
}

# Prints the lines with which test runners (Swift Testing, XCTest, those in Bash) end, from the given logs.
closing_lines() {
    local line='^([^[:alnum:][:space:]]+ )?Test run with [0-9]+ test|^[[:space:]]+Executed [0-9]+ test|^(scripts|guide): [0-9]+ of '
    grep -hsE "$line" -- "$@" || true
}
