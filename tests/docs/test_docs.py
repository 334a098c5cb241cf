"""Runs every example in the README and in docs/, so that none of them can go stale.

The fenced blocks of a document are tried in order, in a folder of its own where the files they make
stay. What happens to a block depends on its language:

    markdown   rendered in every built-in format, without errors or warnings
    yaml, cmake, meson   put into its file, for what comes after
    lua        loaded as a format, and the example issues rendered in it; a block that returns no
               format is taken for renderers of one called `format`
    jinja      a layout, which must have a file; rendered with `args`
    c          a program (it has a main) is compiled against the library and run; anything else is
               compiled, as the body of a function unless it defines some itself
    python     run, with the binding in examples/python
    console    lines that begin with "$ " are run; what stands below one must be what it prints
    text, html, gemtext, json   a result, which must be said to be one (see `rendered`)
    sh         commands for a person to type; each ./dev command must exist
    (none)     a picture in letters; not tried

In expected output "…" stands for anything. Remarks for the test stand in a comment before a block
and are not seen on the page, for example <!-- test: file=issue.md args="-w 60" -->:

    file=NAME      the block's text is also put into this file
    part           a markdown block is only put into its file: it is no issue, or is shown by a
                   later block
    args=…         of a program, or of `news render` for a lua block
    expect=…       must occur in what a program prints, or in a format's output
    status=N       how the program, or the last command of a console block, ends
    error=…        a markdown or lua block is wrong on purpose and must fail with these words
    warning=…      a markdown block is rendered with this warning
    extends=NAME   of a lua block that returns no format
    issue=NAME     the file that a lua block is tried with, instead of the example issues
    rendered=NAME  the block is what the markdown block before gives in this format
    result         the block is what the lua block or program before gave
    installed      the block is tried with the library as it is installed, by
                   tests/install/test_install.py

The environment names the command (NEWS), the build folder (BUILD_ROOT), the compiler (CC), and the
sanitizers that the library was built with (SANITIZE), if any.
"""
import collections
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / 'README.md', *sorted((ROOT / 'docs').glob('*.md'))]
EXAMPLES = sorted((ROOT / 'examples/newsletter/issues').glob('*.md'))
FORMATS = ('html', 'email', 'text', 'gemini')
SHOWN = ('html', 'text', 'gemini')  # in writing.md, side by side
RESULTS = ('text', 'html', 'gemtext', 'json')
REMARK_KEYS = {'file', 'part', 'args', 'expect', 'status', 'error', 'warning', 'extends', 'issue',
               'rendered', 'result', 'installed'}

NEWS = pathlib.Path(os.environ['NEWS']).resolve()
BUILD = pathlib.Path(os.environ['BUILD_ROOT']).resolve()
SANITIZERS = [name for name in re.findall(r'\w+', os.environ.get('SANITIZE', '')) if name != 'none']
CC, *CC_OPTIONS = shlex.split(os.environ.get('CC', 'cc'))
CC = [shutil.which(CC), *CC_OPTIONS, *(f'-fsanitize={name}' for name in SANITIZERS)]
CFLAGS = ['-std=c11', '-Wall', '-Wextra', '-Wpedantic', '-Werror', '-Wno-unused',
          '-Wno-unused-parameter']
ENVIRONMENT = {
    **os.environ,
    'PATH': f'{NEWS.parent}:{os.environ["PATH"]}',
    'PKG_CONFIG_PATH': str(BUILD / 'meson-uninstalled'),
    'LD_LIBRARY_PATH': str(BUILD / 'libnews'),
    'NO_COLOR': '1',
    'LC_ALL': 'C.UTF-8',
}

SECONDS = 60  # for each command

C_INCLUDES = '#include <news/news.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n'
# What the body of a function may speak of.
C_WRAPPER = C_INCLUDES + '''
void fragment(news_ctx *ctx, news_issue *issue, const news_node *node, const char *markdown,
              size_t len, news_loader files);
void fragment(news_ctx *ctx, news_issue *issue, const news_node *node, const char *markdown,
              size_t len, news_loader files)
{
    news_error error = NEWS_ERROR_INIT;
#line %d "%s"
%s
}
'''
LUA_WRAPPER = '''local news = require "news"
local format = news.format { name = "fragment", extends = "%s" }
%s
return format
'''

