#!/usr/bin/env python3
"""What the shared library shows: exactly the functions of news.h, and no static state behind them.

Usage: symbols.py LIBRARY HEADER
       symbols.py --names HEADER    prints the functions, as strings of C
"""
import re
import subprocess
import sys


def declared(header):
    text = open(header, encoding="utf-8").read()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    text = re.sub(r"^\s*#(?:[^\n]*\\\n)*[^\n]*$", "", text, flags=re.M)
    return set(re.findall(r"\bNEWS_API\b[^;(]*?(\w+)\s*\(", text))


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exported(library):
    names = set()
    for line in output_of("nm", "-D", "--defined-only", library).splitlines():
        name = line.split()[-1].split("@")[0]
        if not name.startswith("_"):  # the linker's and the sanitizers' own
            names.add(name)
    return names


def variables(library):
    """Names of the project's objects in the writable sections, thread-local ones apart."""
    for line in output_of("objdump", "-t", library).splitlines():
        match = re.search(r"\s(\.data|\.bss)\s+([0-9a-f]+)\s+(?:\.\w+\s+)?(\S+)$", line)
        if match and int(match.group(2), 16) != 0:
            name = match.group(3)
            if not name.startswith(("_", "completed.")) and " O " in line:
                yield f"{match.group(1)} {name}"


def main():
    library, header = sys.argv[1:]
    if library == "--names":
        print("".join(f'"{name}",\n' for name in sorted(declared(header))), end="")
        return 0
    wanted, found = declared(header), exported(library)
    problems = [f"declared in news.h and not exported: {name}" for name in sorted(wanted - found)]
    problems += [f"exported and not declared in news.h: {name}" for name in sorted(found - wanted)]
    if not any(name.startswith("__asan") for name in output_of("nm", "-D", library).split()):
        problems += [f"static state: {name}" for name in sorted(variables(library))]
    for problem in problems:
        print(problem)
    print(f"{len(wanted)} functions, {len(problems)} problems")
    return 1 if problems or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
