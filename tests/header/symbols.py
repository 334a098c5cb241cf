#!/usr/bin/env python3
"""What the library shows to the linker.

The shared one exports exactly the functions of news.h, each with the soversion, and has no static
state behind them. In the static one every global name begins with "news_", so that it gets into
nobody's way.

Usage: symbols.py SHARED STATIC HEADER
       symbols.py --names HEADER          prints the functions, as strings of C
"""
import re
import subprocess
import sys

import news_h


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def global_names(*command):
    """What nm lists, without what is the linker's and the sanitizers' own."""
    words = [line.split() for line in output_of("nm", "--defined-only", *command).splitlines()]
    return {line[-1] for line in words if len(line) == 3 and not line[-1].startswith("_")}


def soversion(library):
    return re.search(r"SONAME\s+libnews\.so\.(\S+)", output_of("objdump", "-p", library))[1]


def exported(library):
    """The exported names; those without the version that they should have keep what they have."""
    version = "@@LIBNEWS_" + soversion(library)
    names = global_names("-D", library) - {version[2:]}
    return {name.removesuffix(version) if name.endswith(version) else name + " without its version"
            for name in names}


def variables(library):
    """Names of the project's objects in the writable sections, thread-local ones apart."""
    for line in output_of("objdump", "-t", library).splitlines():
        match = re.search(r"\s(\.data|\.bss)\s+([0-9a-f]+)\s+(?:\.\w+\s+)?(\S+)$", line)
        if match and int(match.group(2), 16) != 0:
            name = match.group(3)
            if not name.startswith(("_", "completed.")) and " O " in line:
                yield f"{match.group(1)} {name}"


def main():
    if sys.argv[1] == "--names":
        print("".join(f'"{name}",\n' for name in sorted(news_h.functions(sys.argv[2]))), end="")
        return 0
    shared, static, header = sys.argv[1:]
    wanted, found, inside = set(news_h.functions(header)), exported(shared), global_names("-g", static)
    problems = [f"declared in news.h and not exported: {name}" for name in sorted(wanted - found)]
    problems += [f"exported and not declared in news.h: {name}" for name in sorted(found - wanted)]
    problems += [f"not in the static library: {name}" for name in sorted(wanted - inside)]
    problems += [f"a global name without news_: {name}"
                 for name in sorted(inside) if not name.startswith("news_")]
    if not any(name.startswith("__asan") for name in output_of("nm", "-D", shared).split()):
        problems += [f"static state: {name}" for name in sorted(variables(shared))]
    for problem in problems:
        print(problem)
    print(f"{len(wanted)} functions, {len(inside)} global names, {len(problems)} problems")
    return 1 if problems or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
