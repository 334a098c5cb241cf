#!/usr/bin/env python3
"""The news command as a user meets it: what it prints, where, and with which exit status.

The environment names the command (NEWS), two of the programs in examples/embed (HELLO, WALK), and
the source tree (SOURCE_ROOT).
"""
import json
import os
import pty
import re
import resource
import select
import signal
import stat
import subprocess
import tempfile
import unittest
from pathlib import Path

NEWS = os.environ["NEWS"]
ROOT = Path(os.environ["SOURCE_ROOT"])
ISSUES = sorted((ROOT / "examples" / "newsletter" / "issues").glob("*.md"))
SCRIPTS = sorted((ROOT / "examples").glob("**/formats/*.lua"))
BUILT_IN = ["email", "gemini", "html", "text"]
MIB = 1 << 20

GOOD = """---
title: Harbour Notes
date: 2024-05-17
---

Good *morning*, the tide is in [port](https://port.example/).

## Boats

- [A new ferry](https://boats.example/ferry): it is green.
- [The old one](https://boats.example/old): it was not.
"""

FORMAT = """local news = require "news"
local f = news.format { name = "NAME", extends = "text" }
REST
return f
"""


def format_script(name="mine", rest=""):
    return FORMAT.replace("NAME", name).replace("REST", rest)


class Case(unittest.TestCase):
    """Each test has a folder of its own, which is the working directory of the commands."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name).resolve()

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run_news(self, *arguments, stdin=b"", cwd=None, env=None, **more):
        environment = dict(os.environ)
        for name in ("NO_COLOR", "TERM", "LC_ALL", "LANG", "TZ", "POSIXLY_CORRECT"):
            environment.pop(name, None)
        environment.update(env or {})
        more.setdefault("stdout", subprocess.PIPE)
        words = [word if isinstance(word, bytes) else str(word) for word in arguments]
        return subprocess.run([NEWS, *words], input=stdin, cwd=cwd or self.folder,
                              env=environment, stderr=subprocess.PIPE, timeout=120, check=False,
                              **more)

    def good(self, *arguments, **more):
        done = self.run_news(*arguments, **more)
        self.assertEqual((done.returncode, done.stderr.decode()), (0, ""), arguments)
        return done.stdout

    def bad(self, *arguments, place=None, words=".", status=1, **more):
        """Runs what must fail: nothing on stdout, and words at a place on stderr."""
        done = self.run_news(*arguments, **more)
        errors = done.stderr.decode()
        self.assertEqual(done.returncode, status, (arguments, errors))
        self.assertEqual(done.stdout or b"", b"", arguments)
        if place is not None:
            self.assertRegex(errors, f"(?m)^{place}: error: .+", arguments)
        self.assertRegex(errors, words)
        self.assertNotRegex(errors, r"traceback|0x[0-9a-f]{6}|AddressSanitizer|runtime error:")
        return errors

    def names(self):
        return sorted(path.name for path in self.folder.iterdir())


class BadIssues(Case):
    PLACE = r"issue\.md:{}:{}"

    def refuse(self, content, line, column, words="."):
        """In every format and for both commands the same message, at the same place."""
        self.write("issue.md", content)
        place = self.PLACE.format(line, column)
        errors = {self.bad("render", "-f", name, "issue.md", place=place, words=words)
                  for name in BUILT_IN}
        self.assertEqual(len(errors), 1)
        self.bad("render", "-f", "text", "-", stdin=(self.folder / "issue.md").read_bytes(),
                 place=place.replace(r"issue\.md", "stdin"), words=words)
        return errors.pop()

    def test_not_utf8(self):
        self.refuse(b"A line\n\nGood\nb\xc3\xa4d \xff here\n", 4, 5, "UTF-8")

    def test_latin_1_with_windows_line_ends(self):
        self.refuse(b"A line\r\nna\xefve\r\n", 2, 3, "UTF-8")

    def test_surrogates_are_not_utf8(self):
        self.refuse(b"\xed\xa0\x80\n", 1, 1, "UTF-8")

    def test_nul(self):
        self.refuse(b"one\ntwo\x00three\n", 2, 4, "NUL")

    def test_utf16(self):
        self.refuse("Title\n".encode("utf-16"), 1, r"\d+")

    def test_toml(self):
        self.refuse('+++\ntitle = "x"\n+++\n\ntext\n', 1, 1, "TOML")

    def test_broken_yaml(self):
        self.refuse("---\ntitle: fine\nauthors: [a, b\n---\n\ntext\n", "[34]", r"\d+")
        self.refuse("---\ntitle: fine\nsummary: \"no end\n---\n\ntext\n", "[34]", r"\d+")
        self.refuse("---\ntitle: fine\n\ttabbed: x\n---\n\ntext\n", "3", r"\d+")

    def test_unterminated_front_matter(self):
        self.refuse("---\ntitle: fine\n\nThe text begins\n", 1, 1)

    def test_empty_file(self):
        self.refuse(b"", r"\d+", r"\d+")
        self.refuse(b"\n \n\n", r"\d+", r"\d+")

    def test_nesting(self):
        self.refuse(b"fine\n\n" + b"> " * 300 + b"deep\n", 3, r"\d+", "64")
        self.refuse(b"fine\n\n" + b"- " * 300 + b"deep\n", 3, r"\d+")
        self.refuse(b"fine\n\n" + b"*a " * 3000 + b"b*" * 3000, 3, r"\d+")

    def test_inspect_shows_what_it_can(self):
        self.write("issue.md", "---\ntitle: fine\nauthors: [a, b\n---\n\nThe text\n")
        done = self.run_news("inspect", "issue.md")
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr.decode(), r"(?m)^issue\.md:[34]:\d+: error: ")
        self.assertIn(b"paragraph 6:1", done.stdout)
        done = self.run_news("inspect", "--json", "issue.md")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(json.loads(done.stdout)["findings"][0]["severity"], "error")

    def test_many_findings(self):
        self.write("many.md", "[a]()\n\n" * 150)
        errors = self.run_news("render", "-f", "text", "many.md").stderr.decode()
        self.assertEqual(errors.count(": warning: "), 100)
        self.assertTrue(errors.endswith("many.md: and 50 more messages\n"), errors[-200:])


class BadFiles(Case):
    def test_missing(self):
        for command in (["render"], ["inspect"], ["render", "-e", "email"]):
            self.bad(*command, "no/such.md", place=r"no/such\.md", words="no such file")

    def test_directory(self):
        self.bad("render", ".", place=r"\.", words="directory")
        self.write("folder.lua/x", "")
        self.write("issue.md", GOOD)
        self.bad("render", "-s", "folder.lua", "issue.md", place=r"folder\.lua", words="directory")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_unreadable(self):
        self.write("issue.md", GOOD).chmod(0)
        self.bad("render", "issue.md", place=r"issue\.md", words="permission denied")

    def test_too_large(self):
        path = self.write("issue.md", b"")
        with path.open("r+b") as file:
            file.truncate(1 << 40)  # sparse; reading it would take an hour
        self.bad("render", "issue.md", place=r"issue\.md", words="8 MiB")
        script = self.write("large.lua", b"-" * (MIB + 1))
        self.bad("render", "-s", script.name, "issue.md", place=r"\w+\.\w+", words="limit")

    def test_too_large_from_a_pipe(self):
        with open("/dev/zero", "rb") as zero:
            done = subprocess.run([NEWS, "render", "-"], stdin=zero, capture_output=True,
                                  timeout=60, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr.decode(), r"^stdin: error: .*8 MiB")

    def test_limit_itself_is_allowed(self):
        path = self.write("issue.md", GOOD.encode() + b"\n" * (8 * MIB - len(GOOD)))
        self.assertEqual(path.stat().st_size, 8 * MIB)
        self.assertIn(b"the tide is in", self.good("render", "-f", "text", "issue.md"))

    def test_closed_standard_input(self):
        self.bad("render", "-", preexec_fn=lambda: os.close(0), stdin=None, place="stdin")

    def test_name_longer_than_an_error_holds(self):
        name = "/".join(["folder-" + "x" * 60] * 4) + "/issue.md"
        self.write(name, b"bad \xff\n")
        errors = self.bad("render", name, place=re.escape(name) + ":1:5")
        self.assertIn("    1 | bad \ufffd\n", errors)

    def test_control_characters_do_not_reach_the_terminal(self):
        self.write("is\x1b[31msue.md", b"\x1b]0;title\x07 \xff\n")
        errors = self.bad("render", "is\x1b[31msue.md")
        self.assertNotIn("\x1b", errors)
        self.assertNotIn("\x07", errors)


class Messages(Case):
    def excerpt(self, content):
        self.write("issue.md", content)
        done = self.run_news("render", "issue.md")
        lines = done.stderr.decode().splitlines()
        self.assertEqual(len(lines), 3, lines)
        return lines[1], lines[2]

    def test_caret(self):
        line, caret = self.excerpt(b"fine\n\nabc \xff def\n")
        self.assertEqual(line, "    3 | abc \ufffd def")
        self.assertEqual(caret, "      |     ^")

    def test_caret_after_wide_characters_and_tabs(self):
        line, caret = self.excerpt("日本\te\u0301 ".encode() + b"\xff\r\n")
        self.assertEqual(line, "    1 | 日本    e\u0301 \ufffd")
        self.assertEqual(caret, "      |           ^")

    def test_byte_order_mark_takes_no_column(self):
        line, caret = self.excerpt(b"\xef\xbb\xbfab\xff\n")
        self.assertEqual(line, "    1 | ab\ufffd")
        self.assertEqual(caret, "      |   ^")

    def test_every_kind_of_line_end(self):
        line, caret = self.excerpt(b"a\r\nb\rc\n\nd \xff\r\rf\n")
        self.assertEqual(line, "    5 | d \ufffd")
        self.assertEqual(caret, "      |   ^")

    def test_long_lines_are_cut_around_the_caret(self):
        line, caret = self.excerpt(b"word " * 2000 + b"\xff" + b" word" * 2000)
        self.assertLessEqual(len(line), 100)
        self.assertEqual(line[caret.index("^")], "\ufffd")
        self.assertRegex(line, r"^    1 \| ….*…$")

    def test_code_and_help(self):
        self.write("issue.md", "Hello [x]()\n")
        errors = self.run_news("render", "issue.md").stderr.decode()
        self.assertRegex(errors, r"\Aissue\.md:1:7: warning: .+ \[link-empty\]\n"
                                 r"    1 \| Hello \[x\]\(\)\n"
                                 r"      \|       \^\n"
                                 r"      = help: .+\n\Z")

    def on_terminal(self, *arguments, stream="stderr", **env):
        """What the command writes to a terminal that is one of its streams."""
        self.write("issue.md", b"\xff\n")
        try:
            leader, follower = pty.openpty()
        except OSError as why:
            self.skipTest(f"no terminal to be had: {why}")
        environment = {"PATH": os.environ["PATH"], **env}
        streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: follower}
        with subprocess.Popen([NEWS, *(arguments or ["render", "issue.md"])], cwd=self.folder,
                              env=environment, **streams) as process:
            os.close(follower)
            text = b""
            while select.select([leader], [], [], 30)[0]:
                try:
                    piece = os.read(leader, 4096)
                except OSError:
                    break
                if not piece:
                    break
                text += piece
            self.assertEqual(process.wait(30), 1)
        os.close(leader)
        return text.decode()

    def test_colour(self):
        self.assertIn("\x1b[", self.on_terminal(TERM="xterm"))
        self.assertIn("\x1b[", self.on_terminal(TERM="xterm", NO_COLOR=""))
        self.assertNotIn("\x1b", self.on_terminal(TERM="xterm", NO_COLOR="1"))
        self.assertNotIn("\x1b", self.on_terminal(TERM="dumb"))
        self.assertNotIn("\x1b", self.on_terminal())

    def test_colour_is_of_the_stream(self):
        check = ["check", "issue.md"]
        self.assertIn("\x1b[", self.on_terminal(*check, stream="stdout", TERM="xterm"))
        self.assertNotIn("\x1b", self.on_terminal(*check, stream="stdout"))
        self.assertNotIn("\x1b", self.on_terminal("check", "--json", "issue.md", stream="stdout",
                                                  TERM="xterm"))
        self.assertEqual("", self.on_terminal(*check, TERM="xterm"))


class Formats(Case):
    def setUp(self):
        super().setUp()
        self.write("issue.md", GOOD)

    def refuse(self, script, line, words=".", note=False):
        self.write("mine.lua", script)
        errors = self.bad("render", "-s", "mine.lua", "issue.md",
                          place=rf"mine\.lua:{line}", words=words)
        self.assertRegex(errors, r"(?m)^ +\d+ \| ")  # the script's own line
        found = re.search(r"(?m)^issue\.md:(\d+):(\d+): note: while rendering (.+)$", errors)
        self.assertEqual(found is not None, note, errors)
        return errors

    def test_unknown(self):
        errors = self.bad("render", "-f", "htlm", "issue.md", words="did you mean 'html'")
        self.assertIn("news formats", errors)
        self.assertRegex(errors, "^news: error: ")
        self.bad("render", "-f", "zzzzzz", "issue.md", words="'news formats'")
        self.bad("render", "-f", "../issue", "issue.md", words="there is no format")
        self.bad("render", "-f", "", "issue.md", words="there is no format")

    def test_syntax_error(self):
        self.refuse(format_script(rest="f.strong = = 1"), 3)

    def test_runtime_error_in_a_renderer(self):
        errors = self.refuse(format_script(rest="function f.link(node, out)\n  error 'oh'\nend"),
                             4, "oh", note=True)
        self.assertRegex(errors, r"issue\.md:6:32: note: while rendering this link")
        self.assertIn("    6 | Good *morning*, ", errors)

    def test_node_is_named_where_it_is_the_only_one_there(self):
        errors = self.refuse(format_script(rest="function f.emph(node, out) out(node.chidren) end"),
                             3, "did you mean 'children'", note=True)
        self.assertRegex(errors, r"issue\.md:6:6: note: while rendering this emph")

    def test_runtime_error_at_loading(self):
        self.refuse(format_script(rest="local x = nil + 1"), 3)

    def test_wrong_return_value(self):
        for script in ("return 1\n", "local x = 1\n", "return {}\n"):
            self.write("mine.lua", script)
            self.bad("render", "-s", "mine.lua", "issue.md", place=r"mine\.lua(:\d+)?")

    def test_rubbish(self):
        self.refuse(format_script(rest="f.paragraph = 42"), 3, "paragraph")
        self.refuse(format_script(rest="f.paragraf = 'x'"), 3, "did you mean 'paragraph'")
        self.refuse(format_script(rest="function f.paragraph(n, out) out(nil) end"), 3, note=True)
        self.refuse(format_script(rest="function f.paragraph(n, out) out(true) end"), 3, note=True)
        self.refuse(format_script(rest="function f.paragraph(n, out) error({}) end"), 3, note=True)

    def test_limits(self):
        self.refuse(format_script(rest="while true do end"), 3)
        self.refuse(format_script(rest="function f.issue() while true do pcall(error) end end"),
                    3, note=True)
        self.write("mine.lua", format_script(rest="function f.issue() local s = 'x' "
                                                  "while true do s = s .. s end end"))
        self.bad("render", "-s", "mine.lua", "issue.md", place=r"[^ ]+", words="memory")

    def test_precompiled_chunk(self):
        self.write("mine.lua", b"\x1bLua\x54\x00")
        self.bad("render", "-s", "mine.lua", "issue.md", place=r"mine\.lua(:\d+)?")

    def test_script_alone_is_the_format(self):
        self.write("mine.lua", format_script(rest="f.paragraph = 'P'"))
        self.write("other.lua", format_script("other"))
        self.assertIn(b"P\n", self.good("render", "-s", "mine.lua", "issue.md"))
        self.assertNotIn(b"<html", self.good("render", "-s", "mine.lua", "issue.md"))
        self.assertIn(b"<html", self.good("render", "-s", "mine.lua", "-s", "other.lua",
                                          "issue.md"))
        self.assertIn(b"<html", self.good("render", "-s", "mine.lua", "-f", "html", "issue.md"))

    def test_print_goes_to_standard_error(self):
        self.write("mine.lua", format_script(rest="function f.emph(n, out) print('x', 1) end"))
        done = self.run_news("render", "-s", "mine.lua", "issue.md")
        self.assertEqual((done.returncode, done.stderr), (0, b"x\t1\n"))

    def test_options(self):
        self.write("mine.lua", """local news = require "news"
