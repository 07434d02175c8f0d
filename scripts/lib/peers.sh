# Peers: programs not of ours that tests compare with. Sourced by scripts/test, after common.sh.
#
# Exports PLAIT_PYTHON (a Python with Tests/Peers/requirements.txt) and PLAIT_TSHARK. A peer that is not to be had leaves
# its variable unset and its reason in PLAIT_PYTHON_MISSING or PLAIT_TSHARK_MISSING: tests skip with that reason, and
# under CI=true scripts/test fails, so that no check is lost unseen.

# Sets up the Python peer outside the repository, once for each version of the requirements and of Python.
prepare_python() {
    local requirements=$root/Tests/Peers/requirements.txt base key folder log=$root/.build/python-peer.log
    unset PLAIT_PYTHON PLAIT_PYTHON_MISSING
    if ! base=$(command -v python3); then
        export PLAIT_PYTHON_MISSING="python3 is not installed"
        return 0
    fi
    key=$({ "$base" -c 'import sys; print(sys.version, sys.prefix)' && cat -- "$requirements"; } | sha256sum | cut -c1-16)
    folder=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/plait/venv-$key
    mkdir -p -- "$folder" "$root/.build"
    (
        exec 9>"$folder.lock"
        flock 9
        if [ -e "$folder/complete" ]; then exit 0; fi
        say "setting up Python with $(grep -v '^#' "$requirements" | tr '\n' ' ')in $folder"
        # The marker comes last, so that an interrupted set-up is begun afresh. The log is whole when this is over: with a
        # process of its own behind a pipe it was not, and now and then the reason below was empty.
        {
            "$base" -m venv --clear "$folder" &&
                "$folder/bin/python" -m pip install --disable-pip-version-check -r "$requirements" &&
                "$folder/bin/python" -c 'import numpy, scipy.stats' &&
                : >"$folder/complete"
        } </dev/null >"$log" 2>&1
    ) || true
    if [ -e "$folder/complete" ]; then
        export PLAIT_PYTHON=$folder/bin/python
    else
        export PLAIT_PYTHON_MISSING="its packages could not be installed: $(tail -n 1 -- "$log")"
    fi
}

# Finds the tshark that require_packages installed.
prepare_tshark() {
    unset PLAIT_TSHARK PLAIT_TSHARK_MISSING
    if PLAIT_TSHARK=$(command -v tshark); then
        export PLAIT_TSHARK
    else
        unset PLAIT_TSHARK
        export PLAIT_TSHARK_MISSING="tshark is not installed"
    fi
}

prepare_peers() {
    local missing=0 name reason
    prepare_python
    prepare_tshark
    for name in PLAIT_PYTHON PLAIT_TSHARK; do
        reason=${name}_MISSING
        if [ -n "${!reason-}" ]; then
            say "no $name: ${!reason}; tests that need it are skipped"
            missing=1
        fi
    done
    if [ $missing -eq 1 ] && [ "${CI-}" = true ]; then
        fail $status_unavailable "under CI=true a missing peer is a failure"
    fi
}
