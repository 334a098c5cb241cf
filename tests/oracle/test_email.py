"""The HTML of a mail, looked at by Python's HTML parser: what mail programs cannot read, or throw out,
must not be there, and what they need must be. All that is checked here holds for any issue; without
one, it is tried with the example newsletter and with what there are golden files of.

    test_email.py NEWS [ISSUE.md…]
"""
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import unittest
import urllib.parse

NEWS = str(pathlib.Path(sys.argv.pop(1)).resolve())
ROOT = pathlib.Path(__file__).resolve().parents[2]


def known_issues():
    yield from sorted((ROOT / 'examples/newsletter/issues').glob('*.md'))
    for page in sorted((ROOT / 'tests/golden').glob('**/*.mail.html')):
        yield page.with_name(page.name.removesuffix('.mail.html') + '.md')


ISSUES = [pathlib.Path(name) for name in sys.argv[1:]] or list(known_issues())
del sys.argv[1:]

CLIPPED = 102400 # Gmail cuts off what is behind
STYLE_SHEET = 16 * 1024
STYLE_OF_AN_ELEMENT = 60 # bytes, on average

FORBIDDEN = {'script', 'form', 'input', 'button', 'select', 'textarea', 'iframe', 'object', 'embed', 'svg',
             'math', 'video', 'audio', 'canvas', 'link', 'base', 'template'}
VOID = {'area', 'br', 'col', 'hr', 'img', 'meta', 'wbr'}
# What has padding in Word, or, as buttons and lists, is at home there without.
PADDED = {'td', 'th', 'a', 'ul', 'ol', 'body'}


class Element:
    def __init__(self, name, attributes, parent):
        self.name, self.attributes, self.parent = name, dict(attributes), parent
        self.children = []

    def style(self):
        pairs = (part.partition(':') for part in self.attributes.get('style', '').split(';') if part)
        return {name.strip(): value.strip() for name, _, value in pairs}

    def all(self, *names):
        for child in self.children:
            if isinstance(child, Element):
                if not names or child.name in names:
                    yield child
                yield from child.all(*names)

    def elements(self):
        return [child for child in self.children if isinstance(child, Element)]

    def text(self):
        return ''.join(child if isinstance(child, str) else child.text() for child in self.children)

    def is_hidden(self):
        return self.style().get('display') == 'none' or self.parent is not None and self.parent.is_hidden()


class Parser(html.parser.HTMLParser):
    """A tree. Every element must be closed, so that what stands within what is no guess."""

    def __init__(self, page):
        super().__init__()
        self.top = Element('', [], None)
        self.open, self.doctype, self.comments = self.top, None, []
        self.feed(page)
        self.close()
        assert self.open is self.top, f'<{self.open.name}> is not closed'

    def handle_decl(self, decl):
        self.doctype = decl

    def handle_comment(self, data):
        self.comments.append(data)

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f'<{tag}> has an attribute twice'
        element = Element(tag, attrs, self.open)
        self.open.children.append(element)
        if tag not in VOID:
            self.open = element

    def handle_endtag(self, tag):
        assert tag == self.open.name, f'</{tag}> closes <{self.open.name}>'
        self.open = self.open.parent

    def handle_data(self, data):
        self.open.children.append(data)


def render(issue, *options):
    done = subprocess.run([NEWS, 'render', '-f', 'email', *options, issue.name], cwd=issue.parent,
                          capture_output=True, check=True)
    return done.stdout.decode()


def inspect(issue):
    done = subprocess.run([NEWS, 'inspect', '--json', '-e', 'email', issue.name], cwd=issue.parent,
                          capture_output=True, check=True)
    return json.loads(done.stdout)['issue']


