#!/usr/bin/env python3
"""How many instructions parsing and each format may take: budget.py BENCH ISSUE.md

Counted by callgrind, which gives the same number whatever else the machine does, and told as a
multiple of what cmark takes to parse the issue and write it as HTML. A budget is what was measured
and some 15 % more; a change that needs more says in its message why, and one that needs less lowers
it. The test is skipped where there is no valgrind.
"""
import os
import re
import shutil
import subprocess
import sys

BUDGETS = {
    "2025-03-14.md": {
        "parse": 2.20,
        "parse + html": 5.50,
        "parse + email": 5.95,
        "parse + text": 4.90,
        "parse + gemini": 4.15,
        "parse + eml": 10.20,
        "parse + own": 10.15,
    },
    "tables.md": {
        "parse": 2.40,
        "parse + html": 4.30,
        "parse + email": 5.90,
        "parse + text": 3.75,
        "parse + gemini": 4.30,
    },
}
BASE = "cmark parse + HTML"
SKIPPED = 77


def instructions(bench, row, issue):
    """In the row's function, of ten runs together."""
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null",
               "--toggle-collect=measured", bench, "-r", row, issue]
    # Meson's tests have malloc fill what it gives, which would count, too.
    calm = {name: value for name, value in os.environ.items() if name != "MALLOC_PERTURB_"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=calm)
    counted = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or counted is None:
        sys.exit(f"budget: {row}: {done.stderr}")
    return int(counted.group(1))


def main():
    bench, issue = sys.argv[1:]
    if shutil.which("valgrind") is None:
        print("budget: there is no valgrind to count instructions with")
        sys.exit(SKIPPED)
    base = instructions(bench, BASE, issue)
    too_many = []
    print(f"{'as a multiple of ' + BASE:40} {'takes':>8} {'may take':>8}")
    for row, allowed in BUDGETS[os.path.basename(issue)].items():
        ratio = instructions(bench, row, issue) / base
        print(f"{row:40} {ratio:8.2f} {allowed:8.2f}")
        if ratio > allowed:
            too_many.append(row)
    if too_many:
        sys.exit("budget: more instructions than before: " + ", ".join(too_many))


if __name__ == "__main__":
    main()