Block = collections.namedtuple('Block', 'path line language text remarks')
Result = collections.namedtuple('Result', 'status output errors')

FENCE = re.compile(r'^(`{3,}|~{3,})\s*(\S*)\s*$')
REMARKS = re.compile(r'^<!--\s*test:\s*(.*?)\s*-->$')


def read_remarks(text):
    remarks = {}
    for word in shlex.split(text):
        key, _, value = word.partition('=')
        if key not in REMARK_KEYS:
            raise ValueError(f'there is no remark "{key}"')
        remarks[key] = value
    return remarks


def blocks_of(path):
    """The fenced blocks of a document, each with the remarks that stand before it."""
    lines = path.read_text(encoding='utf-8').splitlines()
    blocks, remarks, at = [], {}, 0
    while at < len(lines):
        fence, remark = FENCE.match(lines[at]), REMARKS.match(lines[at])
        if remark:
            remarks = read_remarks(remark[1])
        elif fence:
            begin = at + 1
            at = begin
            while at < len(lines) and not (lines[at].startswith(fence[1]) and
                                           lines[at].strip(fence[1][0] + ' ') == ''):
                at += 1
            text = ''.join(line + '\n' for line in lines[begin:at])
            blocks.append(Block(path, begin + 1, fence[2], text, remarks))
            remarks = {}
        elif lines[at].strip():
            if remarks:
                raise ValueError(f'{path}:{at}: remarks for the test, but no block follows')
        at += 1
    return blocks


def run(command, folder, text=None):
    done = subprocess.run(command, cwd=folder, input=text, env=ENVIRONMENT, text=True,
                          capture_output=True, timeout=SECONDS, check=False)
    return Result(done.returncode, done.stdout, done.stderr)


def matches(wanted, got):
    """Whether `got` is as wanted, "…" standing for anything; spaces at the ends of lines, and
    lines at the end, do not count."""
    def plain(text):
        return '\n'.join(line.rstrip() for line in text.splitlines()).rstrip('\n')
    pattern = '.*'.join(re.escape(part) for part in plain(wanted).split('…'))
    return re.fullmatch(pattern, plain(got), re.DOTALL) is not None


def flags(*which):
    result = run(['pkg-config', *which, 'libnews'], BUILD)
    assert result.status == 0, result.errors
    return shlex.split(result.output)


def compile_c(folder, source, *options):
    return run([*CC, *CFLAGS, source, *options], folder)