local f = news.format { name = "mine", extends = "text", options = { mark = "a", times = 1 } }
function f.issue(issue, out) out(out.options.mark:rep(out.options.times)) end
return f
""")
        run = ["render", "-s", "mine.lua", "issue.md"]
        self.assertEqual(self.good(*run), b"a\n")
        self.assertEqual(self.good(*run, "-O", "mark=b=", "--option", "times=3"), b"b=b=b=\n")
        self.bad(*run, "-O", "mrak=b", status=2, words="did you mean 'mark'")
        self.bad(*run, "-O", "times=b", status=2, words="times")

    def test_width(self):
        self.write("issue.md", "word " * 100)
        for width in (20, 44, 200):
            lines = self.good("render", "-f", "text", "-w", width, "issue.md").decode().split("\n")
            self.assertLessEqual(max(map(len, lines)), width)
            self.assertGreater(max(map(len, lines)), width - 5)

    def test_examples(self):
        self.assertTrue(SCRIPTS)
        self.assertTrue(ISSUES)
        for issue in ISSUES:
            for script in SCRIPTS:
                with self.subTest(script=script.name, issue=issue.name):
                    self.assertTrue(self.good("render", "-s", script, issue).strip())
            for name in BUILT_IN:
                with self.subTest(format=name, issue=issue.name):
                    self.assertTrue(self.good("render", "-f", name, issue).strip())


    def test_example_in_an_ordered_list(self):
        issue = self.write("ordered.md", "1. [A](https://a.example/). Text\n")
        out = self.good("render", "-s", ROOT / "examples/formats/slack.lua", issue)
        self.assertEqual(out.decode(), " 1. <https://a.example/|A>. Text\n")


class Publication(Case):
    """Formats in folders named `formats`, beside the issue and above it."""

    def setUp(self):
        super().setUp()
        self.write("news/2024/05/issue.md", GOOD)
        self.write("news/formats/house.lua", format_script("house", "f.paragraph = 'HOUSE'"))
        self.write("news/2024/formats/late.lua",
                   'local news = require "news"\n'
                   'local f = news.format { name = "late", extends = "house" }\n'
                   'f.emph = "LATE"\nreturn f\n')

    def test_found_above_the_issue(self):
        for cwd, path in (("", "news/2024/05/issue.md"), ("news/2024/05", "issue.md"),
                          ("news/2024/formats", "../05/issue.md")):
            out = self.good("render", "-f", "house", path, cwd=self.folder / cwd)
            self.assertIn(b"HOUSE", out)

    def test_standard_input_is_in_the_working_directory(self):
        self.assertIn(b"HOUSE", self.good("render", "-f", "house", "-", stdin=GOOD.encode(),
                                          cwd=self.folder / "news" / "2024"))
        self.bad("render", "-f", "house", "-", stdin=GOOD.encode(), words="there is no format")

    def test_nearest_folder_wins(self):
        self.write("news/2024/05/formats/house.lua", format_script("house", "f.paragraph = 'NEAR'"))
        self.assertIn(b"NEAR", self.good("render", "-f", "house", "news/2024/05/issue.md"))

    def test_one_may_extend_another(self):
        self.assertIn(b"HOUSE", self.good("render", "-f", "late", "news/2024/05/issue.md"))

    def test_mistyped(self):
        self.bad("render", "-f", "hosue", "news/2024/05/issue.md", words="did you mean 'house'")

    def test_broken(self):
        self.write("news/formats/broken.lua", "return\n= 1\n")
        self.bad("render", "-f", "broken", "news/2024/05/issue.md",
                 place=r"news/formats/broken\.lua:2")
        self.write("news/formats/named.lua", format_script("otherwise"))
        self.bad("render", "-f", "named", "news/2024/05/issue.md",
                 place=r"news/formats/named\.lua", words="otherwise")
        self.good("render", "-f", "house", "news/2024/05/issue.md")

    def test_listing(self):
        lines = self.good("formats", "news/2024/05/issue.md").decode().splitlines()
        columns = [lines[0].index(word)
                   for word in ("NAME", "MEDIA", "EDITION", "EXTENSION", "FROM")]
        rows = {}
        for line in lines[:lines.index("")]:
            cells = [line[a:b] for a, b in zip(columns, columns[1:] + [None])]
            self.assertTrue(all(cell.endswith(" ") for cell in cells[:-1]), line)
            rows[cells[0].strip()] = [cell.strip() for cell in cells[1:]]
        self.assertEqual(rows["text"], ["text/plain; charset=utf-8", "text", "txt", "built-in"])
        self.assertEqual(rows["gemini"][1:], ["gemini", "gmi", "built-in"])
        self.assertEqual(rows["html"][1:], ["web", "html", "built-in"])
        self.assertEqual(rows["email"][1:], ["email", "html", "built-in"])
        self.assertEqual(rows["house"][1:], ["text", "txt", "news/formats/house.lua"])
        self.assertEqual(rows["late"][3], "news/2024/formats/late.lua")
        self.assertNotIn(b"house", self.good("formats"))
        self.assertIn(b"house", self.good("formats", cwd=self.folder / "news"))

    def test_listing_with_a_broken_one(self):
        self.write("news/formats/broken.lua", "return\n= 1\n")
        done = self.run_news("formats", "news/2024/05/issue.md")
        errors = done.stderr.decode()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(errors, r"(?m)^news/formats/broken\.lua:2: error: ")
        self.assertIn(b"house", done.stdout)

    def test_built_in_ones_are_replaced(self):
        self.write("news/formats/text.lua", format_script("text", "f.emph = 'OURS'"))
        self.write("news/formats/mine.lua", format_script())
        issue = "news/2024/05/issue.md"
        self.assertIn(b"OURS", self.good("render", "-f", "text", issue))
        self.assertIn(b"OURS", self.good("render", "-f", "mine", issue))
        self.assertNotIn(b"OURS", self.good("render", "-f", "gemini", issue))
        self.assertRegex(self.good("formats", issue).decode(),
                         r"(?m)^text  .* news/formats/text\.lua$")
        self.write("text.lua", format_script("text", "f.emph = 'NEARER'"))
        out = self.good("render", "-s", "text.lua", "-f", "mine", issue)
        self.assertIn(b"NEARER", out)

    def test_one_that_replaces_may_extend_a_neighbour(self):
        self.write("news/formats/plain.lua",
                   'local f = require "news".format { name = "plain" }\n'
                   'f.paragraph = "PLAIN"\nreturn f\n')
        self.write("news/formats/text.lua",
                   'return require "news".format { name = "text", extends = "plain" }\n')
        self.assertIn(b"PLAIN", self.good("render", "-f", "text", "news/2024/05/issue.md"))

    def test_a_broken_one_that_replaces(self):
        self.write("news/formats/html.lua", "return\n= 1\n")
        self.bad("render", "news/2024/05/issue.md", place=r"news/formats/html\.lua:2")


class Layouts(Case):
    """Layouts in folders named `layouts`, beside the issue and above it."""

    OWN = '{% extends "web.html" %}\n{% block footer %}FOOT{{ super() }}{% endblock %}\n'

    def setUp(self):
        super().setUp()
        self.write("news/2024/05/issue.md", GOOD)
        self.write("news/layouts/web.html", self.OWN)

    def test_found_above_the_issue(self):
        for cwd, path in (("", "news/2024/05/issue.md"), ("news/2024/05", "issue.md")):
            out = self.good("render", path, cwd=self.folder / cwd)
            self.assertIn(b"FOOT", out)
            self.assertIn(b"<h1>Harbour Notes</h1>", out)
        self.assertIn(b"FOOT", self.good("render", "-", stdin=GOOD.encode(),
                                         cwd=self.folder / "news"))
        self.assertNotIn(b"FOOT", self.good("render", "-", stdin=GOOD.encode()))

    def test_nearest_folder_wins(self):
        self.write("news/2024/layouts/web.html", self.OWN.replace("FOOT", "NEAR"))
        out = self.good("render", "news/2024/05/issue.md")
        self.assertIn(b"NEAR", out)
        self.assertNotIn(b"FOOT", out)

    def test_another_name(self):
        self.write("news/layouts/card.html", "<p>{{ title }}</p>\n")
        self.assertEqual(self.good("render", "-O", "layout=card.html", "news/2024/05/issue.md"),
                         b"<p>Harbour Notes</p>\n")
        self.bad("render", "-O", "layout=crad.html", "news/2024/05/issue.md",
                 words="there is no layout 'crad.html'; did you mean 'card.html'")

    def test_used_by_a_format(self):
        self.write("news/formats/card.lua", format_script(
            "card", "function f.issue(i, out) out:layout('card.txt', { n = 3 }) end"))
        self.write("news/layouts/card.txt", "{{ n }} {{ issue.title }}\n")
        self.assertEqual(self.good("render", "-f", "card", "news/2024/05/issue.md"),
                         b"3 Harbour Notes\n")

    def test_broken(self):
        """What is wrong is told where it is used, with its line; elsewhere it is no matter."""
        self.write("news/layouts/web.html", "a\n  {% if x %}\n")
        errors = self.bad("render", "news/2024/05/issue.md",
                          place=r"news/layouts/web\.html:2:6", words="no 'then'")
        self.assertIn("    2 |   {% if x %}\n      |      ^\n", errors)
        self.good("render", "-f", "text", "news/2024/05/issue.md")
        self.write("news/layouts/web.html",
                   '{% extends "web.html" %}\n{% block footer %}\n{{ issue.url }}{% endblock %}')
        self.bad("render", "news/2024/05/issue.md", place=r"news/layouts/web\.html:3",
                 words=r"\{\{ issue\.url \}\} is nil")
        self.write("news/layouts/web.html", b"a\n\xff")
        self.bad("render", "-f", "text", "news/2024/05/issue.md",
                 place=r"news/layouts/web\.html:2:1", words="not UTF-8")

    def test_other_files(self):
        """Backups, folders and files of other names are no layouts; what cannot be read is told."""
        self.write("news/layouts/web.html~", "{{")
        self.write("news/layouts/.web.html.swp", b"\xff")
        self.write("news/layouts/README.md", "{{")
        (self.folder / "news/layouts/old.d").mkdir()
        self.assertIn(b"FOOT", self.good("render", "news/2024/05/issue.md"))
        (self.folder / "news/layouts/gone.html").symlink_to("nowhere")
        self.bad("render", "news/2024/05/issue.md", place=r"news/layouts/gone\.html",
                 words="cannot be read")

    def test_listing(self):
        self.write("news/layouts/card.html", "x")
        lines = self.good("formats", "news/2024/05/issue.md").decode().splitlines()
        rows = dict(line.split(None, 1) for line in lines[lines.index("") + 1:])
        self.assertEqual(rows, {"LAYOUT": "FROM", "email.html": "built-in",
                                "gemini.gmi": "built-in",
                                "text.txt": "built-in", "web.html": "news/layouts/web.html",
                                "card.html": "news/layouts/card.html"})

    def test_listing_with_wrong_ones(self):
        self.write("news/layouts/card.html", "\n{{ x")
        self.write("news/layouts/page.html", '{% extends "none.html" %}')
        done = self.run_news("formats", "news/2024/05/issue.md")
        errors = done.stderr.decode()
        self.assertEqual(done.returncode, 1)
        self.assertRegex(errors, r"(?m)^news/layouts/card\.html:2:1: error: ")
        self.assertRegex(errors, r"(?m)^news/layouts/page\.html:1:1: error: there is no layout")
        self.assertIn(b"\npage.html", done.stdout)


class New(Case):
    """What `news new` writes works as it stands."""

    def setUp(self):
        super().setUp()
        self.write("news/news.yaml", "name: The Lamp\n")
        self.write("news/issues/issue.md", GOOD + "\n**bold**\n\n---\n\nEnd.\n")
        self.issue = self.folder / "news/issues/issue.md"

    def new(self, *arguments):
        out = self.good("new", *arguments, cwd=self.folder / "news/issues").decode()
        wrote, command = re.fullmatch(r"Wrote (.*)\. To see what it does:\n  (.*)\n", out).groups()
        self.assertTrue(Path(wrote).is_file())
        words = command.replace("ISSUE.md", str(self.issue)).split()
        self.assertEqual(words[0], "news")
        return Path(wrote), self.good(*words[1:]).decode()

    def test_format(self):
        path, out = self.new("format", "my-own_1")
        self.assertEqual(path, self.folder / "news/formats/my-own_1.lua")
        self.assertIn("*bold*", out)
        self.assertIn("~ ~ ~", out)
        self.assertIn("+bold+", self.good("render", "-f", "my-own_1", "-O", "mark=+",
                                          self.issue).decode())

    def test_formats_that_replace(self):
        self.issue = self.write("news/issues/event.md", '''
::: event "Low tide" date=2024-06-02 place=Quay
Bring *boots*.
:::
''')
        for name, wanted in (
                ("html", "<p><strong>Low tide</strong>, 2024-06-02, Quay</p>\n<p>Bring <em>boots</em>.</p>\n"
                         "</aside>\n"),
                ("text", "Low tide, 2024-06-02, Quay\n\nBring _boots_.\n"),
                ("gemini", "Low tide, 2024-06-02, Quay\n\nBring boots.\n")):
            path, out = self.new("format", name)
            self.assertEqual(path, self.folder / "news/formats" / (name + ".lua"))
            self.assertIn(wanted, out)

    def test_full_layouts(self):
        for name, kind in (("web.html", "html"), ("text.txt", "text"), ("gemini.gmi", "gemini")):
            before = self.good("render", "-f", kind, self.issue).decode()
            path, out = self.new("layout", "--full", name)
            self.assertEqual(path.read_bytes(), (ROOT / "scripts/layouts" / name).read_bytes())
            self.assertEqual(out, before)
            path.unlink()
            other, out = self.new("layout", "--full", "other" + path.suffix)
            self.assertEqual(out, before)
            other.unlink()

    def test_what_is_commented_out_works(self):
        path, _ = self.new("format", "mine")
        script = path.read_text()
        path.write_text(re.sub(r"(?m)^-- ((format\.|function |  out|  for |end$).*)$", r"\1", script))
        out = self.good("render", "-f", "mine", self.issue).decode()
        self.assertEqual(out, "Harbour Notes\n\n- port: https://port.example/\n"
                              "- A new ferry: https://boats.example/ferry\n"
                              "- The old one: https://boats.example/old\n")

    def test_layouts(self):
        for name, kind in (("web.html", "html"), ("email.html", "email"), ("text.txt", "text"),
                           ("gemini.gmi", "gemini")):
            before = self.good("render", "-f", kind, self.issue).decode()
            path, out = self.new("layout", name)
            self.assertEqual(path, self.folder / "news/layouts" / name)
            self.assertIn("thank you for reading", out)
            self.assertEqual(out, self.good("render", "-f", kind, self.issue).decode())
            path.unlink()
            other, card = self.new("layout", "card-" + path.name if kind == "email" else
                                   "card" + path.suffix)
            self.assertEqual(card, out)
            self.assertEqual(self.good("render", "-f", kind, self.issue).decode(), before)
            self.check_blocks(other, kind, before)

    def check_blocks(self, path, kind, before):
        """The blocks it speaks of are those there are."""
        listed = re.search(r"Blocks: ([\w\s,()]*)\n#}", path.read_text())[1]
        names = re.findall(r"\w+", listed)
        source = (ROOT / "scripts/layouts" / {"html": "web.html", "email": "email.html",
                                              "text": "text.txt", "gemini": "gemini.gmi"}[kind]).read_text()
        self.assertEqual(names, re.findall(r"\{% block (\w+)", source))
        said = re.search(r"Blocks:(.*?)Names:", source, re.DOTALL)[1]
        self.assertEqual(names, re.findall(r"\w+", said))
        blocks = "".join("{% block " + name + " %}{{ super() }}{% endblock %}" for name in names)
        path.write_text(re.sub(r"(?s)\n\{% block.*", blocks, path.read_text()))
        self.assertEqual(self.good("render", "-f", kind, "-O", "layout=" + path.name,
                                   self.issue).decode(), before)

    def test_folder(self):
        """Without a publication, the working directory."""
        (self.folder / "elsewhere").mkdir()
        out = self.good("new", "layout", "web.html", cwd=self.folder / "elsewhere")
        self.assertTrue(out.startswith(b"Wrote layouts/web.html."))
        self.assertTrue((self.folder / "elsewhere/layouts/web.html").is_file())

    def test_nothing_is_lost(self):
        path = self.write("news/formats/mine.lua", "precious")
        self.bad("new", "format", "mine", cwd=self.folder / "news", place=r"formats/mine\.lua",
                 words="there already")
        self.assertEqual(path.read_text(), "precious")
        self.write("news/layouts", "a file")
        self.bad("new", "layout", "web.html", cwd=self.folder / "news",
                 place=r"layouts/web\.html", words="cannot be written")

    def test_wrong_use(self):
        for arguments, words in ((["new"], "a new what"), (["new", "page"], "neither"),
                                 (["new", "format"], "needs a name"),
                                 (["new", "format", "a", "b"], "'b' is too much"),
                                 (["new", "format", "My"], "no name of a format"),
                                 (["new", "format", "a/b"], "no name of a format"),
                                 (["new", "format", "x" * 32], "no name of a format"),
                                 (["new", "format", "--full", "a"], "for layouts"),
                                 (["new", "layout", "web"], "no name to begin a layout"),
                                 (["new", "layout", "a.xml"], "no name to begin a layout"),
                                 (["new", "layout", "../a.html"], "no name to begin a layout")):
            self.bad(*arguments, status=2, words=words)
        self.assertEqual(self.names(), ["news"])


class Check(Case):
    """Several issues at once: what is found, where it is told, and how it ends."""

    WARNS = "Hello [x]()\n"
    FAILS = "---\ntitle: Bells: a history\n---\n\nText.\n"

    def setUp(self):
        super().setUp()
        self.write("good.md", GOOD)
        self.write("warns.md", self.WARNS)
        self.write("fails.md", self.FAILS)

    def check(self, *arguments, status, **more):
        done = self.run_news("check", *arguments, **more)
        self.assertEqual((done.returncode, done.stderr), (status, b""), arguments)
        return done.stdout.decode()

    def findings(self, *arguments, status, **more):
        return json.loads(self.check("--json", *arguments, status=status, **more))

    def test_clean(self):
        self.assertEqual(self.check("good.md", status=0), "1 file: no findings\n")
        self.assertEqual(self.check("--quiet", "good.md", status=0), "")
        self.assertEqual(self.check("--json", "good.md", status=0), "[]\n")

    def test_findings_for_people(self):
        self.assertRegex(
            self.check("good.md", "warns.md", "fails.md", status=1),
            r"\Awarns\.md:1:7: warning: [^\n]+ \[link-empty\]\n"
            r"    1 \| Hello \[x\]\(\)\n"
            r"      \|       \^\n"
            r"      = help: [^\n]+\n"
            r"fails\.md:2:13: error: [^\n]+ \[front-matter-syntax\]\n"
            r"    2 \| title: Bells: a history\n"
            r"      \|             \^\n"
            r"3 files: 1 error, 1 warning\n\Z")

    def test_quiet_leaves_the_count_out(self):
        text = self.check("-q", "warns.md", status=0)
        self.assertRegex(text, r"\Awarns\.md:1:7: warning: .+\n +1 \| .+\n +\| +\^\n +=.+\n\Z")

    def test_count(self):
        self.write("two.md", self.WARNS + "\n" + self.WARNS)
        self.write("bad.md", b"\xff")
        for files, status, line in (
                (["warns.md"], 0, "1 file: 1 warning"),
                (["two.md", "good.md"], 0, "2 files: 2 warnings"),
                (["fails.md"], 1, "1 file: 1 error"),
                (["fails.md", "bad.md", "two.md", "warns.md"], 1, "4 files: 2 errors, 3 warnings")):
            self.assertEqual(self.check(*files, status=status).splitlines()[-1], line)

    def test_strict(self):
        self.check("--strict", "good.md", status=0)
        self.check("warns.md", status=0)
        self.check("--strict", "warns.md", status=1)
        self.findings("--strict", "warns.md", status=1)

    DROPS = '{% extends "text.txt" %}\n{% block main %}{% endblock %}\n'
    TWO = "---\ntitle: T\ndate: 2024-05-17\n---\n\n## One\n\n[a](https://a.example)\n"

    def test_mail_is_what_would_be_sent(self):
        """Each issue has the layouts and formats of its own folder and those above, and no others."""
        for folder in ("a", "b", "b/c", "d"):
            self.write(folder + "/issue.md", self.TWO)
        self.write("b/layouts/text.txt", self.DROPS)
        self.write("d/formats/text.lua",
                   'local text = require("news").format { name = "text", extends = "text" }\n'
                   "text.section = false\nreturn text\n")
        files = ["a/issue.md", "b/issue.md", "a/../a/issue.md", "b/c/issue.md", "d/issue.md", "a/issue.md"]
        self.assertEqual([(one["file"], one["line"], one["code"])
                          for one in self.findings(*files, status=0)],
                         [(path, 6, "parity-section")
                          for path in ("b/issue.md", "b/c/issue.md", "d/issue.md")])
        done = self.run_news("check", "-q", "-", stdin=self.TWO.encode(), cwd=self.folder / "b")
        self.assertRegex(done.stdout.decode(), r"^stdin:6:1: warning: .* \[parity-section\]")

    def test_built_in_formats_agree(self):
        """Whatever an issue holds, both parts of its mail have it."""
        issues = sorted([*ROOT.glob("tests/golden/*.md"), *ROOT.glob("examples/newsletter/issues/*.md")])
        self.assertTrue(issues)
        found = json.loads(self.run_news("check", "--json", *issues).stdout)
        self.assertEqual([one for one in found if one["code"] is None or re.match(
            "parity-|format-error|html-size|image-weight|unsubscribe-", one["code"])], [])

    def test_mail_that_cannot_be_made(self):
        self.write("layouts/email.html", "<p>\n{{ issue.nothing }}\n")
        self.assertRegex(self.check("good.md", status=1),
                         r"\Alayouts/email\.html:2: error: the HTML of the mail cannot be made: .+"
                         r" \[format-error\]\n +2 \| \{\{ issue\.nothing \}\}\n +=.+\n1 file: 1 error\n\Z")
        self.write("layouts/email.html", '{% extends "email.html" %}\n{% block boddy %}{% endblock %}\n')
        self.assertRegex(self.check("-q", "good.md", status=1),
                         r"\Alayouts/email\.html:2:1: error: .+did you mean 'body'\? \[format-error\]")

    def test_format_that_cannot_be_loaded(self):
        """It is told once, and what else is wrong is found all the same."""
        self.write("formats/text.lua", "return 1 +\n")
        for folder in ("", "x/"):
            self.write(folder + "warns.md", self.WARNS)
        found = self.findings("warns.md", "x/warns.md", status=1)
        self.assertEqual([(one["file"], one["code"]) for one in found],
                         [("formats/text.lua", None), ("warns.md", "link-empty"),
                          ("x/warns.md", "link-empty")])

    def test_pictures_come_from_the_publication(self):
        self.write("secret.png", "x")
        self.write("in/news.yaml", "name: N\nemail: {from: a@b.example, attach_images: yes, "
                   "unsubscribe: 'https://b.example/'}\n")
        for path in ("../secret.png", "%2e%2e/secret.png"):
            self.write("in/a.md", f"---\ntitle: T\ndate: 2025-03-07\n---\n\n![s]({path})\n")
            for command in (("render", "-f", "eml"), ("check",)):
                done = self.run_news(*command, "in/a.md")
                self.assertEqual(done.returncode, 1)
                self.assertIn(b"a picture that travels with mail lies in the folder of news.yaml",
                              done.stdout + done.stderr)

    def test_images_that_travel(self):
        self.write("news.yaml", "name: N\nemail: {attach_images: true}\n")
        self.write("x/issue.md", "![a](../big.png){width=1} ![b](no%20such.png){width=1}\n")
        self.write("big.png", bytes(500_000))
        self.assertEqual([(one["file"], one["column"], one["code"])
                          for one in self.findings("x/issue.md", status=1)],
                         [("x/issue.md", 1, "image-weight"), ("x/issue.md", 27, "image-missing")])
        self.write("big.png", bytes(17 << 20))
        text = self.check("-q", "x/issue.md", status=1)
        self.assertRegex(text, r"\Abig\.png: error: .+\n\Z")

    def test_json(self):
        found = self.findings("warns.md", "fails.md", "good.md", status=1)
        self.assertEqual([(one["file"], one["line"], one["column"], one["severity"], one["code"])
                          for one in found],
                         [("warns.md", 1, 7, "warning", "link-empty"),
                          ("fails.md", 2, 13, "error", "front-matter-syntax")])
        for one in found:
            self.assertEqual(list(one), ["file", "line", "column", "severity", "code", "message",
                                         "help"])
            self.assertTrue(one["message"])

    def test_one_that_cannot_be_parsed(self):
        self.write("bad.md", b"abc\n\xff\n")
        self.write("deep.md", b"fine\n\n" + b"> " * 300 + b"deep\n")
        text = self.check("bad.md", "no/such.md", ".", "deep.md", "warns.md", status=1)
        self.assertRegex(text, r"(?m)^bad\.md:2:1: error: .*UTF-8.*\n    2 \| ")
        self.assertRegex(text, r"(?m)^no/such\.md: error: .*no such file")
        self.assertRegex(text, r"(?m)^\.: error: .*directory")
        self.assertRegex(text, r"(?m)^deep\.md:3:\d+: error: .*64")
        self.assertRegex(text, r"(?m)^warns\.md:1:7: warning: ")
        self.assertTrue(text.endswith("\n5 files: 4 errors, 1 warning\n"), text)
        found = self.findings("bad.md", "no/such.md", status=1)
        self.assertEqual([(one["file"], one["line"], one["column"], one["code"]) for one in found],
                         [("bad.md", 2, 1, None), ("no/such.md", None, None, None)])

    def test_a_file_named_twice_is_checked_once(self):
        (self.folder / "sub").mkdir()
        text = self.check("warns.md", "./warns.md", "sub/../warns.md", self.folder / "warns.md",
                          "no.md", "no.md", status=1)
        self.assertTrue(text.endswith("\n2 files: 1 error, 1 warning\n"), text)
        self.assertEqual(text.count("warns.md:"), 1)

    def test_standard_input(self):
        text = self.check("-", "good.md", "-", stdin=self.WARNS.encode(), status=0)
        self.assertRegex(text, r"\Astdin:1:7: warning: ")
        self.assertTrue(text.endswith("\n2 files: 1 warning\n"), text)
        self.write("-", self.WARNS)
        text = self.check("-", "./-", stdin=self.WARNS.encode(), status=0)
        self.assertTrue(text.endswith("\n2 files: 2 warnings\n"), text)

    def test_all_are_shown(self):
        self.write("many.md", "---\ntitle: Many\ndate: 2024-05-17\n---\n\n" + "[a]()\n\n" * 1500)
        self.assertEqual(self.check("many.md", status=0).count(": warning: "), 1500)
        self.assertEqual(len(self.findings("many.md", status=0)), 1500)

    def test_control_characters_do_not_reach_the_terminal(self):
        self.write("is\x1b[31msue.md", b"\x1b]0;title\x07 \xff\n")
        text = self.check("is\x1b[31msue.md", status=1)
        self.assertNotIn("\x1b", text)
        self.assertNotIn("\x07", text)
        found = self.findings("is\x1b[31msue.md", status=1)
        self.assertEqual(found[0]["file"], "is\x1b[31msue.md")

    def test_examples_are_clean(self):
        for issue in ISSUES:
            self.assertEqual(self.check("--strict", issue, status=0), "1 file: no findings\n")


NEWS_YAML = """name: Harbour Notes
url: https://harbour.example/
gemini: gemini://harbour.example/
issue_path: "{slug}"
masthead: masthead.md
footer: footer.md
email:
  unsubscribe: https://harbour.example/leave?u={{ token }}
