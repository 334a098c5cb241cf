#!/usr/bin/env python3
"""The binding for Python in examples/python, against the command, which reads the same issues in C,
and against news.h.

The environment names the command (NEWS), the source tree (SOURCE_ROOT), the folder of version.h
(BUILD_ROOT), and the compiler (CC); LD_LIBRARY_PATH leads to the library.
"""
import ctypes
import datetime
import gc
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

ROOT = Path(os.environ["SOURCE_ROOT"])
BUILD = Path(os.environ["BUILD_ROOT"])
NEWS = os.environ["NEWS"]
CC = shlex.split(os.environ["CC"])
BINDING = ROOT / "examples/python/libnews.py"
ISSUES = sorted((ROOT / "examples/newsletter/issues").glob("*.md"))
HEADER = ROOT / "include/news/news.h"

sys.path[:0] = [str(BINDING.parent), str(ROOT / "tests/header")]
import libnews  # noqa: E402
import news_h  # noqa: E402


def news(*arguments):
    done = subprocess.run([NEWS, *map(str, arguments)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, check=False)
    return done.stdout


class Declarations(unittest.TestCase):
    """What the binding says of the library is what news.h says."""

    structures = {"news_str": "_Str", "news_error": "_Error", "news_file": "_File",
                  "news_loader": "_Loader", "news_parse_options": "_ParseOptions",
                  "news_finding": "_Finding", "news_nodes": "_Nodes", "news_date": "_Date",
                  "news_value": "_Value", "news_option": "_Option",
                  "news_render_options": "_RenderOptions"}

    def values_in_c(self, expressions):
        lines = "\n".join(f'    printf("%lld\\n", (long long)({text}));' for text in expressions)
        program = ("#include <news/news.h>\n#include <stdio.h>\n"
                   f"int main(void)\n{{\n{lines}\n    return 0;\n}}\n")
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "values.c").write_text(program, encoding="utf-8")
            subprocess.run([*CC, f"-I{ROOT}/include", f"-I{BUILD}/include", "values.c", "-o",
                            "values"], cwd=folder, check=True)
            done = subprocess.run(["./values"], cwd=folder, check=True, stdout=subprocess.PIPE)
        return [int(line) for line in done.stdout.split()]

    def test_every_structure_is_looked_at(self):
        kinds = (ctypes.Structure, ctypes.Union)
        theirs = {name for name, value in vars(libnews).items()
                  if isinstance(value, type) and issubclass(value, kinds)}
        self.assertEqual(theirs - {"_Sized", "_As"}, set(self.structures.values()))

    def test_members(self):
        """In their places. A structure that has its size may have got more at its end since."""
        expressions, wanted = [], []
        for name, ours in self.structures.items():
            ours = getattr(libnews, ours)
            for member in (field[0] for field in ours._fields_):
                place = getattr(ours, member)
                expressions += [f"offsetof({name}, {member.rstrip('_')})",
                                f"sizeof((({name} *)0)->{member.rstrip('_')})"]
                wanted += [place.offset, place.size]
            if not issubclass(ours, libnews._Sized):
                expressions.append(f"sizeof({name})")
                wanted.append(ctypes.sizeof(ours))
        for expression, value, ours in zip(expressions, self.values_in_c(expressions), wanted):
            self.assertEqual(value, ours, expression)

    def test_constants(self):
        names = {"SYNTAX": "NEWS_ERR_SYNTAX", "ENCODING": "NEWS_ERR_ENCODING",
                 "LIMIT": "NEWS_ERR_LIMIT", "SCRIPT": "NEWS_ERR_SCRIPT",
                 "NOT_FOUND": "NEWS_ERR_NOT_FOUND", "CANCELLED": "NEWS_ERR_CANCELLED",
                 "WARNING": "NEWS_WARNING", "ERROR": "NEWS_ERROR"}
        self.assertEqual([getattr(libnews, name) for name in names],
                         self.values_in_c(names.values()))

    @staticmethod
    def kind_of(declaration):
        """What ctypes must know of a parameter or a result: its size, or that it is an address."""
        if "*" in declaration or re.search(r"\bnews_\w+_fn\b", declaration):
            return "address"
        words = declaration.replace("const ", "").split()
        return {"news_status": "int", "news_kind": "int"}.get(words[0], words[0])

    @staticmethod
    def kind_in_python(kind):
        known = {None: "void", ctypes.c_int: "int", ctypes.c_size_t: "size_t",
                 ctypes.c_uint32: "uint32_t", ctypes.c_bool: "bool"}
        return known.get(kind, "address")

    def test_functions(self):
        functions = news_h.functions(HEADER)
        for name, kinds in libnews._FUNCTIONS.items():
            result, arguments = re.fullmatch(rf"(.*){name}\((.*)\)", functions[name]).groups()
            declared = [result, *([] if arguments == "void" else arguments.split(","))]
            self.assertEqual([self.kind_in_python(kind) for kind in kinds],
                             [self.kind_of(text) for text in declared], name)