class Trial:
    """One document's blocks, tried in order. Raises AssertionError for what is wrong."""

    def __init__(self, folder, counts):
        self.folder = pathlib.Path(folder)
        self.counts = counts
        self.issue = None   # the file of the last markdown block
        self.result = None  # what the last lua block or program gave
        self.number = 0
        for name in ('examples', 'dev', 'docs', 'include'):
            (self.folder / name).symlink_to(ROOT / name)
        (self.folder / 'build').symlink_to(BUILD)
        # "cc" in a document is the compiler of this build, with the options it needs.
        compiler = self.folder / 'bin/cc'
        compiler.parent.mkdir()
        compiler.write_text(f'#!/bin/sh\nexec {shlex.join(CC)} "$@"\n', encoding='utf-8')
        compiler.chmod(0o755)

    def file(self, block, extension):
        self.number += 1
        name = block.remarks.get('file') or f'block-{self.number}.{extension}'
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding='utf-8')
        return name

    def try_block(self, block):
        if block.language == '' or 'installed' in block.remarks:
            return
        method = 'result' if block.language in RESULTS else block.language
        if not hasattr(self, 'try_' + method):
            raise AssertionError(f'nothing is known of the language "{block.language}"')
        getattr(self, 'try_' + method)(block)
        self.counts[method] += 1

    # ---- Markdown ----

    def try_markdown(self, block):
        name = self.file(block, 'md')
        if 'part' in block.remarks:
            return
        self.issue = name
        for format_name in FORMATS:
            result = run([NEWS, 'render', '-f', format_name, self.issue], self.folder)
            if 'error' in block.remarks:
                assert result.status == 1, f'rendered as {format_name}, but is said to be wrong'
                assert block.remarks['error'] in result.errors, result.errors
                continue
            assert result.status == 0, result.errors
            assert result.output.strip(), f'nothing came out as {format_name}'
            if 'warning' in block.remarks:
                assert block.remarks['warning'] in result.errors, result.errors
            else:
                assert result.errors == '', result.errors

    def try_result(self, block):
        if 'rendered' in block.remarks:
            result = run([NEWS, 'render', *shlex.split('-f ' + block.remarks['rendered']),
                          self.issue], self.folder)
            assert result.status == 0, result.errors
            got = result.output
        else:
            assert 'result' in block.remarks, 'a result of what? Say <!-- test: rendered=… -->'
            got = self.result
        assert matches(block.text, got), 'it is now:\n' + got

    def put_into_its_file(self, block):
        assert 'file' in block.remarks, 'which file is it? Say <!-- test: file=… -->'
        self.file(block, block.language)

    try_yaml = try_cmake = try_meson = put_into_its_file

    # ---- Lua ----

    def try_lua(self, block):
        if not re.search(r'^return ', block.text, re.MULTILINE):
            block = block._replace(text=LUA_WRAPPER % (block.remarks.get('extends', 'text'),
                                                       block.text))
        script = self.file(block, 'lua')
        issues = [block.remarks['issue']] if 'issue' in block.remarks else EXAMPLES
        for issue in issues:
            result = run([NEWS, 'render', '-s', script, *shlex.split(block.remarks.get('args', '')),
                          issue], self.folder)
            if 'error' in block.remarks:
                assert result.status == 1, 'it worked, but is said to be wrong'
                assert block.remarks['error'] in result.errors, result.errors
            else:
                assert result.status == 0, result.errors
                assert result.output.strip(), 'the format writes nothing'
            assert block.remarks.get('expect', '') in result.output, result.output
            self.result = result.output

    def try_jinja(self, block):
        self.file(block, 'html')
        assert 'issue' in block.remarks, 'rendered with which issue? Say <!-- test: issue=… -->'
        result = run([NEWS, 'render', *shlex.split(block.remarks.get('args', '')),
                      block.remarks['issue']], self.folder)
        if 'error' in block.remarks:
            assert result.status == 1, 'it worked, but is said to be wrong'
            assert block.remarks['error'] in result.errors, result.errors
            return
        assert result.status == 0, result.errors
        assert block.remarks['expect'] in result.output, result.output

    # ---- C ----

    def try_c(self, block):
        is_program = re.search(r'^int main\(', block.text, re.MULTILINE) is not None
        if not is_program:
            whole = re.search(r'^(?:static|#include) ', block.text, re.MULTILINE)
            block = block._replace(
                text=(C_INCLUDES + f'#line {block.line} "{block.path.name}"\n' + block.text)
                if whole else C_WRAPPER % (block.line, block.path.name, block.text))
        source = self.file(block, 'c')
        program = './' + source[:-len('.c')]
        if is_program:
            result = compile_c(self.folder, source, '-o', program, *flags('--cflags', '--libs'))
        else:
            result = compile_c(self.folder, source, '-fsyntax-only', *flags('--cflags'))
        assert result.status == 0, result.errors
        if not is_program:
            self.counts['c fragments'] += 1
            return
        result = run([program, *shlex.split(block.remarks.get('args', ''))], self.folder)
        assert result.status == int(block.remarks.get('status', 0)), \
            f'exit status {result.status}\n{result.output}{result.errors}'
        assert block.remarks.get('expect', '') in result.output + result.errors, \
            result.output + result.errors
        self.result = result.output + result.errors
        self.counts['c programs'] += 1

    # ---- Python ----

    def try_python(self, block):
        script = self.file(block, 'py')
        result = run(['env', f'PYTHONPATH={ROOT}/examples/python', 'python3', script], self.folder)
        assert result.status == 0, result.errors
        assert block.remarks.get('expect', '') in result.output, result.output

    # ---- Commands ----

    def try_console(self, block):
        steps = []  # [command, output]
        for line in block.text.splitlines(keepends=True):
            if line.startswith('$ '):
                steps.append([line[2:], ''])
            elif steps and steps[-1][1] == '' and steps[-1][0].endswith('\\\n'):
                steps[-1][0] += line
            else:
                assert steps, 'a console block begins with "$ "'
                steps[-1][1] += line
        for number, (command, wanted) in enumerate(steps):
            result = run(['sh', '-c', f'exec 2>&1\nPATH=$PWD/bin:$PATH\n{command}'], self.folder)
            last = number + 1 == len(steps)
            status = int(block.remarks.get('status', 0)) if last else 0
            assert result.status == status, \
                f'{command}exit status {result.status}\n{result.output}'
            assert not wanted or matches(wanted, result.output), \
                f'{command}now prints:\n{result.output}'

    def try_sh(self, block):
        known = re.findall(r'^  (\w+) {2,}', (ROOT / 'dev').read_text(encoding='utf-8'),
                           re.MULTILINE)
        for command in re.findall(r'\./dev (\w+)', block.text):
            assert command in known, f'there is no ./dev {command}'


