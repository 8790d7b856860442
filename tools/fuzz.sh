#!/bin/bash
# Runs the fuzz targets of build/fuzz: tools/fuzz.sh SECONDS [PATTERN]. Prints "ok NAME" or
# "FAILED NAME" for each; what was found is in build/test-logs. New inputs stay in build/corpus.
set -u
cd "$(dirname "$0")/.." || exit

export FUZZ_SECONDS=${1:-10}
export ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1
mkdir -p build/test-logs

fuzz_one() {
    local name=$1 seeds=test/fuzz/corpus/${1#fuzz_} grown=build/corpus/${1#fuzz_}
    local log=build/test-logs/$name.log
    mkdir -p "$grown"
    local words=test/fuzz/${name#fuzz_}.dict
    [ -d "$seeds" ] || seeds=
    [ -f "$words" ] || words=
    if build/fuzz/test/"$name" -max_total_time="$FUZZ_SECONDS" -timeout=20 -rss_limit_mb=2048 \
        -print_final_stats=1 -artifact_prefix=build/test-logs/"$name"- ${words:+"-dict=$words"} \
        "$grown" ${seeds:+"$seeds"} >"$log" 2>&1 </dev/null; then
        echo "ok $name ($(awk '/number_of_executed_units/ { print $2 }' "$log") inputs)"
    else
        echo "FAILED $name ($log)"
        return 1
    fi
}
export -f fuzz_one

targets=$(find test/fuzz -name 'fuzz_*.c' -exec basename {} .c \; | grep -e "${2:-}" | sort)
[ -z "$targets" ] || xargs -n 1 -P "$(nproc)" bash -c 'fuzz_one "$0"' <<<"$targets"
