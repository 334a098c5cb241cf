#!/usr/bin/env python3
"""The plan of the house: which room of libnews may include which, and which functions none may call.

Usage: rooms.py SOURCE_ROOT
"""
import re
import sys
from pathlib import Path

# What each room may include besides its own headers.
ROOMS = {
    "base": [],
    "text": ["base"],
    "model": ["base", "text"],
    "source": ["base", "text", "model"],
    "write": ["base", "text"],
    "mail": ["base", "text"],
    "script": ["base", "text", "model", "source", "write", "mail"],
    "api": ["base", "text", "model", "source", "write", "mail", "script"],
}

# Headers that only some rooms may include.
RESERVED = {
    "lua.h": ["script"],
    "lauxlib.h": ["script"],
    "lualib.h": ["script"],
    "cmark.h": ["source"],
    "yaml.h": ["source"],
    "ctype.h": [],
    "locale.h": ["script"],  # uselocale: to be deaf to the thread's own
    "signal.h": [],
    "time.h": [],
    "unistd.h": [],
}

ALLOCATORS = "malloc calloc realloc free strdup strndup".split()

# Unsafe, or reaching outside: files, streams, the clock, the locale, the environment, the process.
BANNED = """strcpy strcat stpcpy sprintf vsprintf gets strtok setlocale getenv time clock
    localtime gmtime mktime strftime printf fprintf vprintf vfprintf puts fputs putchar perror
    fopen freopen exit _exit quick_exit abort atexit signal rand srand system popen
    strtod strtof atof atoi""".split()

CALL = re.compile(r"(?<![\w.])(?<!->)([A-Za-z_]\w*)\s*\(")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.M)
TOKENS = re.compile(
    r"""/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""", re.S)


def blank(match):
    """A comment or a literal without its content, its lines kept."""
    return "".join(c if c == "\n" else " " for c in match.group())


def check_includes(room, text):
    for match in INCLUDE.finditer(text):
        header = match.group(1)
        folder, _, name = header.rpartition("/")
        if (name or header) in RESERVED and room not in RESERVED[name or header]:
            yield match.start(), f"the room {room} may not include {header}"
        if folder in ROOMS and folder != room and folder not in ROOMS[room]:
            yield match.start(), f"the room {room} may not use the room {folder}"


def check_calls(room, code):
    for match in CALL.finditer(code):
        name = match.group(1)
        if name in BANNED:
            yield match.start(1), f"{name}() is banned"
        if name in ALLOCATORS and room != "base":
            yield match.start(1), f"{name}() outside of base"


def check_room_file(path, room):
    text = path.read_text(encoding="utf-8")
    code = TOKENS.sub(blank, text)
    for offset, message in [*check_includes(room, text), *check_calls(room, code)]:
        yield f"{path}:{text.count(chr(10), 0, offset) + 1}: {message}"


def check_public_header(path):
    allowed = {"stdbool.h", "stddef.h", "stdint.h", "news/version.h"}
    for header in INCLUDE.findall(path.read_text(encoding="utf-8")):
        if header not in allowed:
            yield f"{path}: includes {header}"


def main():
    root = Path(sys.argv[1])
    problems = [*check_public_header(root / "include" / "news" / "news.h")]
    files = 0
    for folder in sorted((root / "libnews").iterdir()):
        if not folder.is_dir():
            continue
        if folder.name not in ROOMS:
            problems.append(f"{folder}: no room of this name is known")
            continue
        for path in sorted(folder.glob("*.[ch]")):
            files += 1
            problems += check_room_file(path, folder.name)
    for path in sorted((root / "cli").glob("*.[ch]")):
        files += 1
        for header in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if header.split("/")[0] in ROOMS:
                problems.append(f"{path}: the command uses news.h alone, not {header}")
    for problem in problems:
        print(problem)
    print(f"{files} files, {len(problems)} problems")
    return 1 if problems or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