class Case(unittest.TestCase):
    def setUp(self):
        self.context = libnews.Context()

    def parse(self, text, read=None):
        return self.context.parse("issue.md", text, read)

    def parse_file(self, path):
        return self.context.parse(str(path), path.read_bytes(), libnews.read_file)


class Issues(Case):
    def test_render(self):
        for path in ISSUES:
            issue = self.parse_file(path)
            for name in ("html", "text", "gemini"):
                self.assertEqual(self.context.render(issue, name),
                                 news("render", "-f", name, path))
        issue = self.parse_file(ISSUES[1])
        text = self.context.render(issue, "text", edition="teaser", width=50,
                                   options={"links": "end"})
        self.assertEqual(text, news("render", "-f", "text", "-e", "teaser", "-w", 50,
                                    "-O", "links=end", ISSUES[1]))

    def compare(self, node, wanted, nodes):
        """A node, and all below it, with what `news inspect --json` tells of it."""
        self.assertEqual((node.kind, node.line, node.column),
                         (wanted["kind"], wanted["line"], wanted["column"]))
        nodes[wanted["node"]] = node
        for name in node.fields:
            value, told = node[name], wanted.get(name)
            if isinstance(value, (str, bool, int)) or value is None:
                if name != "parent":
                    self.assertEqual(value, told, (node.kind, name))
        children = list(node.children)
        self.assertEqual(len(children), len(wanted.get("children", [])))
        for child, below in zip(children, wanted.get("children", [])):
            self.assertEqual(child.parent, node)
            if isinstance(below, dict):
                self.compare(child, below, nodes)

    def test_model(self):
        for path in ISSUES:
            issue, nodes = self.parse_file(path), {}
            told = json.loads(news("inspect", "--json", path))
            self.compare(issue.root, told["issue"], nodes)
            self.assertGreater(len(nodes), 50)
            for link, number in zip(issue.root["links"], told["issue"]["links"], strict=True):
                self.assertEqual(link.kind, "link")
                if number in nodes:
                    self.assertEqual(link, nodes[number])

    def test_values(self):
        issue = self.parse("---\ndate: 2024-05-17 22:00 +0200\n---\n\n## One {#here}\n\n1. Text\n")
        zone = datetime.timezone(datetime.timedelta(hours=2))
        self.assertEqual(issue.root["date"], datetime.datetime(2024, 5, 17, 22, tzinfo=zone))
        section = issue.root["sections"][0]
        self.assertEqual((section["id"], section["level"], section["summary"]), ("here", 2, []))
        self.assertIsNone(issue.root["title"])
        self.assertIs(section["blocks"][0]["ordered"], True)
        self.assertEqual(section["heading"].parent, section)
        with self.assertRaises(KeyError):
            section["heights"]
        self.assertEqual(self.parse("---\ndate: 2024-05-17\n---\n\nText\n").root["date"],
                         datetime.date(2024, 5, 17))

    def test_editions(self):
        issue = self.parse("::: only web\nBoats\n:::\n\nText\n")
        self.assertEqual(list(issue.editions), ["web", "email", "text", "gemini"])
        email = self.context.edition(issue, "email")
        self.assertEqual([len(list(i.root.children)) for i in (issue, email)], [2, 1])

    def test_fields(self):
        issue = self.parse("Hello, {{ name }}.\n")
        self.assertEqual(self.context.render(issue, "text", fields={"name": "Åse"}), "Hello, Åse.\n")

    def test_format(self):
        self.context.load_format("loud.lua", "local f = require('news').format { name = 'loud', "
                                 "extends = 'text' }\nf.emph = '!{{ children }}!'\nreturn f\n")
        self.assertEqual(self.context.render(self.parse("So *it* is\n"), "loud"), "So !it! is\n")


