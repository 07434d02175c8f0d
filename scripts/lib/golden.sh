# The golden tables: what every shipped scenario comes to. Sourced after common.sh and shipped.sh, with `root` set.

# Seeds of the golden tables: one could agree by luck.
readonly golden_seeds=1..2

# Runs every shipped scenario at its whole length and writes both tables: make_golden FOLDER
# Each run must hold its expectations and the laws of physics; golden numbers of a broken run would bless it.
make_golden() {
    local folder=$1 name platform overrides override run work failed=0
    local -a laid
    work=$(mktemp -d)
    for name in $(shipped_scenarios); do
        run=$work/$name
        overrides_for "$name"
        laid=()
        for override in "${overrides[@]}"; do laid+=(--set "$override"); done
        if ! "$root/.build/release/plait" run "$root/Scenarios/$name.yaml" "${laid[@]}" --seeds $golden_seeds \
            --check-laws --quiet --out "$run" >&2; then
            say "$name does not hold what it says, or breaks a law: nothing golden about it"
            failed=1
            continue
        fi
        platform=$(sed -nE 's/^  "platform": "([^"]+)",$/\1/p' "$run/manifest.json")
        golden_rows "$name" "$platform" "${overrides[*]}" "$run" "$folder" || failed=1
    done
    rm -rf -- "$work"
    return $failed
}

# Adds one scenario's rows to both tables: golden_rows NAME PLATFORM OVERRIDES RUN FOLDER
golden_rows() {
    local name=$1 platform=$2 laid=$3 run=$4 folder=$5 seed
    local -a totals=(scenario seed hash ended_ms engine_events trace_events sent_packets delivered_packets
        dropped_packets goodput_mbps delay_mean_ms)
    local -a flows=(flow sent_packets good_packets dropped_packets goodput_mbps delay_mean_ms delay_p95_ms)
    # The file of hashes is named by its platform: the quantile tables, and so the hashes, may differ on another one.
    add_rows "$folder/golden-hashes-$platform.csv" "overrides" "$laid" "$run/runs.csv" "${totals[@]}" || return 1
    for seed in $(columns "$run/runs.csv" seed | tail -n +2); do
        add_rows "$folder/golden-flows.csv" "platform,scenario,seed" "$platform,$name,$seed" \
            "$run/seed-$seed/flow_totals.csv" "${flows[@]}" || return 1
    done
}

# Appends columns of a table to another one, with cells in front that are the same in each row; the header once:
# add_rows TO HEADER CELLS FROM COLUMN...
add_rows() {
    local to=$1 header=$2 cells=$3 from=$4 text
    shift 4
    text=$(columns "$from" "$@") || return 1
    if [ ! -e "$to" ]; then printf '%s,%s\n' "$header" "${text%%$'\n'*}" >"$to"; fi
    tail -n +2 <<<"$text" | sed "s/^/$cells,/" >>"$to"
}
