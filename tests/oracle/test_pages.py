"""The web page and the HTML mail, looked at by programs that nobody here wrote:

    conformance  the Nu HTML checker (vnu): is it HTML?
    validate     html-validate, with its rules for accessibility
    browser      Chromium with axe-core: contrast, names and roles in light, in the dark and on a
                 telephone; and whether anything is wider than the window
    clients      caniemail: what of HTML and CSS do Gmail, Outlook, Apple Mail and Yahoo lack? (mail)

The pages are those of the example newsletter and of the golden files; of real newsletters, where they
are beside the checkout, the longest of each kind. What is accepted stands below, with the reason.

Exits 77, which the test runner takes for skipped, where a program is missing; './dev setup --oracles'
installs them all.

    test_pages.py KIND NEWS CORPUS
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MODULES = HERE.parent / 'node_modules'
FORMATS = {'html': '.html', 'email': '.mail.html'}
SKIPPED = 77

# ---- What is accepted: by program and format, what is found and why it stays ----

ACCEPTED = {
    ('conformance', 'email'): {
        r'Element “a” is missing required attribute “href”':
            'Word and Yahoo follow links within a mail to names of anchors only',
    },
    ('validate', 'email'): {
        'no-deprecated-attr':
            'Word, and programs that drop styles, read align, valign, width and cellpadding',
        'prefer-native-element': 'mail programs drop <article>, and keep a <div> with its role',
    },
    ('browser', 'html'): {
        'html-has-lang': 'real issues do not all say what language they are in',
    },
    ('browser', 'email'): {
        'html-has-lang': 'the same',
    },
    ('clients', 'email'): {
        '<body> element': 'what it says is said again by the tables in it',
        '<style> element': 'it only adds to what stands on the elements',
        '@media': 'in the style sheet: as above',
        'Attribute selector': 'in the style sheet: as above',
        'Class selector': 'in the style sheet: as above',
        'Descendant combinator': 'in the style sheet: as above',
        'Type selector': 'in the style sheet: as above',
        'Local anchors': 'where they do nothing the text is still there, in the same order',
        '<abbr> element': 'its words are still there',
        'aria-label attribute': 'what it adds is spoken only, and never all there is',
        'role attribute': 'the same',
        'border-radius': 'then the corners of buttons are square',
        'display:none': 'where it is not known the preheader is seen, and the text is none the worse',
        'overflow': 'it only helps to hide the preheader',
        'height property': 'height:auto, of pictures; min-height:auto is the same',
        'white-space': 'without it lines of code are not broken',
        'word-break': 'without it a very long address may be wider than a telephone',
    },
}


# ---- Pages ----

def examples():
    yield from sorted((ROOT / 'examples/newsletter/issues').glob('*.md'))


def golden():
    folder = ROOT / 'tests/golden'
    for page in sorted([*folder.glob('*.mail.html'), *folder.glob('*/*.mail.html')]):
        yield page.with_name(page.name.removesuffix('.mail.html') + '.md')


def real(corpus):
    """The reference, and of each newsletter the longest issue that renders as it stands."""
    reference = corpus.parent / 'reference'
    yield from sorted(reference.glob('*/issues/*.md'))
    for folder in sorted(path for path in corpus.glob('*') if path.is_dir()):
        issues = sorted(folder.glob('*.md'), key=lambda issue: issue.stat().st_size)
        yield from [issue for issue in issues if '{{' not in issue.read_text('utf-8')][-1:]


def render(news, format_name, issue):
    done = subprocess.run([news, 'render', '-f', format_name, issue.name], cwd=issue.parent,
                          capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f'{issue}: {done.stderr.decode()}')
    return done.stdout.decode()


def pages(news, issues, formats):
    return [{'name': f'{issue.parent.name}/{issue.stem}', 'format': name,
             'html': render(news, name, issue)} for issue in issues for name in formats]


# ---- Programs ----

def need(program, package):
    path = shutil.which(program)
    if path is None:
        skip(f'{package} is not installed')
    return path


def need_module(name):
    if not (MODULES / name).is_dir():
        skip(f"{name} is not installed; 'npm ci' in tests does it")
    return MODULES / name


def skip(why):
    print(f'skipped: {why}')
    sys.exit(SKIPPED)


def conformance(shown):
    java, jar = need('java', 'java'), need_module('vnu-jar') / 'build/dist/vnu.jar'
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for number, page in enumerate(shown):
            file = pathlib.Path(folder, f'{number}.html')
            file.write_text(page['html'], encoding='utf-8')
            files[file.name] = page
        done = subprocess.run([java, '-Xss8m', '-jar', jar, '--errors-only', '--exit-zero-always', '--format',
                               'json', *pathlib.Path(folder).glob('*.html')],
                              capture_output=True, check=True)
        for message in json.loads(done.stderr)['messages']:
            page = files[message.get('url', '').rpartition('/')[2]]
            yield {'page': page['name'], 'format': page['format'], 'rule': message['message'],
                   'message': f'line {message.get("lastLine")}: {message.get("extract", "")!r}'}


def by_node(kind, shown, *arguments):
    node = need('node', 'node')
    with tempfile.NamedTemporaryFile('w', suffix='.json', encoding='utf-8') as file:
        json.dump(shown, file)
        file.flush()
        done = subprocess.run([node, HERE / 'pages.mjs', kind, file.name, *arguments],
                              capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(done.stderr.decode())
    return [json.loads(line) for line in done.stdout.splitlines()]


def main(kind, news, corpus):
    news, corpus = str(pathlib.Path(news).resolve()), pathlib.Path(corpus)
    everything = [*examples(), *golden(), *real(corpus)]
    if kind == 'conformance':
        need_module('vnu-jar')
        shown = pages(news, everything, FORMATS)
        found = list(conformance(shown))
    elif kind == 'validate':
        need_module('html-validate')
        shown = pages(news, everything, FORMATS)
        found = by_node(kind, shown)
    elif kind == 'clients':
        need_module('caniemail')
        shown = pages(news, everything, ['email'])
        found = by_node(kind, shown)
    else:
        need_module('axe-core')
        chromium = need('chromium', 'chromium')
        shown = pages(news, [*examples(), *real(corpus)], FORMATS)
        shown += [{**page, 'axe': False} for page in pages(news, golden(), FORMATS)]
        found = by_node(kind, shown, chromium)
    return 1 if tell(kind, shown, found, corpus.is_dir()) else 0


def tell(kind, shown, found, complete):
    """Prints what is not accepted; and, of all pages, what is accepted but never found any more."""
    bad, used = 0, set()
    for finding in found:
        accepted = ACCEPTED.get((kind, finding['format']), {})
        rule = next((rule for rule in accepted if finding['rule'].startswith(rule)), None)
        if rule is not None:
            used.add((finding['format'], rule))
        else:
            bad += 1
            print(f'{finding["page"]}, {finding["format"]}: {finding["rule"]}\n    {finding["message"]}')
    for (of, format_name), accepted in ACCEPTED.items():
        for rule in accepted:
            if complete and of == kind and (format_name, rule) not in used:
                bad += 1
                print(f'{format_name}: "{rule}" is accepted, but nothing of it is found')
    print(f'{len(shown)} pages, {len(found)} findings, {bad} that are not accepted')
    return bad


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
