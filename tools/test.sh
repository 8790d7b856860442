#!/bin/bash
# Runs the tests, all or those whose name matches:  tools/test.sh [--threads] [PATTERN]
#
# Goes on after a failure. One line for each suite; what a suite printed is in build/test-logs, its end
# also here when it failed. What failed is told again at the end, so that the end alone of a long print
# is enough. The last line is the sum: `N passed, N failed`.
#
# With --threads: only the unit tests, under the thread sanitizer.
set -u
cd "$(dirname "$0")/.." || exit

# Two runs in one checkout take turns.
mkdir -p build
[ -n "${TEST_HAS_TURN:-}" ] || TEST_HAS_TURN=1 exec flock -o build/.test.lock bash tools/test.sh "$@"

flavour=asan
[ "${1:-}" = --threads ] && { flavour=tsan; shift; }
export PATTERN=${1:-} LOGS=build/test-logs
export POLYDRIVE=$PWD/build/$flavour/polydrive # the program that the black-box tests start
# cmocka catches signals, so the sanitizers must insist on theirs.
export ASAN_OPTIONS=handle_segv=2:handle_sigbus=2:handle_sigfpe=2:detect_stack_use_after_return=1
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=halt_on_error=0:second_deadlock_stack=1
export TEST_FILTER=${PATTERN:+*$PATTERN*}
rm -rf "$LOGS"
mkdir -p "$LOGS"

passed=0 failed=0

# suite NAME PASSED FAILED [LOG]: counts, tells, and shows the end of the log of a failed one.
suite() {
    passed=$((passed + $2)) failed=$((failed + $3))
    [ "$2" -eq 0 ] && [ "$3" -eq 0 ] && return
    printf '%-44s %5d passed %4d failed\n' "$1" "$2" "$3"
    [ "$3" -eq 0 ] && return
    echo "$1: $2 passed, $3 failed" >>"$LOGS/failed"
    [ -f "${4:-}" ] || return
    grep -nE '^ *not ok |^\[  FAILED  \]|^\[  (ERROR|  ERROR)|ERROR: |runtime error|error: |AssertionError|^ *at .*test/' "$4" |
        head -n 20 | cut -c1-300 | sed 's/^/    /' >>"$LOGS/failed"
    tail -n 60 "$4" | sed 's/^/    /'
    echo "    (all of it: $4)"
}