def relative(path):
    return path.relative_to(ROOT)


class Documents(unittest.TestCase):
    counts = collections.Counter()

    def test_examples(self):
        for path in DOCUMENTS:
            with tempfile.TemporaryDirectory() as folder:
                trial = Trial(folder, self.counts)
                for block in blocks_of(path):
                    with self.subTest(block=f'{relative(path)}:{block.line}'):
                        trial.try_block(block)
        print('tried:', ', '.join(f'{count} {sort}' for sort, count in self.counts.items()))
        for sort in ('markdown', 'lua', 'c programs', 'c fragments', 'console', 'result', 'sh'):
            self.assertGreater(self.counts[sort], 0, f'no block of the sort "{sort}" was tried')

    def test_links(self):
        """Relative links lead to files that are there, and to headings that they have."""
        links = 0
        for path in DOCUMENTS:
            text = without_code(path.read_text(encoding='utf-8'))
            targets = re.findall(r'\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"', text)
            for target in (a or b for a, b in targets):
                if re.match(r'[a-z]+:', target):
                    continue
                name, _, anchor = target.partition('#')
                to = (path.parent / name).resolve() if name else path
                with self.subTest(link=f'{relative(path)}: {target}'):
                    self.assertTrue(to.exists(), 'there is no such file')
                    if anchor:
                        self.assertIn(anchor, anchors_of(to))
                links += 1
        self.assertGreater(links, 0)

    def test_pictures_are_small(self):
        pictures = sorted((ROOT / 'docs/images').glob('*.png'))
        self.assertGreater(len(pictures), 0)
        for picture in pictures:
            self.assertLessEqual(picture.stat().st_size, 200 * 1024, picture.name)


def rows_below(text, header):
    """The rows of the table that begins so, each as the texts of its cells."""
    table = text.split('\n' + header)[1].split('\n\n')[0]
    cells = [re.split(r' *(?<!\\)\| *', line) for line in table.splitlines()[2:]]
    return [[cell.replace('\\|', '|') for cell in row[1:-1]] for row in cells]


CODE = re.compile(r'(`+)(.+?)(?<!`)\1(?!`)|<br>')


def code_in(cell):
    """What stands between back-ticks, and the line breaks between."""
    return [{'': '\n', '`': code}.get(ticks, code.strip()) for ticks, code in CODE.findall(cell)]


WRITING = (ROOT / 'docs/writing.md').read_text(encoding='utf-8')


