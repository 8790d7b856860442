#!/bin/bash
# The order of system calls that makes a chunk durable, as the kernel sees it: bytes, writeback on the
# way, fdatasync of the file, rename without overwriting, fsync of the folder.
#   test/content/test_order.sh BUILD-FOLDER
set -eu

program=$1/test/content-files
trace=$(mktemp)
trap 'rm -f "$trace"' EXIT

if ! strace -o /dev/null true 2>/dev/null; then
    echo "strace cannot be used here: skipped"
    exit 0
fi
TEST_FILTER='content_files__keeps_in_order' ASAN_OPTIONS=detect_leaks=0 strace -f -y -o "$trace" \
    -e trace=openat,write,sync_file_range,fdatasync,fsync,renameat2,linkat,unlinkat "$program" >/dev/null

awk '
function step(to) { if (state != to - 1) { print "out of order: " $0; bad = 1; exit } state = to }
state == 4 { next } # the test cleans up after itself
# Before the sink: the folders are made and synced. The first write to a file in tmp/ begins the chunk.
/ openat\(.*polydrive-content/ && !/O_CLOEXEC/ { print "inherited by children: " $0; bad = 1; exit }
/ openat\(.*polydrive-content/ && /tmp>|content>/ && !/O_NOFOLLOW/ { print "follows links: " $0; bad = 1; exit }
/ write\(.*\/tmp\/[0-9]+>/        { if (state > 1) { print "a write after the sync: " $0; bad = 1; exit } state = 1; writes++ }
/ sync_file_range\(.*\/tmp\/[0-9]+>/ { if (state != 1) { bad = 1; exit } started++ }
/ fdatasync\(.*\/tmp\/[0-9]+>/    { step(2) }
/ renameat2\(.*RENAME_NOREPLACE/  { step(3) }
/ fsync\(.*\/content\/07>/        { step(4) }
END {
    if (bad) exit 1
    if (state != 4) { print "ended at step " state + 0; exit 1 }
    if (writes < 9 || started != 2) { print writes " writes, writeback started " started + 0 " times"; exit 1 }
    print "in order"
}' "$trace"