recipient:
  first_name: dear reader
  token: preview
editions:
  teaser:
    base: web
    until: more
"""

LATEST = """---
title: The ferry
date: 2024-05-17
summary: A ferry, and the tides.
---

Good morning. After [last week](2024-05-10.md) we were tired.

## Boats

The ferry is green.[^paint]

![Two boats](https://harbour.example/boats.png "At the quay"){credit="Rui" width=600}

::: only email
A word for subscribers.
:::

<!-- more -->

## Tides

They came and went.

[^paint]: The paint is [from the harbour](https://paint.example/).
"""


class WholePublication(Case):
    """A publication with news.yaml, a masthead, a footer and two issues, in a folder of its own."""

    ISSUE = "notes/issues/2024-05-17.md"

    def setUp(self):
        super().setUp()
        self.write("notes/news.yaml", NEWS_YAML)
        self.write("notes/masthead.md", "Notes for whoever has a boat.\n")
        self.write("notes/footer.md", "::: only email\nYou get this, {{ first_name }}, because you "
                                      "asked.\n:::\n")
        self.write("notes/issues/2024-05-10.md", "---\ntitle: The bell\n---\n\nIt rang.\n")
        self.write(self.ISSUE, LATEST)

    def text(self, *arguments, issue=ISSUE, **more):
        return " ".join(self.good("render", "-f", "text", *arguments, issue, **more)
                        .decode().split())

    def check(self, *arguments, status, **more):
        done = self.run_news("check", *arguments, **more)
        self.assertEqual((done.returncode, done.stderr), (status, b""), arguments)
        return done.stdout.decode()


class PublicationFiles(WholePublication):
    """The files that an issue names, as the command reads them."""

    def test_found_above_the_issue(self):
        for cwd, path in (("", self.ISSUE), ("notes/issues", "2024-05-17.md"), ("notes", "issues/"
                          "2024-05-17.md"), ("/", self.folder / self.ISSUE)):
            text = self.text(issue=path, cwd=self.folder / cwd)
            self.assertIn("Notes for whoever has a boat.", text)
            self.assertIn("You get this, dear reader,", text)

    def test_standard_input_is_in_the_working_directory(self):
        done = self.text(issue="-", stdin=LATEST.encode(), cwd=self.folder / "notes" / "issues")
        self.assertIn("Notes for whoever has a boat.", done)
        done = self.good("render", "-f", "text", "-", stdin=GOOD.encode())
        self.assertNotIn(b"Notes for whoever", done)

    def test_mistake_is_shown_with_its_line(self):
        self.write("notes/news.yaml", NEWS_YAML + "publsiher: Harbour Press\n")
        for cwd, path in (("", "notes/news.yaml"), ("notes", "news.yaml"),
                          ("notes/issues", self.folder / "notes" / "news.yaml")):
            done = self.run_news("render", self.folder / self.ISSUE, cwd=self.folder / cwd)
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stderr.decode(),
                             rf"\A{re.escape(str(path))}:16:\d+: warning: .*\"publisher\".* "
                             r"\[publication-unknown-key\]\n"
                             r"   16 \| publsiher: Harbour Press\n"
                             r"      \| +\^\n(      = help: .+\n)?\Z")

    def test_mistake_is_shown_once_for_several_issues(self):
        self.write("notes/news.yaml", NEWS_YAML + "publsiher: Harbour Press\n")
        issues = ["notes/issues/2024-05-17.md", "notes/issues/2024-05-10.md"]
        text = self.check(*issues, status=0)
        self.assertEqual(text.count("[publication-unknown-key]"), 1)
        self.assertRegex(text, r"\Anotes/news\.yaml:16:\d+: warning: ")
        found = json.loads(self.check("--json", *issues, status=0))
        self.assertEqual([one["file"] for one in found if one["code"] == "publication-unknown-key"],
                         ["notes/news.yaml"])

    def test_clean(self):
        issues = ["notes/issues/2024-05-17.md", "notes/issues/2024-05-10.md"]
        self.assertEqual(self.check("--strict", *issues, status=0), "2 files: no findings\n")

    def test_missing_masthead(self):
        (self.folder / "notes" / "masthead.md").unlink()
        self.assertRegex(self.check(self.ISSUE, status=1),
                         r"(?m)^notes/news\.yaml:5:\d+: error: .+ \[publication-file\]\n"
                         r"    5 \| masthead: masthead\.md\n"
                         r"      \| +\^\n"
                         r"      = help: .*news\.yaml\n")
        found = json.loads(self.check("--json", self.ISSUE, status=1))
        self.assertIn("news.yaml", found[0]["help"])

    def test_masthead_that_is_not_utf8(self):
        self.write("notes/masthead.md", b"fine\nbad \xff\n")
        self.assertRegex(self.check(self.ISSUE, status=1),
                         r"(?m)^notes/masthead\.md:2:5: error: .*UTF-8.*\n    2 \| bad \ufffd\n")

    def test_files_that_cannot_be_read(self):
        masthead = self.folder / "notes" / "masthead.md"

        def refused(place, words):
            errors = self.bad("render", self.ISSUE, place=place, words=words)
            self.assertEqual(errors.count("error:"), 1, errors)
            text = self.check(self.ISSUE, "notes/issues/2024-05-10.md", status=1)
            self.assertEqual(text.count(errors), 1, text)
            self.assertTrue(text.endswith("2 files: 1 error\n"), text)

        masthead.unlink()
        masthead.mkdir()
        refused("notes/masthead.md", "directory")
        masthead.rmdir()
        os.mkfifo(masthead)  # nobody ever writes to it
        refused("notes/masthead.md", "not a regular file")
        masthead.unlink()
        masthead.symlink_to("masthead.md")
        refused("notes/masthead.md", "cannot be read")
        masthead.unlink()
        self.write("notes/masthead.md", b"")
        os.truncate(masthead, 1 << 40)
        refused("notes/masthead.md", "8 MiB")
        self.write("notes/masthead.md", "Notes.\n")
        os.truncate(self.folder / "notes" / "news.yaml", MIB + 1)
        refused("notes/news.yaml", "1 MiB")

    def test_link_to_another_issue(self):
        self.assertIn("https://harbour.example/2024-05-10", self.text())
        self.assertIn(b"gemini://harbour.example/2024-05-10",
                      self.good("render", "-f", "gemini", self.ISSUE))
        (self.folder / "notes/issues/2024-05-10.md").unlink()
        self.bad("render", self.ISSUE, place=r"notes/issues/2024-05-17\.md:7:\d+",
                 words=r"\[issue-missing\]")

    def test_without_a_publication(self):
        self.write("alone.md", GOOD)
        self.assertNotIn(b"Notes for whoever", self.good("render", "-f", "text", "alone.md"))


class Editions(WholePublication):
    def test_named(self):
        text = self.text("-e", "teaser")
        self.assertIn("The ferry is green.", text)
        self.assertNotIn("They came and went.", text)
        self.assertIn("https://harbour.example/2024-05-17", text)
        self.assertNotIn("A word for subscribers.", self.text("-e", "web"))
        self.assertIn("A word for subscribers.", self.text("--edition=email"))

    def test_of_the_format(self):
        self.assertIn("A word for subscribers.", self.text())
        self.assertNotIn(b"A word for subscribers.", self.good("render", self.ISSUE))
        self.assertIn(b"A word for subscribers.", self.good("render", "-e", "email", self.ISSUE))
        self.write("mine.lua", format_script().replace('extends', 'edition = "teaser", extends'))
        out = self.good("render", "-s", "mine.lua", self.ISSUE)
        self.assertIn(b"The ferry is green.", out)
        self.assertNotIn(b"They came and went.", out)
        self.write("alone.md", GOOD)
        self.bad("render", "-s", "mine.lua", "alone.md", place="news", words="'teaser'")
        self.good("render", "-s", "mine.lua", "-e", "text", "alone.md")

    def test_of_standard_input(self):
        out = self.good("render", "-e", "teaser", "-", stdin=LATEST.encode(),
                        cwd=self.folder / "notes" / "issues")
        self.assertNotIn(b"They came and went.", out)

    def test_unknown(self):
        for command in ("render", "inspect"):
            errors = self.bad(command, "-e", "taeser", self.ISSUE, status=2, words="teaser")
            self.assertIn("'taeser'", errors.replace('"', "'"))
            self.assertEqual(errors.count("\n"), 2, errors)
            self.bad(command, "-e", "", self.ISSUE, status=2)
        self.write("alone.md", GOOD)
        self.bad("render", "-e", "teaser", "alone.md", status=2)

    def test_unknown_because_of_an_error(self):
        self.write("notes/news.yaml", NEWS_YAML.replace("editions:", "editions: a: b:"))
        self.bad("render", "-e", "teaser", self.ISSUE, place=r"notes/news\.yaml:\d+:\d+", status=1)

    def test_findings_are_shown_once(self):
        self.write("notes/news.yaml", NEWS_YAML.replace("url: https://harbour.example/\n", ""))
        self.write("notes/issues/2024-05-17.md",
                   LATEST.replace("[last week](2024-05-10.md)", "[last week]()"))
        done = self.run_news("render", "-e", "teaser", self.ISSUE)
        self.assertEqual(done.returncode, 1)  # its readers could not go on
        codes = re.findall(r"(?m)^.+: (?:warning|error): .+ \[(.+)\]$", done.stderr.decode())
        self.assertEqual(sorted(codes), ["edition-address", "link-empty"])
        done = self.run_news("render", "-e", "web", self.ISSUE)
        self.assertEqual(re.findall(r"\[([a-z-]+)\]$", done.stderr.decode(), re.M), ["link-empty"])

    def test_inspected(self):
        tree = self.good("inspect", "-e", "teaser", self.ISSUE).decode()
        self.assertRegex(tree, r"\Aissue 1:1 .*edition=\"teaser\"")
        self.assertNotIn("They came and went.", tree)
        whole = self.good("inspect", self.ISSUE).decode()
        self.assertNotIn("edition=", whole.splitlines()[0])
        self.assertIn("They came and went.", whole)
        model = json.loads(self.good("inspect", "-j", "-e", "teaser", self.ISSUE))
        self.assertEqual(model["issue"]["edition"], "teaser")

    def test_every_node_is_shown_where_it_stands(self):
        tree = self.good("inspect", "-e", "email", self.ISSUE).decode()
        for line in (r"  publication: publication .*name=\"Harbour Notes\".*",
                     r"    masthead: paragraph 1:1 .*",
                     r"    recipient: mapping .*",
                     r"  notes: note \d+:\d+ id=\"paint\" number=1 refs=1",
                     r" +figure 13:1 image=13:1 caption=\"At the quay\" credit=\"Rui\".*",
                     r" +note_ref 11:\d+ id=\"paint\" number=1 note=\d+:\d+ index=1"):
            self.assertEqual(len(re.findall(f"(?m)^{line}$", tree)), 1, (line, tree))
        self.assertNotRegex(tree, r"(?m)^ *(links|images|credits|refs): ")

    def test_json_has_every_node_once(self):
        for edition in (), ("-e", "email"), ("-e", "teaser"):
            model = json.loads(self.good("inspect", "--json", *edition, self.ISSUE))
            self.assertEqual(model["issue"]["publication"]["kind"], "publication")
            self.assertEqual(model["issue"]["notes"][0]["kind"], "note")
            numbers = []

            def visit(value):
                if isinstance(value, list):
                    for one in value:
                        visit(one)
                elif isinstance(value, dict):
                    numbers.append(value["node"])
                    visit(list(value.values()))

            visit(model["issue"])
            self.assertEqual(sorted(numbers), list(range(len(numbers))))
            self.assertTrue(all(isinstance(one, int) for one in model["issue"]["links"]))


class MergeFields(WholePublication):
    def test_recipient(self):
        self.assertIn("You get this, dear reader,", self.text())
        text = self.text("--set", "first_name=Rosa = R.", "--set=token=t7")
        self.assertIn("You get this, Rosa = R.,", text)
        self.assertIn("https://harbour.example/leave?u=t7", text)
        self.assertIn("You get this, ,", self.text("--set", "first_name="))

    def test_dotted(self):
        self.write("alone.md", "Dear {{ list.first-name or \"all\" }}!\n")
        for arguments, words in (((), "Dear all!"), (("--set", "list.first-name=you"), "Dear you!")):
            self.assertEqual(self.text(*arguments, issue="alone.md"), words)

    def test_numbered(self):
        self.write("alone.md", "You get {{ order.1 }}.\n")
        self.assertEqual(self.text("--set", "order.1=a lamp", issue="alone.md"), "You get a lamp.")

    def test_without_a_value(self):
        self.write("alone.md", "Hello\n\nDear {{ first_name }}!\n")
        self.bad("render", "-f", "text", "alone.md", place=r"alone\.md:3:6", words="first_name")


class Output(Case):
    def setUp(self):
        super().setUp()
        self.write("issue.md", GOOD)
        self.expected = self.good("render", "-f", "text", "issue.md")

    def render(self, output, **more):
        return self.good("render", "-f", "text", "-o", output, "issue.md", **more)

    def test_new_file(self):
        self.assertEqual(self.render("out.txt", umask=0o027), b"")
        path = self.folder / "out.txt"
        self.assertEqual(path.read_bytes(), self.expected)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o640)
        self.assertEqual(self.names(), ["issue.md", "out.txt"])

    def test_existing_file_keeps_its_rights(self):
        path = self.write("out.txt", "old " * 1000)
        path.chmod(0o604)
        self.render("out.txt")
        self.assertEqual(path.read_bytes(), self.expected)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o604)
        self.assertEqual(self.names(), ["issue.md", "out.txt"])

    def test_existing_file_is_replaced_not_written_into(self):
        path = self.write("out.txt", "old")
        with path.open("rb") as reader:
            self.render("out.txt")
            self.assertEqual(reader.read(), b"old")

    def test_link_stays_a_link(self):
        self.write("site/real.txt", "old")
        (self.folder / "out.txt").symlink_to("site/real.txt")
        self.render("out.txt")
        self.assertTrue((self.folder / "out.txt").is_symlink())
        self.assertEqual((self.folder / "site" / "real.txt").read_bytes(), self.expected)

    def test_other_folder_and_absolute_path(self):
        (self.folder / "site").mkdir()
        self.render("site/a.txt")
        self.render(self.folder / "site" / "b.txt")
        self.assertEqual(sorted(p.name for p in (self.folder / "site").iterdir()),
                         ["a.txt", "b.txt"])

    def test_standard_output_by_name(self):
        self.assertEqual(self.render("-"), self.expected)

    def test_device(self):
        self.render("/dev/null")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_failed_render_leaves_the_file_alone(self):
        path = self.write("out.txt", "old")
        before = path.stat()
        self.write("mine.lua", format_script(rest="function f.link() error 'oh' end"))
        self.write("bad.md", b"\xff")
        self.bad("render", "-s", "mine.lua", "-o", "out.txt", "issue.md", words="oh")
        self.bad("render", "-o", "out.txt", "bad.md", words="UTF-8")
        self.bad("render", "-o", "new.txt", "bad.md", words="UTF-8")
        self.assertEqual(path.read_bytes(), b"old")
        self.assertEqual((path.stat().st_ino, path.stat().st_mtime_ns),
                         (before.st_ino, before.st_mtime_ns))
        self.assertEqual(self.names(), ["bad.md", "issue.md", "mine.lua", "out.txt"])

    def test_failed_write_leaves_the_file_alone(self):
        path = self.write("out.txt", "old")
        limit = len(self.expected) // 2

        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        self.bad("render", "-f", "text", "-o", "out.txt", "issue.md", place=r"out\.txt",
                 words="(?i)file too large", preexec_fn=small_files)
        self.assertEqual(path.read_bytes(), b"old")
        self.assertEqual(self.names(), ["issue.md", "out.txt"])

    def test_impossible_places(self):
        (self.folder / "site").mkdir()
        self.bad("render", "-o", "site", "issue.md", place="site", words="directory")
        self.bad("render", "-o", "no/such/out.txt", "issue.md", place=r"no/such/out\.txt",
                 words="no such folder")
        self.bad("render", "-o", "/dev/full", "issue.md", place="/dev/full", words="No space left")

    def test_issue_is_not_overwritten(self):
        (self.folder / "link.md").symlink_to("issue.md")
        for name in ("issue.md", "./issue.md", "link.md"):
            self.bad("render", "-o", name, "issue.md", status=2, words="the issue itself")
        self.assertEqual((self.folder / "issue.md").read_text(), GOOD)

    def test_full_disk(self):
        for arguments in (["render", "issue.md"], ["inspect", "issue.md"], ["formats"],
                          ["check", "issue.md"], ["check", "--json", "issue.md"],
                          ["inspect", "--json", "issue.md"], ["--help"], ["--version"]):
            with open("/dev/full", "wb") as full:
                self.bad(*arguments, stdout=full, place="standard output", words="No space left")

    def test_reader_that_went_away(self):
        for arguments in (["render", "issue.md"], ["inspect", "issue.md"]):
            reader, writer = os.pipe()
            os.close(reader)
            with os.fdopen(writer, "wb") as broken:
                self.bad(*arguments, stdout=broken, place="standard output", words="Broken pipe")

    def test_closed_standard_output(self):
        self.bad("render", "issue.md", preexec_fn=lambda: os.close(1), place="standard output")
        self.assertEqual((self.folder / "issue.md").read_text(), GOOD)


class Same(Case):
    """The same input gives the same bytes, wherever and whenever."""

    def test_surroundings(self):
        surroundings = [{}, {"LC_ALL": "C"}, {"LC_ALL": "C.UTF-8"}, {"LC_ALL": "tr_TR.UTF-8"},
                        {"LC_ALL": "de_DE.ISO-8859-1"}, {"TZ": "Asia/Kolkata"},
                        {"TZ": "America/Los_Angeles"}, {"HOME": "/nowhere", "COLUMNS": "20"}]
        for issue in ISSUES[:2]:
            for name in BUILT_IN:
                outputs = {self.good("render", "-f", name, issue, env=env) for env in surroundings}
                outputs.add(self.good("render", "-f", name, issue.name, cwd=issue.parent))
                outputs.add(self.good("render", "-f", name,
                                      os.path.relpath(issue, self.folder)))
                self.assertEqual(len(outputs), 1, (issue.name, name))

    def test_every_run(self):
        for script in SCRIPTS:
            outputs = {self.good("render", "-s", script, ISSUES[0]) for _ in range(5)}
            self.assertEqual(len(outputs), 1)
        outputs = {self.good("inspect", "--json", ISSUES[0]) for _ in range(5)}
        self.assertEqual(len(outputs), 1)

    def test_line_ends_and_byte_order_mark(self):
        for name in BUILT_IN:
            outputs = set()
            for content in (GOOD, GOOD.replace("\n", "\r\n"), "\ufeff" + GOOD):
                self.write("issue.md", content)
                outputs.add(self.good("render", "-f", name, "issue.md"))
            self.assertEqual(len(outputs), 1)

    def test_standard_input(self):
        self.write("stdin.md", GOOD)
        for name in BUILT_IN:
            self.assertEqual(self.good("render", "-f", name, "-", stdin=GOOD.encode()),
                             self.good("render", "-f", name, "stdin.md"))


class Inspect(Case):
    def nodes(self, node):
        yield node
        for value in node.values():
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, dict):
                    yield from self.nodes(child)

    def references(self, node):
        for field, value in node.items():
            if isinstance(value, list):
                yield from (one for one in value if not isinstance(one, dict))
            elif field == "link":
                yield value

    def test_json(self):
        for issue in ISSUES:
            text = self.good("inspect", "--json", issue).decode("utf-8")
            model = json.loads(text)
            self.assertEqual(model["name"], str(issue))
            self.assertEqual(model["findings"], [])
            self.assertEqual(model["issue"]["kind"], "issue")
            nodes = {}
            for node in self.nodes(model["issue"]):
                self.assertNotIn(node["node"], nodes)  # each is written once
                nodes[node["node"]] = node
                self.assertIn("children", node)
            self.assertEqual(sorted(nodes), list(range(len(nodes))))
            for node in nodes.values():
                for number in self.references(node):
                    self.assertIn(number, nodes)
            for number in model["issue"]["links"]:
                self.assertEqual(nodes[number]["kind"], "link")
            self.assertTrue(model["issue"]["links"])

    def test_json_escapes(self):
        self.write('na"me\\.md', 'Quote " backslash \\\\ tab\tend `\u001f`\n\n    code\n\tmore\n')
        model = json.loads(self.good("inspect", "--json", 'na"me\\.md'))
        self.assertEqual(model["name"], 'na"me\\.md')
        literals = [node.get("literal") for node in self.nodes(model["issue"])]
        self.assertIn("\u001f", literals)
        self.assertIn("code\nmore\n", literals)

    def test_json_of_a_name_that_is_not_utf8(self):
        os.rename(os.fsencode(self.write("issue.md", GOOD)),
                  os.fsencode(self.folder) + b"/is\xffsue.md")
        done = subprocess.run([NEWS, "inspect", "-j", b"is\xffsue.md"], cwd=self.folder,
                              capture_output=True, timeout=60, check=False)
        self.assertEqual(json.loads(done.stdout)["name"], "is\ufffdsue.md")

    def test_tree(self):
        self.write("issue.md", GOOD)
        text = self.good("inspect", "issue.md").decode()
        lines = text.splitlines()
        self.assertRegex(lines[0], r'^issue 1:1 title="Harbour Notes" .*date=2024-05-17.* links=3')
        self.assertIn('  paragraph 6:1 tight=false', lines)
        self.assertRegex(text, r'(?m)^  section 8:1 id="boats" title="Boats" level=2 .*items=2')
        self.assertRegex(text, r'(?m)^    heading: heading 8:1 ')
        self.assertRegex(text, r'(?m)^ +link 10:3 .*url="https://boats.example/ferry"')
        self.assertEqual(self.good("inspect", "-", stdin=GOOD.encode()).decode().splitlines()[1:],
                         lines[1:])

    def test_long_texts_are_cut(self):
        self.write("issue.md", "word " * 1000)
        self.assertLess(max(map(len, self.good("inspect", "issue.md").decode().splitlines())), 200)


class Embedding(Case):
    """The example programs say what the command says."""

    def setUp(self):
        super().setUp()
        self.issue = ISSUES[1]

    def run_example(self, name, *arguments):
        return subprocess.run([os.environ[name], *map(str, arguments)], cwd=self.folder,
                              capture_output=True, timeout=60, check=False)

    def test_hello(self):
        done = self.run_example("HELLO", self.issue)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(done.stdout, self.good("render", "-f", "text", self.issue))
        self.write("bad.md", b"abc\n\xff")
        done = self.run_example("HELLO", "bad.md")
        self.assertEqual((done.returncode, done.stdout), (1, b""))
        self.assertRegex(done.stderr, rb"^bad\.md:2:1: ")
        done = self.run_example("HELLO", "no-such.md")
        self.assertEqual((done.returncode, done.stderr), (1, b"no-such.md:0:0: cannot be read\n"))

    def test_walk(self):
        done = self.run_example("WALK", self.issue)
        links = json.loads(self.good("inspect", "--json", self.issue))["issue"]["links"]
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(len(done.stdout.splitlines()), len(links))


class Usage(Case):
    def test_help(self):
        self.assertEqual(self.good("--help"), self.good("help"))
        self.assertEqual(self.good("--help"), self.good("-h"))
        texts = [self.good("--help").decode()]
        for command in ("render", "check", "inspect", "formats", "new"):
            text = self.good(command, "--help").decode()
            self.assertEqual(text, self.good("help", command).decode())
            self.assertEqual(text, self.good(command, "-h", "whatever").decode())
            self.assertRegex(text, f"^Usage: news {command} ")
            self.assertIn(f"  {command} ", texts[0])
            texts.append(text)
        for text in texts:
            self.assertLessEqual(max(map(len, text.splitlines())), 90)
            self.assertTrue(text.endswith("\n"))

    def test_every_option_is_in_the_help(self):
        for command, options in (
                ("render", ("-f, --format", "-e, --edition", "-o, --output", "-w, --width",
                            "-s, --script", "-O, --option", "    --set", "-h, --help")),
                ("check", ("-j, --json", "-S, --strict", "-q, --quiet", "-h, --help")),
                ("inspect", ("-j, --json", "-e, --edition", "-h, --help"))):
            text = self.good(command, "--help").decode()
            for option in options:
                self.assertIn(f"  {option}", text)

    def test_version(self):
        self.assertRegex(self.good("--version").decode(), r"^news \d+\.\d+\.\d+\n$")

    def test_no_command(self):
        done = self.run_news()
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertEqual(done.stderr, self.good("--help"))

    def test_wrong_usage(self):
        self.write("issue.md", GOOD)
        for arguments, words, command in (
                (["rendr"], "'rendr'", "news"),
                (["--nonsense"], "'--nonsense'", "news"),
                (["help", "nonsense"], "'nonsense'", "news"),
                (["render"], "issue", "news render"),
                (["check"], "No file", "news check"),
                (["check", "--strict"], "No file", "news check"),
                (["check", "--json=yes", "issue.md"], "takes no value", "news check"),
                (["check", "-s", "issue.md"], "'-s'", "news check"),
                (["render", "issue.md", "-e"], "'-e' needs a value", "news render"),
                (["inspect", "issue.md", "--edition"], "needs a value", "news inspect"),
                (["render", "issue.md", "--set"], "'--set' needs a value", "news render"),
                (["render", "--set", "name", "issue.md"], "'name'.*NAME=VALUE", "news render"),
                (["render", "-f", "eml", "--to", "", "issue.md"], "--to is empty", "news render"),
                (["render", "-f", "eml", "--date=", "issue.md"], "--date is empty", "news render"),
                (["render", "--set", "=x", "issue.md"], "''", "news render"),
                (["render", "--set", "a.=x", "issue.md"], "'a.'", "news render"),
                (["render", "--set", "7up=x", "issue.md"], "'7up'", "news render"),
                (["render", "--set", "a..b=x", "issue.md"], "'a..b'", "news render"),
                (["render", "--set", "a.=x", "issue.md"], "'a.'", "news render"),
                (["render", "--set", "a b=x", "issue.md"], "'a b'", "news render"),
                (["render", "--set", "a=1", "--set=a=2", "issue.md"], "'a'.*twice", "news render"),
                (["render", "--set", b"a=\xff", "issue.md"], "'a'.*UTF-8", "news render"),
                (["inspect"], "issue", "news inspect"),
                (["render", "issue.md", "b.md"], "b.md", "news render"),
                (["inspect", "issue.md", "b.md"], "b.md", "news inspect"),
                (["formats", "issue.md", "b.md"], "b.md", "news formats"),
                (["render", "--nonsense", "issue.md"], "'--nonsense'", "news render"),
                (["render", "-x", "issue.md"], "'-x'", "news render"),
                (["render", "-qx", "issue.md"], "'-q'", "news render"),
                (["render", "issue.md", "-f"], "'-f' needs a value", "news render"),
                (["render", "issue.md", "--format"], "'--format' needs a value", "news render"),
                (["inspect", "--json=yes", "issue.md"], "takes no value", "news inspect"),
                (["render", "-w", "19", "issue.md"], "'19'", "news render"),
                (["render", "-w", "201", "issue.md"], "'201'", "news render"),
                (["render", "-w", "-30", "issue.md"], "'-30'", "news render"),
                (["render", "-w", "wide", "issue.md"], "'wide'", "news render"),
                (["render", "-w", "72x", "issue.md"], "'72x'", "news render"),
                (["render", "-O", "width", "issue.md"], "'width'", "news render"),
                (["render", "-O", "=x", "issue.md"], "'=x'", "news render")):
            errors = self.bad(*arguments, status=2, words=words)
            self.assertTrue(errors.startswith(f"{command}: "), errors)
            self.assertTrue(errors.endswith(f"\nTry '{command} --help'.\n"), errors)
            self.assertEqual(errors.count("\n"), 2)

    def test_order_of_arguments(self):
        self.write("-f", GOOD)
        expected = self.good("render", "-f", "text", "./-f")
        self.assertEqual(self.good("render", "./-f", "-f", "text"), expected)
        self.assertEqual(self.good("render", "--format=text", "--", "-f"), expected)
        self.assertEqual(self.good("render", "-ftext", "--", "-f"), expected)


if __name__ == "__main__":
    unittest.main()