class Page(unittest.TestCase):
    """One issue; the class below is made once for each."""
    issue = None

    @classmethod
    def setUpClass(cls):
        cls.markup = render(cls.issue)
        cls.parser = Parser(cls.markup)
        cls.page = cls.parser.top
        cls.model = inspect(cls.issue)
        cls.body = next(cls.page.all('body'))

    def test_size(self):
        self.assertLess(len(self.markup.encode()), CLIPPED)
        styles = [style.text() for style in self.page.all('style')]
        self.assertEqual(len(styles), 1)
        self.assertLess(len(styles[0].encode()), STYLE_SHEET)

    def test_budget(self):
        elements = list(self.page.all())
        total = sum(len(element.attributes.get('style', '').encode()) for element in elements)
        self.assertLess(total / len(elements), STYLE_OF_AN_ELEMENT)

    def test_head(self):
        self.assertEqual(self.parser.doctype, 'DOCTYPE html')
        top = next(self.page.all('html'))
        self.assertIn(top.attributes['dir'], ('ltr', 'rtl'))
        self.assertEqual(top.attributes['lang'], next(self.page.all('div')).attributes.get('lang', top.attributes['lang']))
        metas = {meta.attributes.get('name', 'charset'): meta.attributes for meta in self.page.all('meta')}
        self.assertEqual(metas['charset']['charset'], 'utf-8')
        self.assertEqual(metas['color-scheme']['content'], 'light dark')
        title = next(self.page.all('title')).text()
        if '{{' not in self.model.get('subject', '{{'):
            self.assertEqual(title, self.model['subject'])
        self.assertNotEqual(title, '')

    def test_preheader(self):
        """It stands before all else, is not seen, and is long enough to keep the text out of the list of
        messages."""
        first = self.body.elements()[0]
        preheader = self.model.get('preheader')
        self.assertEqual(first.is_hidden(), preheader is not None)
        if preheader is not None and '{{' not in preheader:
            self.assertTrue(first.text().startswith(preheader))
            self.assertGreaterEqual(len(first.text()), 150)

    def test_article(self):
        article = [div for div in self.body.all('div') if div.attributes.get('role') == 'article']
        self.assertEqual(len(article), 1)
        self.assertEqual(article[0].attributes['aria-roledescription'], 'email')
        top = next(self.page.all('html')).attributes
        self.assertEqual([article[0].attributes[name] for name in ('lang', 'dir')], [top['lang'], top['dir']])

    def test_forbidden(self):
        for element in self.page.all():
            self.assertNotIn(element.name, FORBIDDEN)
            for name in element.attributes:
                self.assertFalse(name.startswith('on'), f'<{element.name} {name}>')
            for name, value in element.style().items():
                self.assertNotIn(name, ('float', 'position', 'transform'), element.name)
                self.assertNotIn('url(', value)
                if name == 'display':
                    self.assertIn(value, ('none', 'inline-block', 'block'), element.name)
                if name.startswith('padding'):
                    self.assertIn(element.name, PADDED)
        self.assertNotRegex(next(self.page.all('style')).text(),
                            r'@import|@font-face|url\(|position:|float:|(flex|grid)\b')

    def test_without_style_sheet(self):
        """Elements that programs give a look of their own have ours."""
        for link in self.body.all('a'):
            if 'href' in link.attributes and not any(isinstance(child, Element) and child.name == 'img'
                                                     for child in link.children):
                self.assertIn('color', link.style(), link.text())
        for cell in self.body.all('td', 'th'):
            if cell.text().strip() and not list(cell.all('table')):
                owner = cell
                while owner and not {'font', 'font-size'} & set(owner.style()):
                    owner = owner.parent
                self.assertIsNotNone(owner, 'type is set on the cell, or on its table')
        for paragraph in self.body.all('p'):
            self.assertIn('margin', paragraph.style())

    def test_type(self):
        """What is running text has at least 16 pixels."""
        for cell in self.body.all('td'):
            font = cell.style().get('font', '')
            if 'text' in cell.attributes.get('class', '').split() and font:
                self.assertGreaterEqual(int(re.match(r'(\d+)px', font)[1]), 16)

    def test_tables(self):
        for table in self.body.all('table'):
            if table.attributes.get('role') == 'presentation':
                self.assertEqual(table.attributes['cellpadding'], '0')
                self.assertEqual(table.attributes['cellspacing'], '0')
            else:
                self.assertIn('data', table.attributes['class'].split())
                self.assertTrue(list(table.all('thead')))
                for header in table.all('th'):
                    self.assertEqual(header.attributes['scope'], 'col')
        ghosts = [comment for comment in self.parser.comments if 'width="600"' in comment]
        self.assertEqual(len(ghosts), 1)
        closing = [comment for comment in self.parser.comments if '</table>' in comment]
        self.assertEqual(len(closing), 1)

    def test_images(self):
        images = [image for image in self.images() if image['src'] != '']
        written = [image.attributes for image in self.body.all('img')]
        self.assertGreaterEqual(len(written), len(images) and 1)
        for image in written:
            self.assertIn('alt', image)
            if self.model.get('url', '').startswith('http'):
                self.assertRegex(image['src'], '^https?://')
            self.assertNotRegex(image['src'], r'^data:')
            if 'width' in image:
                self.assertLessEqual(int(image['width']), 536)
        for image in images:
            if 'width' in image and 'height' in image:
                self.assertTrue(any(abs(int(one.get('height', 0)) * image['width'] -
                                        int(one.get('width', 0)) * image['height']) <= image['width']
                                    for one in written), 'its shape is kept')

    def images(self, node=None):
        node = self.model if node is None else node
        if isinstance(node, dict):
            if node.get('kind') == 'image':
                yield node
            for value in node.values():
                yield from self.images(value) if isinstance(value, (dict, list)) else ()
        else:
            for value in node:
                yield from self.images(value) if isinstance(value, (dict, list)) else ()

    def test_headings(self):
        levels = [int(heading.name[1]) for heading in self.body.all(*(f'h{n}' for n in range(1, 7)))]
        self.assertEqual(levels.count(1), 1)
        self.assertEqual(levels[0], 1)

    def test_anchors(self):
        ids = [element.attributes['id'] for element in self.body.all() if 'id' in element.attributes]
        self.assertEqual(len(ids), len(set(ids)))
        for link in self.body.all('a'):
            href = link.attributes.get('href', '')
            if href.startswith('#') and not self.is_writers(href):
                self.assertIn(urllib.parse.unquote(href[1:]), ids)

    def is_writers(self, href):
        """Written as it stands in the issue; `news check` reports one that leads nowhere."""
        return f'(<{href}>' in self.issue.read_text('utf-8') or f'({href}' in self.issue.read_text('utf-8')

    def test_ways_out(self):
        shown = [link.attributes.get('href', '') for link in self.body.all('a') if not link.is_hidden()]
        for name in ('url', 'unsubscribe'):
            address = self.model.get(name)
            if address is not None and '{{' not in address and address.isascii():
                self.assertIn(address, shown)
        if '{{' in self.model.get('unsubscribe', ''):
            self.assertTrue([one for one in shown if one.startswith(self.model['unsubscribe'].split('{{')[0])])


