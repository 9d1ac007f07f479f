#!/bin/sh
# From `git clone` to the first scorecard by `make run`, in an empty home with empty caches. Prints the seconds it took.
# Argument: what to clone (this checkout, if there is none).
set -eu
source=${1:-$(git -C "$(dirname "$0")" rev-parse --show-toplevel)}
folder=$(mktemp -d)
trap 'kill "$make" 2>/dev/null && wait "$make" 2>/dev/null; rm -rf "$folder"' EXIT
make=
export HOME="$folder/home" XDG_CACHE_HOME="$folder/cache" PIP_NO_CACHE_DIR=1
mkdir "$HOME"
began=$(date +%s)
git clone --quiet "$source" "$folder/clone"
cd "$folder/clone"
make run ARGS="--port 18099" >"$folder/log" 2>&1 &
make=$!
until curl --silent --fail --output "$folder/scorecard" \
	'http://127.0.0.1:18099/kpi-projector/v1/scorecard?period=sp-2022-2025'; do
	kill -0 "$make" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
	sleep 0.5
done
echo "from git clone to the first scorecard: $(($(date +%s) - began)) s, $(wc -c <"$folder/scorecard") bytes"
