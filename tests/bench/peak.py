#!/usr/bin/env python3
"""How much memory the command takes at its peak for an issue of 4 MB: peak.py BUILD CORPUS

As a multiple of what the cmark command takes for the same issue: the body of a real one, over and
over. The test is skipped where there is no cmark command, or no folder CORPUS of real issues.
"""
import pathlib
import shutil
import sys
import tempfile

import bench

SKIPPED = 77
MOST = 2.5


def main():
    build, corpus = (pathlib.Path(argument) for argument in sys.argv[1:])
    if shutil.which("cmark") is None:
        print("peak: there is no cmark command to compare with")
        sys.exit(SKIPPED)
    issue = corpus / bench.REAL
    if not issue.is_file():
        print("peak: there is no folder of real issues beside the checkout")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        long = bench.longer(issue, (4 << 20) // issue.stat().st_size, folder)
        _, base = bench.measured(build, ["cmark", str(long)])
        _, peak = bench.measured(build, [str(build / "cli/news"), "render", "-f", "html", str(long)])
    print(f"peak: {peak} KiB, {peak / base:.2f} × cmark's {base} KiB; at most {MOST} ×")
    if peak > MOST * base:
        sys.exit("peak: more memory than is allowed")


if __name__ == "__main__":
    main()
