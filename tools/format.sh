#!/bin/bash
# clang-format on the bodies of functions in C files that differ from the last commit. Bodies only:
# they lie between a brace in the first column and its end, and tables, which are aligned by hand, do not.
set -eu
cd "$(dirname "$0")/.."

{ git diff --name-only --diff-filter=d HEAD 2>/dev/null || true
  git ls-files --others --exclude-standard; } | grep '\.[ch]$' | sort -u | while read -r file; do
    mapfile -t lines < <(awk '/^{$/ { from = NR } /^}$/ && from { print "--lines=" from ":" NR; from = 0 }' "$file")
    [ ${#lines[@]} -eq 0 ] || clang-format -i --style=file "${lines[@]}" "$file"
done
