#!/bin/sh
# Converts models of true size with random weights and runs them once: time, peak memory, size, speed. Not in CI: minutes, and 8 GB of disk.
# Use: Edge.Tests/Benchmarks/true-size.sh WORKFOLDER [NAME...]; build first (dotnet build -c Release).
set -eu
work=$1; shift
[ $# -gt 0 ] || set -- tinyllama deepseek-coder-1.3b phi-2
root=$(cd "$(dirname "$0")/../.." && pwd)
edge=$root/artifacts/bin/Edge.Runtime/release/edge
bench=$root/artifacts/bin/Edge.Benchmarks/release/Edge.Benchmarks

# The kernel's own high-water mark, read until the process ends.
peak() {
    "$@" > "$work/out" 2>&1 & pid=$!
    kb=0
    while kill -0 $pid 2>/dev/null; do
        now=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status 2>/dev/null || true)
        [ -z "$now" ] || kb=$now
        sleep 0.1
    done
    wait $pid || { cat "$work/out"; exit 1; }
    echo "$((kb / 1024)) MB peak"
}

mkdir -p "$work"
for name in "$@"; do
    rm -rf "$work/source" "$work/model"
    "$edge" random-model "$name" "$work/source" > /dev/null
    start=$(date +%s)
    memory=$(peak "$edge" convert "$work/source" "$work/model" --context 2048)
    echo "$name: convert $(($(date +%s) - start)) s, $memory; $(du -sm "$work/source" | cut -f1) MB to $(du -sm "$work/model" | cut -f1) MB"
    rm -rf "$work/source"
    "$bench" speed "$work/model"
    rm -rf "$work/model"
done