class Tables(unittest.TestCase):
    """The tables of docs/writing.md tell of all there is, and say what is true."""

    def test_keys(self):
        """Of front matter and of news.yaml: those that are read, and no others."""
        for header, source, more in (
                ('## Front matter', 'front_fields.c', {'toc', 'contents', 'editions', 'formats', 'smart'}),
                ('### The keys of `news.yaml`', 'publication_keys.c', set())):
            text = WRITING.split(header + '\n')[1]
            documented = {key for row in rows_below(text, '| key | meaning |')
                          for key in code_in(row[0])}
            code = (ROOT / 'libnews/source' / source).read_text(encoding='utf-8')
            listed = code.split('known_keys[] = {')[1].split('};')[0]
            read = set(re.findall(r'\{"(\w+)"', listed))
            with self.subTest(table=header):
                self.assertEqual(documented, read | more)

    def test_what_becomes_of_it(self):
        """Where the first cell is code, what is code in the others is in what is made of it."""
        rest = '\n\nText.\n\n## One\n\nText.\n\n## Two\n\nText.\n'
        tried = 0
        for row in rows_below(WRITING, '| you write |'):
            source, *cells = map(code_in, row)
            if CODE.sub('', row[0]) != '':
                continue
            for format_name, wanted in zip(SHOWN, cells):
                done = run([NEWS, 'render', '-f', format_name, '-'], ROOT, ''.join(source) + rest)
                self.assertEqual((done.status, done.errors), (0, ''), row[0])
                for part in wanted:
                    with self.subTest(row=row[0], format=format_name):
                        self.assertTrue(part in done.output, f'"{part}" is not there')
                    tried += 1
        self.assertGreater(tried, 80)


class Messages(unittest.TestCase):
    def test_messages(self):
        """The messages that docs/writing.md explains are in the sources, word for word."""
        messages = [row[0].strip('`') for row in rows_below(WRITING, '| message |')]
        self.assertGreater(len(messages), 0)
        sources = ' '.join(path.read_text(encoding='utf-8')
                           for path in sorted((ROOT / 'libnews').glob('*/*.c')))
        sources = re.sub(r'"\s*\n\s*"', '', sources).replace('\\"', '"')
        for message in messages:
            # Without what is filled in: what stands in quotes, names of tags, numbers.
            parts = re.split(r'"(?:\w|::: |\{\{)[^"]*"|<[^>]*>|0x\w+|\d+|…', message)
            with self.subTest(message=message):
                part = max(parts, key=len).strip()
                self.assertTrue(part in sources, f'"{part}" is in no source')


def without_code(text):
    text = re.sub(r'^(`{3,}).*?^\1`*\s*$', '', text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r'`[^`\n]+`', '', text)


def anchors_of(path):
    """The ids that GitHub gives to headings."""
    text = re.sub(r'^(`{3,}).*?^\1`*\s*$', '', path.read_text(encoding='utf-8'),
                  flags=re.MULTILINE | re.DOTALL)
    return {re.sub(r'[^\w\- ]', '', heading.lower()).strip().replace(' ', '-')
            for heading in re.findall(r'^#+ +(.*)$', text, re.MULTILINE)}


