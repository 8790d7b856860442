#!/bin/bash
# The benchmarks: `make bench`, or bench/run.sh [PART...] after `make build`. See bench/README.md.
# Builds the helper programs into build/bench/bin, then bench/main.mjs measures.
set -euo pipefail
cd "$(dirname "$0")/.."

export PATH=$PATH:/usr/sbin # where nginx is
core=build/release/libpolydrive_core.a
bin=build/bench/bin
[ -x build/polydrive ] && [ -f $core ] || { echo "bench: run \`make build\` first" >&2; exit 1; }
mkdir -p $bin

flags=(-std=c17 -D_GNU_SOURCE -O2 -g -Isrc -Ibench -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes
       -Wmissing-prototypes -Wvla -Wformat=2 -Wwrite-strings -Wimplicit-fallthrough -Wundef)
read -ra libraries < <(pkg-config --libs sqlite3 libcrypto icu-i18n icu-uc libargon2 libisal)

# build NAME [WORD...]: bench/NAME.c with bench/wire.c and what the words add
build() {
    local name=$1
    shift
    [ -n "$(find bench/"$name".c bench/wire.c bench/wire.h "$@" -newer $bin/"$name" 2>&1 | head -1)" ] || return 0
    ${CC:-gcc} "${flags[@]}" -flto=auto -o $bin/"$name" bench/"$name".c bench/wire.c "$@" "${libraries[@]}" -pthread
}
build load
build bulk
build spawn
build limits $core
build seed $core

exec node bench/main.mjs "$@"
