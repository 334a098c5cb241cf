#!/usr/bin/env python3
"""How fast a release build is, beside cmark in the same run: bench.py BUILD [-n N] [--write PAGE]

Checks first that what is timed is right: that the program which times (bench.c) gives the bytes that
the command gives. Then it times parsing and each format in process, whole processes, and how time
and memory grow. Whatever is compared takes turns, so that a machine with other work slows all of
them alike, and only the processor's time counts; what is told are medians. With --write the tables replace those in PAGE.

The issues are the example newsletter's, one of tables, and, where a folder of real issues is beside
the checkout, one of This Week in Rust.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples/newsletter/issues/2025-03-14.md"
TABLES = ROOT / "tests/bench/tables.md"
REAL = "this-week-in-rust/2024-05-29-this-week-in-rust.md"
FORMATS = ["html", "email", "text", "gemini", "eml"]
BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->\n"

# What each row may take, as a multiple of a row of cmark's. With tables it may be more.
BARS = {
    "parse": ("cmark parse", 1.3),
    "parse + html": ("cmark parse + HTML", 1.4),
    "parse + email": ("cmark parse + HTML", 1.8),
    "parse + text": ("cmark parse + HTML", 1.8),
    "parse + gemini": ("cmark parse + HTML", 1.8),
    "parse + all five": ("cmark parse + HTML", 3.5),
}
TABLES_FACTOR = 1.6


def run(*command):
    return subprocess.run([str(part) for part in command], check=True, capture_output=True).stdout


# ---- Right outputs ----


def check_outputs(build, issue, formats):
    with tempfile.TemporaryDirectory() as folder:
        run(build / "tests/bench/bench", "-o", folder, issue)
        for name in formats:
            timed = pathlib.Path(folder, name).read_bytes()
            if timed != run(build / "cli/news", "render", "-f", name, issue):
                sys.exit(f"bench: {issue}: {name} is not what the command gives")


# ---- In process ----


def medians(build, issue, repetitions):
    """Milliseconds by row."""
    lines = run(build / "tests/bench/bench", "-n", repetitions, issue).decode().splitlines()
    return {name: float(ms) for ms, name in (line.split(" ", 1) for line in lines)}


def rows_in_process(build, issue, repetitions, factor):
    times = medians(build, issue, repetitions)
    rows = []
    for name, ms in times.items():
        base, bar = BARS.get(name, (None, None))
        ratio = ms / times[base if base else "cmark parse + HTML"]
        against = {"cmark parse": "cmark's parse", None: "cmark"}.get(base, "cmark")
        bar = f"{bar * factor:.2f}" if bar else ""
        rows.append((name, f"{ms:.3f} ms", f"{ratio:.2f} × {against}", bar))
    counted, uncounted = times["parse + own"], times["parse + own, uncounted"]
    share = 100 * (counted - uncounted) / (uncounted - times["parse"])
    rows.append(("limits, of the own format's render", f"{share:.1f} %", "", ""))
    return rows


# ---- Whole processes ----


def measured(build, command):
    """Milliseconds of the processor's, and KiB at the peak."""
    cpu, peak = run(build / "tests/bench/bench", "-p", *command).split()
    return float(cpu) * 1e3, int(peak)


def rows_of_processes(build, issue, repetitions):
    news, issue = str(build / "cli/news"), str(issue)
    commands = {
        "cmark": ["cmark", issue],
        "lowdown -tterm": ["lowdown", "-tterm", issue],
        "pandoc -t html": ["pandoc", "-f", "commonmark", "-t", "html", issue],
        "news render -f html": [news, "render", "-f", "html", issue],
        "news render -f text": [news, "render", "-f", "text", issue],
        "news render -f gemini": [news, "render", "-f", "gemini", issue],
        "news render -f email": [news, "render", "-f", "email", issue],
    }
    bars = {"news render -f html": ("cmark", 2.5), "news render -f text": ("lowdown -tterm", 1.0)}
    commands = {name: command for name, command in commands.items() if shutil.which(command[0])}
    times = {name: [] for name in commands}
    for turn in range(repetitions):
        for name, command in commands.items():
            if name != "pandoc -t html" or turn < 5:
                times[name].append(measured(build, command)[0])
    rows = []
    for name, taken in times.items():
        ms = statistics.median(taken)
        base, bar = bars.get(name, ("cmark", None))
        ratio = ""
        if base in times:
            ratio = f"{ms / statistics.median(times[base]):.2f} × {base.split()[0]}"
        rows.append((name, f"{ms:.1f} ms", ratio, f"{bar:.2f}" if bar else ""))
    return rows