class Mistakes(Case):
    def test_findings(self):
        for path in ISSUES:
            told = json.loads(news("check", "--json", path))
            found = self.context.check(self.parse_file(path))
            self.assertEqual([(f.line, f.column, f.code, f.message, f.help) for f in found],
                             [tuple(t[k] for k in ("line", "column", "code", "message", "help"))
                              for t in told])
        issue = self.parse("---\ndir: sideways\n---\n\nText\n")
        self.assertEqual([str(f) for f in issue.findings],
                         ['issue.md:2:6: error: "dir" must be ltr or rtl, not "sideways" '
                          '[front-matter-dir]'])

    def test_errors(self):
        with self.assertRaises(libnews.Error) as caught:
            self.context.render(self.parse("---\ndir: sideways\n---\n\nText\n"), "text")
        error = caught.exception
        self.assertEqual((error.status, error.source, error.line, error.column),
                         (libnews.SYNTAX, "issue.md", 2, 6))
        self.assertEqual(str(error),
                         'issue.md:2:6: "dir" must be ltr or rtl, not "sideways"')
        issue = self.parse("a")
        for status, call in ((libnews.ENCODING, lambda: self.parse(b"\xff")),
                             (libnews.NOT_FOUND, lambda: self.context.render(issue, "b")),
                             (libnews.NOT_FOUND, lambda: self.context.edition(issue, "b")),
                             (libnews.SCRIPT, lambda: self.context.load_format("b.lua", "a"))):
            with self.assertRaises(libnews.Error) as caught:
                call()
            self.assertEqual(caught.exception.status, status)

    def test_reader(self):
        """What a function raises comes out where it was called, and not through the library."""
        asked = []

        def read(path):
            asked.append(path)
            if path == "news.yaml":
                return b"name: Harbour Notes\nmasthead: top.md\n"
            raise PermissionError(path)

        with self.assertRaises(PermissionError):
            self.parse("Text\n", read)
        self.assertEqual(asked, ["news.yaml", "top.md"])
        self.assertIn("Text", self.context.render(self.parse("Text\n"), "text"))


class Lifetimes(Case):
    def test_nodes_keep_their_issue(self):
        heading = libnews.Context().parse("a.md", "## Low water\n").root["sections"][0]["heading"]
        gc.collect()
        self.assertEqual(heading["text"], "Low water")

    def test_threads(self):
        issue, wanted = self.parse_file(ISSUES[0]), news("render", "-f", "text", ISSUES[0])
        results = []

        def render():
            results.append(libnews.Context().render(issue, "text"))

        threads = [threading.Thread(target=render) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(results, [wanted] * 4)


class Program(unittest.TestCase):
    def run_program(self, *arguments):
        return subprocess.run([sys.executable, BINDING, *arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, check=False, cwd=ROOT)

    def test_program(self):
        done = self.run_program(ISSUES[1], "gemini")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        contents, _, text = done.stdout.partition("\n\n")
        self.assertRegex(contents, r"- Notices \(line \d+\)\n  - For the keepers \(line \d+\)\n")
        self.assertEqual(text, news("render", "-f", "gemini", ISSUES[1]))

    def test_mistake(self):
        done = self.run_program(ISSUES[1], "txet")
        self.assertEqual((done.returncode, done.stderr), (1, "there is no format 'txet'; did you "
                                                             "mean 'text'?\n"))


if __name__ == "__main__":
    unittest.main()
