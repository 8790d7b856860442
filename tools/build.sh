#!/bin/bash
# Builds one flavour in build/NAME:
#   release   what people run         asan   gcc, address and undefined sanitizers, tests
#   tsan      gcc, thread sanitizer   fuzz   clang, sanitizers, fuzz targets and all else
# Sets up what is not set up, again where the options or the list of source files changed.
set -euo pipefail
cd "$(dirname "$0")/.."

name=$1
strict=(-Dwerror=true -Dtests=true -Dbuildtype=debug -Doptimization=1)
case $name in
release) cc=${CC:-gcc}; options=(-Dbuildtype=debugoptimized -Db_lto=true) ;;
asan)    cc=gcc; options=("${strict[@]}" "-Db_sanitize=address,undefined") ;;
tsan)    cc=gcc; options=("${strict[@]}" -Db_sanitize=thread) ;;
fuzz)    cc=clang; options=("${strict[@]}" "-Db_sanitize=address,undefined" -Db_lundef=false -Dfuzz=true) ;;
*) echo "no such flavour: $name" >&2; exit 2 ;;
esac

dir=build/$name
mkdir -p build
exec 9>build/."$name".lock
flock 9 # two makes at once take turns

setup="$cc ${options[*]}"
files=$(find src test -path '*/node_modules' -prune -o -name '*.c' -print | LC_ALL=C sort)
same() { [ -f "$dir/$1" ] && [ "$(cat "$dir/$1")" = "$2" ]; }

if [ ! -f "$dir/build.ninja" ] || ! same made-with "$setup"; then
    rm -rf "$dir"
    CC=$cc meson setup "$dir" "${options[@]}" >build/"$name"-setup.log 9>&- ||
        { cat build/"$name"-setup.log; exit 1; }
    echo "$setup" >"$dir"/made-with
elif ! same made-of "$files"; then
    meson setup --reconfigure "$dir" >build/"$name"-setup.log 9>&- ||
        { cat build/"$name"-setup.log; exit 1; }
    ninja -C "$dir" -t cleandead >/dev/null 9>&- # programs whose source has gone
fi
echo "$files" >"$dir"/made-of

ninja -C "$dir" --quiet -k 0 9>&- | { grep -vx "ninja: no work to do." || true; }