class LuaReference(unittest.TestCase):
    """What docs/lua.md lists is what there is, no less and no more."""

    text = (ROOT / 'docs/lua.md').read_text(encoding='utf-8')

    def test_fields(self):
        program = C_INCLUDES + '''
int main(void)
{
    for (int kind = NEWS_KIND_NONE + 1; kind < NEWS_KIND_COUNT; kind++) {
        printf("%s", news_kind_name((news_kind)kind));
        for (size_t i = 0; news_kind_field((news_kind)kind, i) != NULL; i++)
            printf(" %s", news_kind_field((news_kind)kind, i));
        printf("\\n");
    }
    return 0;
}
'''
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, 'fields.c').write_text(program, encoding='utf-8')
            done = compile_c(folder, 'fields.c', '-o', 'fields', *flags('--cflags', '--libs'))
            self.assertEqual(done.status, 0, done.errors)
            lines = run(['./fields'], folder).output.splitlines()
        real = {kind: set(fields) for kind, *fields in (line.split() for line in lines)}
        every = set.intersection(*real.values())
        table = self.text.split('\n## Nodes and their fields\n')[1].split('\n## ')[0]
        documented = {}
        for kinds, fields in re.findall(r'^\| (`\w+`(?:, `\w+`)*) \| (.*) \|$', table, re.MULTILINE):
            for kind in re.findall(r'`(\w+)`', kinds):
                # A field's name stands before what is said of it, which is in parentheses.
                names = re.findall(r'`(\w+)`', re.sub(r'\([^()]*\)', '', fields))
                self.assertNotIn(kind, documented)
                documented[kind] = every | set(names)
        self.assertEqual(documented, real)

    def test_methods_of_out(self):
        source = (ROOT / 'libnews/script/out.c').read_text(encoding='utf-8')
        listed = source.split('luaL_Reg methods[] =')[1].split('};')[0]
        table = self.text.split('\n## The output: `out`\n')[1].split('\n## ')[0]
        rows = ''.join(re.findall(r'^\|([^|]*)\|', table, re.MULTILINE))
        self.assertEqual(set(re.findall(r'out:(\w+)', rows)),
                         set(re.findall(r'\{"(\w+)"', listed)))

    def test_functions_of_news(self):
        source = (ROOT / 'libnews/script/helpers.c').read_text(encoding='utf-8')
        listed = source.split('luaL_Reg functions[] =')[1].split('};')[0]
        table = self.text.split('\n## `news`\n')[1].split('`require "news.words"`')[0]
        self.assertEqual(set(re.findall(r'^\| `news\.(\w+)\(', table, re.MULTILINE)),
                         set(re.findall(r'\{"(\w+)"', listed)))

    def test_names_in_layouts(self):
        source = (ROOT / 'libnews/script/layout_globals.c').read_text(encoding='utf-8')
        listed = source.split('helpers[] =')[1].split(';')[0]
        set_there = re.findall(r'lua_setfield\(L, -2, "([a-z]+)"\)', source)
        table = self.text.split('Besides what scripts have, a layout sees')[1].split('and what')[0]
        rows = ''.join(re.findall(r'^\|([^|]*)\|', table, re.MULTILINE))
        self.assertEqual(set(re.findall(r'`(\w+)`', rows)),
                         set(re.findall(r'"(\w+)"', listed)) | set(set_there))

    def test_names_that_formats_give(self):
        table = self.text.split('what the format gives:')[1].split('A format of yours')[0]
        for layout, cell in re.findall(r'^\| `([\w.]+)` \| (.*) \|$', table, re.MULTILINE):
            script = {'web.html': 'html', 'email.html': 'email', 'text.txt': 'text',
                      'gemini.gmi': 'gemini'}[layout]
            source = (ROOT / f'scripts/{script}.lua').read_text(encoding='utf-8')
            if 'page.names(issue)' in source:
                shared = (ROOT / 'scripts/news/page.lua').read_text(encoding='utf-8')
                names = shared.split('function page.names(issue)')[1].split('return {')[1]
                given = names.split('\n  }')[0] + ''.join(re.findall(r'names(\.\w+ =)', source))
            else:
                given = source.split('out:layout(out.options.layout, {')[1].split('\n  })')[0]
            said = {re.split(r'[.(]', name)[0] for name in re.findall(r'`([a-z][\w.]*)', cell)}
            self.assertEqual(said - {'require'}, set(re.findall(r'[\s,.](\w+) =', given)))

    def test_settings_of_a_format(self):
        source = (ROOT / 'libnews/script/format.c').read_text(encoding='utf-8')
        listed = source.split('settings[] =')[1].split('};')[0]
        table = self.text.split('`news.format { … }` takes')[1].split('\n## ')[0]
        self.assertEqual(set(re.findall(r'^\| `(\w+)` \|', table, re.MULTILINE)),
                         set(re.findall(r'"(\w+)"', listed)))


if __name__ == '__main__':
    unittest.main(verbosity=1)
