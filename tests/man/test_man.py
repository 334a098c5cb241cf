#!/usr/bin/env python3
"""The manual pages, as they are installed, say what is true: of the functions in news.h, of the
command's options, and of the keys in an issue. Their examples work, and a formatter has no
complaint.

The environment is that of tests/docs/test_docs.py, whose ways of running programs are used.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / 'tests/header'), str(ROOT / 'tests/docs')]
import news_h  # noqa: E402
import test_docs  # noqa: E402

HEADER = ROOT / 'include/news/news.h'
FUNCTIONS = news_h.functions(HEADER)
TYPES = news_h.types(HEADER)
CONSTANTS = news_h.constants(HEADER) | news_h.constants(ROOT / 'include/news/version.h.in')


class Page:
    """A page in mdoc, taken apart as far as the tests need."""

    def __init__(self, path):
        self.path = path
        self.lines = [line for line in path.read_text(encoding='utf-8').splitlines()
                      if not line.startswith(('.\\"', '.Dt '))]
        self.text = '\n'.join(self.lines)

    def part(self, macro, title):
        """The lines of a section (Sh) or of a part of one (Ss)."""
        begin = self.lines.index(f'.{macro} {title}') + 1
        ends = ('.Sh ',) if macro == 'Sh' else ('.Sh ', '.Ss ')
        end = next((i for i in range(begin, len(self.lines)) if self.lines[i].startswith(ends)),
                   len(self.lines))
        return self.lines[begin:end]

    def displays(self):
        """What stands in literal displays, as a reader sees it."""
        found = re.findall(r'^\.Bd -literal\n(.*?)^\.Ed$', self.text, re.M | re.S)
        return [text.replace('\\e', '\\') for text in found]

    def names(self):
        return [line.split()[1] for line in self.part('Sh', 'NAME') if line.startswith('.Nm ')]

    def prototypes(self):
        """Those of the synopsis, by name."""
        found, kind, name, arguments = {}, None, None, []
        for line in self.part('Sh', 'SYNOPSIS'):
            macro, _, rest = line.partition(' ')
            rest = rest.strip('"')
            if macro == '.Ft':
                kind = rest
            elif macro == '.Fo':
                name, arguments = rest, []
            elif macro == '.Fa':
                arguments.append(rest)
            elif macro == '.Fc':
                found[name] = news_h.in_one_line(f'{kind} {name}({",".join(arguments)})')
        return found

    def listed(self, macro, lines):
        """The words that lists name with this macro, in order."""
        items = [line for line in lines if line.startswith(f'.It {macro} ')]
        return [word for line in items for word in line.split()[2:] if word != ',']


def plain(line):
    """Words of a line of mdoc as they are printed."""
    text = re.sub(r'\bFl (-?\w[\w-]*)', lambda m: ('--' if m[1][0] == '-' else '-') +
                  m[1].lstrip('-'), line)
    text = re.sub(r'\.?\bOp (?:Ar )?(\S+)', r'[\1]', text)
    text = re.sub(r'(^\.|\b)(It|Ar|Cm|Nm|No) ?', '', text)
    return re.sub(r' Ns |(?<=\S) (?=,|\.\.\.)', '', text).strip()


class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        subprocess.run(['meson', 'install', '-C', str(test_docs.BUILD), '--no-rebuild', '--quiet',
                        '--tags', 'man', '--destdir', folder.name], check=True)
        cls.tree = next(pathlib.Path(folder.name).rglob('man3')).parent
        cls.pages = {path.name: Page(path) for path in sorted(cls.tree.glob('man*/*'))}
        cls.sources = {name: page for name, page in cls.pages.items()
                       if not page.path.is_symlink()}

    def source(self, name):
        """A folder for the examples of a page, and the page."""
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        return pathlib.Path(folder.name), self.sources[name]


class Form(Pages):
    def test_sources(self):
        """Every source is installed."""
        self.assertEqual(sorted(self.sources),
                         sorted(path.name for path in (ROOT / 'docs/man').glob('*.[1-9]')))

    def test_lint(self):
        """Including references to pages that are not there, where mandoc is: it looks for them
        beside a page."""
        command = ['mandoc', '-Tlint', '-Wall'] if shutil.which('mandoc') else [
            'groff', '-mdoc', '-ww', '-z', '-Tutf8']
        with tempfile.TemporaryDirectory() as folder:
            for name, page in self.pages.items():
                shutil.copy(page.path, pathlib.Path(folder, name))
            for name in self.sources:
                with self.subTest(page=name):
                    result = test_docs.run([*command, name], folder)
                    self.assertEqual(result, (0, '', ''))

    def test_references(self):
        count = 0
        for name, page in self.sources.items():
            for to, section in re.findall(r'\bXr (\S+) (\d)', page.text):
                with self.subTest(page=name, to=to):
                    self.assertIn(f'{to}.{section}', self.pages)
                count += 1
        self.assertGreater(count, 20)


class Functions(Pages):
    def test_each_has_a_page(self):
        wanted = {f'{name}.3' for name in [*FUNCTIONS, 'libnews']}
        self.assertEqual({name for name in self.pages if name.endswith('.3')}, wanted)

    def test_prototypes(self):
        """A page has the prototypes of the functions that it is found by, and of no others."""
        for name, page in self.pages.items():
            if not name.endswith('.3') or name == 'libnews.3':
                continue
            with self.subTest(page=name):
                self.assertIn(name[:-2], page.names())
                self.assertEqual(sorted(page.names()), sorted(page.prototypes()))
                for function, prototype in page.prototypes().items():
                    self.assertEqual(prototype, FUNCTIONS[function])

    def test_types(self):
        shown = {}
        for page in self.sources.values():
            for text in page.displays():
                if text.startswith('typedef '):
                    name = re.search(r'(\w+)(?:\)\([^()]*\))?;$', text.strip())[1]
                    shown[name] = news_h.in_one_line(text)
        for name, text in shown.items():
            with self.subTest(type=name):
                self.assertEqual(text, TYPES.get(name))
        sized = {name for name, text in TYPES.items() if '{size_t size;' in text}
        self.assertEqual(sized - set(shown), set())

    def test_names(self):
        """No page speaks of a function, a type, a constant or a member that is not there."""
        known = {*FUNCTIONS, *TYPES}
        words = set(re.findall(r'\w+', news_h.declarations(HEADER)))
        for name, page in self.sources.items():
            if not name.endswith('.3'):
                continue
            with self.subTest(page=name):
                self.assertEqual(set(re.findall(r'\bnews_\w+', page.text)) - known, set())
                self.assertEqual(set(re.findall(r'\bNEWS_\w+', page.text)) - CONSTANTS, set())
                members = ' '.join(re.findall(r'^\.(?:It )?Va (.*)$', page.text, re.M))
                self.assertEqual(set(re.findall(r'\w+', members)) - words, set())

    def test_statuses(self):
        page = self.sources['news_status_name.3']
        wanted = re.findall(r'NEWS_(?:OK|ERR_\w+)', TYPES['news_status'])
        self.assertEqual(page.listed('Dv', page.part('Sh', 'DESCRIPTION')), wanted)

    def test_options(self):
        """What may be set is explained, each member of it."""
        for name, kind in (('news_ctx_new.3', 'news_options'),
                           ('news_parse.3', 'news_parse_options'),
                           ('news_render.3', 'news_render_options'),
                           ('news_message_write.3', 'news_message')):
            page = self.sources[name]
            members = re.findall(r'(\w+)(?:,\*?(\w+))*;', TYPES[kind].split('{')[1].split('}')[0])
            wanted = {word for pair in members for word in pair if word} - {'size'}
            with self.subTest(page=name):
                self.assertEqual(set(page.listed('Va', page.lines)), wanted)


class Command(Pages):
    def help_of(self, *words):
        result = test_docs.run([test_docs.NEWS, *words, '--help'], ROOT)
        self.assertEqual(result.status, 0)
        return result.output

    def commands(self):
        listed = self.help_of().split('\nCommands:\n')[1].split('\n\n')[0]
        return re.findall(r'^  (\w+)', listed, re.M)

    def test_commands(self):
        headings = [line[4:] for line in self.sources['news.1'].lines if line.startswith('.Ss ')]
        self.assertEqual(headings, self.commands())

    def test_synopsis(self):
        text = '\n'.join(self.sources['news.1'].part('Sh', 'SYNOPSIS'))
        shown = {plain(' '.join(map(plain, line.splitlines())))
                 for line in re.split(r'^\.Nm\n', text, flags=re.M)[1:]}
        wanted = {'help [COMMAND]'}
        for command in self.commands():
            if command != 'help':
                usage = self.help_of(command).split('\n\n')[0]
                wanted |= set(re.findall(r'^(?:Usage:| {6}) news (.*)$', usage, re.M))
        self.assertEqual(shown, wanted)

    def test_options(self):
        page, count = self.sources['news.1'], 0
        main = page.part('Sh', 'DESCRIPTION')
        main = main[:main.index('.Ss render')]
        for command in ['', *(name for name in self.commands() if name != 'help')]:
            lines = page.part('Ss', command) if command else main
            shown = [plain(line) for line in lines if line.startswith('.It Fl ')]
            wanted = re.findall(r'^  ((?:-\w, |    )--\S+(?: [A-Z]\S*)?)  ',
                                self.help_of(*command.split()), re.M)
            with self.subTest(command=command):
                self.assertEqual(shown, [option.strip() for option in wanted])
            count += len(shown)
        self.assertGreater(count, 15)

    def test_environment(self):
        page = self.sources['news.1']
        code = ' '.join(path.read_text(encoding='utf-8') for path in (ROOT / 'cli').glob('*.c'))
        self.assertEqual(set(page.listed('Ev', page.lines)),
                         set(re.findall(r'\bgetenv\("(\w+)"\)', code)))

    def test_examples(self):
        folder, page = self.source('news.1')
        issue = self.sources['news-format.5'].displays()[1]
        (folder / 'issues').mkdir()
        for name in ('2024-05-17.md', 'issues/2024-05-17.md'):
            (folder / name).write_text(issue.replace('::: only paid', '::: only email'),
                                       encoding='utf-8')
        (folder / 'news.yaml').write_text(
            'url: https://harbour.example/\nissue_path: "{slug}"\nrecipient: {first_name: you}\n',
            encoding='utf-8')
        lines = re.findall(r'^\$ (.*)$', '\n'.join(page.displays()), re.M)
        for line in lines:
            with self.subTest(command=line):
                result = test_docs.run(['sh', '-c', line], folder)
                self.assertEqual((result.status, result.errors), (0, ''), result.output)
        self.assertGreater(len(lines), 3)


class Language(Pages):
    def keys_in(self, name, table):
        code = (ROOT / 'libnews/source' / name).read_text(encoding='utf-8')
        return set(re.findall(r'\{"(\w+)"', code.split(table)[1].split('};')[0]))

    def test_keys(self):
        page = self.sources['news-format.5']
        for title, source, more in (
                ('Front matter', 'front_fields.c', {'toc', 'contents', 'editions', 'smart'}),
                ('Publication', 'publication_keys.c', set())):
            with self.subTest(part=title):
                self.assertEqual(set(page.listed('Cm', page.part('Ss', title))),
                                 self.keys_in(source, 'known_keys[] = {') | more)

    def test_examples(self):
        folder, page = self.source('news-format.5')
        (folder / 'news.yaml').write_text(page.displays()[0], encoding='utf-8')
        (folder / '2024-05-17.md').write_text(page.displays()[1], encoding='utf-8')
        result = test_docs.run([test_docs.NEWS, 'check', '--strict', '2024-05-17.md'], folder)
        self.assertEqual(result, (0, '1 file: no findings\n', ''))
        result = test_docs.run([test_docs.NEWS, 'render', '-f', 'text', '-e', 'members',
                                '2024-05-17.md'], folder)
        for part in ('Good morning, reader.¹', ' 1. The bell: It rang twice.', '> — Log of',
                     '- The last lamplighter (Lamp Post)\n', 'There is a place', 'Photos: Ann Lee.'):
            self.assertIn(part, result.output)


class Examples(Pages):
    def test_program(self):
        folder, page = self.source('libnews.3')
        command, program = page.displays()
        self.assertEqual(command, 'cc prog.c $(pkg-config --cflags --libs libnews)\n')
        (folder / 'prog.c').write_text(program, encoding='utf-8')
        result = test_docs.compile_c(folder, 'prog.c', *test_docs.flags('--cflags', '--libs'))
        self.assertEqual((result.status, result.errors), (0, ''))
        result = test_docs.run(['./a.out'], folder)
        self.assertEqual(result.output.splitlines()[-1], 'The _tide_ is in.')

    def test_function(self):
        folder, page = self.source('news_node_get.3')
        code = test_docs.C_INCLUDES + page.displays()[-1] + '''
int main(void)
{
    const char *text = "[a](https://a.example/) [b](https://b.example/)\\n";
    news_ctx *ctx = NULL;
    news_issue *issue = NULL;
    if (news_ctx_new(&ctx, NULL, NULL) != NEWS_OK ||
        news_parse(ctx, &issue, "a.md", text, strlen(text), NULL, NULL) != NEWS_OK)
        return 1;
    print_links(issue);
    news_issue_unref(issue);
    news_ctx_free(ctx);
    return 0;
}
'''
        (folder / 'prog.c').write_text(code, encoding='utf-8')
        result = test_docs.compile_c(folder, 'prog.c', *test_docs.flags('--cflags', '--libs'))
        self.assertEqual((result.status, result.errors), (0, ''))
        self.assertEqual(test_docs.run(['./a.out'], folder).output,
                         'https://a.example/\nhttps://b.example/\n')


if __name__ == '__main__':
    unittest.main()
