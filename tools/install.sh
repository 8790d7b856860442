#!/bin/bash
# Installs the Debian packages that are missing of the given sections of packages.txt:
#   tools/install.sh build test
# Silent and quick when all are there.
set -eu
cd "$(dirname "$0")/.."

# Package names of the sections named in the arguments.
wanted() {
    awk -v sections=" $* " '
        { sub(/#.*/, ""); gsub(/[ \t]/, "") }
        /^\[/ { on = index(sections, " " substr($0, 2, length($0) - 2) " "); next }
        on && $0 != ""' packages.txt
}

runs() { "$1" --version >/dev/null 2>&1; }

# Node from elsewhere brings npm along and conflicts with Debian's package of that name.
satisfied() {
    case $1 in
    nodejs | npm) runs node && runs npm ;;
    *) return 1 ;;
    esac
}

if ! command -v dpkg-query >/dev/null; then
    echo "not a Debian system: install what packages.txt lists by hand" >&2
    exit 0
fi

missing=()
names=$(wanted "$@")
# shellcheck disable=SC2086  # names are words
there=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' $names 2>/dev/null |
    awk '$2 == "installed" { print $1 }' || true)
for name in $names; do
    grep -qxF "$name" <<<"$there" || satisfied "$name" || missing+=("$name")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo)
apt() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 "$@"
}

# A benchmark brings its own nginx to life; the package's service must not listen on port 80. Where
# systemd runs, the unit is masked while the package is set up, and left disabled.
hush_nginx() {
    [[ " ${missing[*]} " == *" nginx-light "* && -d /run/systemd/system ]] || return 0
    "${as_root[@]}" systemctl "$@" nginx.service >/dev/null 2>&1 || true
}

echo "installing: ${missing[*]}" >&2
apt update || echo "apt-get update failed; trying with the lists that are there" >&2
hush_nginx mask --runtime
RUNLEVEL=1 apt install --no-install-recommends -y "${missing[@]}" >&2
hush_nginx disable
hush_nginx unmask --runtime