class Images(unittest.TestCase):
    """Where images travel with the mail, those beside the issue have a content id, which is the same for
    the same address."""

    TEXT = ('---\ntitle: t\nurl: https://a.example/b/c\n---\n\n![x](i/one.png){width=10 height=20}\n\n'
            'a ![y](i/one.png) ![z](i/two.png) ![w](https://b.example/three.png)\n')

    def sources(self, *options):
        done = subprocess.run([NEWS, 'render', '-f', 'email', *options, '-'], input=self.TEXT.encode(),
                              capture_output=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [image.attributes['src'] for image in Parser(done.stdout.decode()).top.all('img')]

    def test_remote(self):
        one, two = 'https://a.example/b/i/one.png', 'https://a.example/b/i/two.png'
        self.assertEqual(self.sources(), [one, one, two, 'https://b.example/three.png'])

    def test_inline(self):
        first, again, other, remote = self.sources('-O', 'images=inline')
        self.assertRegex(first, r'^cid:[0-9a-f]{16}@newsletter$')
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        self.assertRegex(other, '^cid:')
        self.assertEqual(remote, 'https://b.example/three.png')

    def test_mistaken(self):
        for option, words in (('images=attached', 'not one of remote, inline'),
                              ('accent=red', 'no colour'), ('accent=#00f";x', 'no colour')):
            done = subprocess.run([NEWS, 'render', '-f', 'email', '-O', option, '-'],
                                  input=self.TEXT.encode(), capture_output=True, check=False)
            self.assertEqual(done.returncode, 2)
            self.assertIn(words, done.stderr.decode())


def load_tests(loader, tests, pattern):
    del tests, pattern
    suite = unittest.TestSuite(loader.loadTestsFromTestCase(Images))
    for issue in ISSUES:
        case = type(f'{issue.parent.name}/{issue.name}', (Page,), {'issue': issue.resolve()})
        suite.addTests(loader.loadTestsFromTestCase(case))
    return suite


if __name__ == '__main__':
    unittest.main()