# ---- Growth ----


def longer(issue, times, folder):
    """The issue with its body several times over."""
    text = issue.read_text(encoding="utf-8")
    end = text.find("\n\n") if not text.startswith("---\n") else text.index("\n---\n") + 4
    path = pathlib.Path(folder, f"{times}.md")
    path.write_text(text[:end] + text[end:] * times, encoding="utf-8")
    return path


def growth(build, commands, repetitions):
    """Of each command the medians of its CPU time and its peak."""
    taken = {name: [] for name in commands}
    for _ in range(repetitions):
        for name, command in commands.items():
            taken[name].append(measured(build, command))
    return {name: (statistics.median(one[0] for one in all_), statistics.median(one[1] for one in all_))
            for name, all_ in taken.items()}


def rows_of_growth(build, issue, repetitions):
    news = str(build / "cli/news")
    with tempfile.TemporaryDirectory() as folder:
        size = issue.stat().st_size
        many = max(1, (4 << 20) // size)
        short, long = longer(issue, many // 4, folder), longer(issue, many, folder)
        of = growth(build, {
            "cmark": ["cmark", str(short)], "cmark, long": ["cmark", str(long)],
            "news": [news, "render", "-f", "html", str(short)],
            "news, long": [news, "render", "-f", "html", str(long)],
        }, repetitions)
    rows = []
    for what, at in (("CPU time", 0), ("peak memory", 1)):
        ours, theirs = of["news, long"][at] / of["news"][at], of["cmark, long"][at] / of["cmark"][at]
        rows.append((f"{what}, four times the input", f"{ours:.2f} ×", f"cmark {theirs:.2f} ×",
                     f"{max(4.4, 1.1 * theirs):.2f}"))
    peak, base = of["news, long"][1], of["cmark, long"][1]
    rows.append(("peak memory of 4 MB", f"{peak / 1024:.0f} MiB", f"{peak / base:.2f} × cmark", "2.50"))
    return rows


# ---- Telling ----


def table(title, rows):
    lines = [f"**{title}**", "", "| | median | ratio | bar |", "|---|--:|--:|--:|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def main():
    options = argparse.ArgumentParser(usage="bench.py BUILD [-n N] [--write PAGE]")
    options.add_argument("build", type=pathlib.Path)
    options.add_argument("-n", type=int, default=300, help="repetitions")
    options.add_argument("--corpus", type=pathlib.Path, help="a folder of real issues")
    options.add_argument("--write", type=pathlib.Path, help="the page whose tables to replace")
    given = options.parse_args()
    build = given.build.resolve()
    real = given.corpus / REAL if given.corpus else None
    issues = [("The example newsletter", EXAMPLE, FORMATS, 1.0),
              ("Tables", TABLES, FORMATS[:4], TABLES_FACTOR)]
    if real is not None and real.exists():
        issues.insert(0, ("This Week in Rust 549", real, FORMATS[:4], 1.0))
    tables = []
    for name, issue, formats, factor in issues:
        check_outputs(build, issue, formats)
        title = f"{name}, {issue.stat().st_size:,} bytes, in process"
        tables.append(table(title, rows_in_process(build, issue, given.n, factor)))
    name, issue = issues[0][:2]
    tables.append(table(f"{name}, whole processes", rows_of_processes(build, issue, given.n // 4)))
    tables.append(table(f"{name}, over and over up to 4 MB",
                        rows_of_growth(build, issue, max(3, given.n // 60))))
    text = "\n".join(tables)
    print(text)
    if given.write is not None:
        page = given.write.read_text(encoding="utf-8")
        before, after = page.split(BEGIN)[0], page.split(END)[1]
        given.write.write_text(before + BEGIN + "\n" + text + "\n" + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
