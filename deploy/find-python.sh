#!/bin/sh
# Says which Python the virtual environment is made with: the first of these names that is on the PATH, is 3.11 or later,
# and can make one. Where there are several by that name, it is the fastest: one that was compiled without optimisation,
# as pyenv does unless it is told to, takes a fifth longer for all that we do (docs/decisions/0053-which-python.md).

probe='
import ensurepip, sys, time, venv

if sys.version_info < (3, 11) or sys.implementation.name != "cpython":
    sys.exit(1)

def work():
    began, cells = time.perf_counter(), {}
    for number in range(20_000):
        address = ("kind", str(number & 255), "")
        cells[address] = cells.get(address, 0) + number
    return time.perf_counter() - began

base = getattr(sys, "_base_executable", None) or sys.executable
print("found", round(min(work() for _ in range(7)) * 1e6), base)
'

set -f
IFS=:
for name in python3.11 python3 python3.12 python3.13 python3.14; do
	found=$(
		for folder in $PATH; do
			program="${folder:-.}/$name"
			[ -x "$program" ] && "$program" -c "$probe" 2>/dev/null
		done | sed -n 's/^found //p' | sort -n | head -n 1 | cut -d ' ' -f 2-
	)
	if [ -x "$found" ]; then
		echo "$found"
		exit 0
	fi
done
echo 'There is no Python 3.11 or later with its venv and ensurepip modules on the PATH; please install one.' >&2
exit 1