# step NAME COMMAND...: a suite of one, good when the command exits 0.
step() {
    local name=$1 log=$LOGS/${1//[ \/]/-}.log
    shift
    if "$@" >"$log" 2>&1 </dev/null; then suite "$name" 1 0; else suite "$name" 0 1 "$log"; fi
}

matches() { [ -z "$PATTERN" ] || grep -qe "$PATTERN" <<<"$1"; }

# --- C tests: every program, two at a time; T= filters by the names of their tests ---

run_unit() {
    local name log
    name=$(basename "$1") log=$LOGS/$(basename "$1").log
    # A program that is named by the pattern runs whole.
    [ -z "$PATTERN" ] || ! grep -qe "$PATTERN" <<<"$name" || unset TEST_FILTER
    timeout -k 10 600 "$1" >"$log" 2>&1 </dev/null
    echo $? >"$LOGS/$name.status"
}
export -f run_unit

unit_tests() {
    local programs program name good bad
    programs=$(find build/$flavour/test -maxdepth 1 -type f -perm -u+x 2>/dev/null | sort)
    [ -z "$programs" ] || xargs -n 1 -P "$(nproc)" bash -c 'run_unit "$0"' <<<"$programs"
    for program in $programs; do
        name=$(basename "$program")
        good=$(grep -c '^\[       OK \]' "$LOGS/$name.log")
        # A program that ends badly without having counted a failure is one: a crash, a leak, a race.
        bad=$(awk '/^\[  FAILED  \] [0-9]+ test/ { n = $4 } END { print n + 0 }' "$LOGS/$name.log")
        [ "$bad" -gt 0 ] || [ "$(cat "$LOGS/$name.status")" = 0 ] || bad=1
        suite "unit $name" "$good" "$bad" "$LOGS/$name.log"
    done
}

# --- scripts test/**/test_*.sh: each is one test; it gets the build folder as its argument ---

script_tests() {
    local script
    find test -name node_modules -prune -o -name 'test_*.sh' -print | sort >"$LOGS/scripts"
    while read -r script; do
        matches "$script" && step "script ${script#test/}" bash "$script" "build/$flavour"
    done <"$LOGS/scripts"
}

# --- black-box tests over HTTP (test/api) and with real clients (test/clients) ---

count_in_tap() { awk -v what="$1" '$1 == "#" && $2 == what { n += $3 } END { print n + 0 }' "$2"; }

# The packages of every package-lock.json in the folder or below, where they are not there yet.
npm_install() {
    local lock at status=0
    while read -r lock; do
        at=$(dirname "$lock")
        [ "$at/node_modules/.package-lock.json" -nt "$lock" ] && continue
        (cd "$at" && npm ci --no-audit --no-fund) >>"$2" 2>&1 </dev/null || status=1
    done < <(find "$1" -name node_modules -prune -o -name package-lock.json -print)
    return $status
}

node_tests() {
    local folder=$1 name=${1#test/} file log good bad
    [ -d "$folder" ] || return 0
    npm_install "$folder" "$LOGS/npm-$name.log" || { suite "npm ci in $folder" 0 1 "$LOGS/npm-$name.log"; return 0; }
    find "$folder" -name node_modules -prune -o -name '*.test.*js' -print | sort >"$LOGS/files-$name"
    while read -r file; do
        local only=()
        if ! matches "$file"; then
            grep -qe "$PATTERN" "$file" || continue
            only=(--test-name-pattern="$PATTERN")
        fi
        file=${file#test/}
        log=$LOGS/${file//\//-}.log
        timeout -k 10 1200 node --test --test-reporter=tap "${only[@]}" "test/$file" >"$log" 2>&1 </dev/null
        local status=$?
        good=$(count_in_tap pass "$log")
        bad=$(($(count_in_tap fail "$log") + $(count_in_tap cancelled "$log")))
        [ "$bad" -gt 0 ] || [ $status -eq 0 ] || bad=1
        suite "$file" "$good" "$bad" "$log"
    done <"$LOGS/files-$name"
}

# --- clang: compiles all there is with its own warnings as errors; then the fuzz targets, briefly ---

fuzz_tests() {
    local result name rest
    [ -z "$PATTERN" ] || find test/fuzz -name 'fuzz_*.c' -exec basename {} .c \; | grep -qe "$PATTERN" || return 0
    build fuzz || return 0
    bash tools/fuzz.sh "${FUZZ_SECONDS:-5}" "$PATTERN" >"$LOGS/fuzz" 2>&1
    while read -r result name rest; do
        case $result in
        ok) suite "$name $rest" 1 0 ;;
        FAILED) suite "$name" 0 1 "$LOGS/$name.log" ;;
        esac
    done <"$LOGS/fuzz"
}

# build FLAVOUR: a suite of one too, but counted among the matches of a pattern only when it fails.
build() {
    local before=$passed
    step "build $1" tools/build.sh "$1"
    [ "$passed" -gt "$before" ] || return 1
    [ -z "$PATTERN" ] || passed=$before
}

arrows() {
    local lines
    lines=$(make -s --no-print-directory arrows 2>&1)
    echo "$lines"
    [ -z "$lines" ]
}

if build $flavour; then
    unit_tests
    if [ $flavour = asan ]; then
        script_tests
        node_tests test/api
        node_tests test/clients
    fi
fi
if [ $flavour = asan ]; then
    fuzz_tests
    matches arrows && step arrows arrows
fi

[ ! -f "$LOGS/failed" ] || { echo 'What failed:'; cat "$LOGS/failed"; }
[ $((passed + failed)) -gt 0 ] || { echo "no test matches $PATTERN"; failed=1; }
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
