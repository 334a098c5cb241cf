"""Puts every string of attacks.json into every place of a document that may hold a value, and has
other programs look at what comes out:

    structure   parse5 must see the same elements and attributes as with a harmless string, and the
                string itself where it is shown
    browser     in Chromium nothing may run, nothing may be fetched that is not an address's, and
                scripts must receive the string as it is

The places are those of `contexts` (see contexts.c) and those of an issue: front matter, Markdown,
attributes, merge fields. Exits 77, which the test runner takes for skipped, where a program is
missing; './dev setup --oracles' installs them all.

    test_xss.py structure|browser CONTEXTS NEWS
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HARMLESS = (b'harmless', b'/harmless', b'2x') # each place takes one of them
SKIPPED = 77


def string_of(entry):
    """Attacks are strings; or bytes in hexadecimal; or a string that is repeated."""
    if isinstance(entry, str):
        return entry.encode()
    if 'hex' in entry:
        return bytes.fromhex(entry['hex'])
    return entry['repeat'].encode() * entry['times']


def read_attacks():
    groups = json.loads((HERE / 'attacks.json').read_text(encoding='utf-8'))
    return [string_of(entry) for group in groups.values() for entry in group]


# ---- What a string looks like on the page ----

def decode(value):
    """Each byte that is not UTF-8 becomes U+FFFD."""
    text = ''
    while value:
        try:
            return text + value.decode()
        except UnicodeDecodeError as error:
            text += value[:error.start].decode() + '\ufffd'
            value = value[error.start + 1:]
    return text


def shown(value):
    """Text on a page has no control characters, and every line ends in the same way."""
    text = re.sub('[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]', '\ufffd', decode(value))
    return re.sub('\r\n?', '\n', text)


# ---- Values in markup ----

def expectations(contexts):
    listing = subprocess.run([contexts, '--list'], capture_output=True, text=True, check=True)
    return dict(line.split() for line in listing.stdout.splitlines())


def write_values(contexts, values):
    """For each value the places that took it, with what was written there."""
    names = expectations(contexts)
    given = b''.join(b'%d\n%s' % (len(value), value) for value in values)
    out = subprocess.run([contexts], input=given, capture_output=True, check=True).stdout
    at, results = 0, []
    for value in values:
        taken = {}
        for name, expected in names.items():
            end = out.index(b'\n', at)
            found, status, length = out[at:end].split()
            written = out[end + 1:end + 1 + int(length)]
            at = end + 1 + int(length)
            assert found.decode() == name
            if expected == 'refuses' and status == b'ok':
                fail(f'{name} took {value!r}')
            if expected in ('holds', 'takes', 'records') and status != b'ok':
                fail(f'{name} refused {value!r}: {written.decode()}')
            if status == b'ok':
                taken[name] = written.decode()
        results.append(taken)
    return results


PAGE = ('<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>x</title></head>'
        '<body>{}<p class="last">end</p></body></html>')


# ---- Values in issues ----

def quoted(value):
    """As a YAML string."""
    return json.dumps(value, ensure_ascii=False)


def escaped(value):
    """As text of one line in Markdown."""
    value = re.sub(r'[\r\n]', ' ', value)
    return re.sub(r'([!-/:-@\[-`{-~])', r'\\\1', value)


def link(value):
    """As the destination of a link, on one line."""
    return re.sub(r'([<>\\])', r'\\\1', re.sub(r'[\r\n]', ' ', value))


def fenced(value):
    fence = '`' * (3 + max((len(run) for run in re.findall('`+', value)), default=0))
    return f'{fence}\n{value}\n{fence}'


def issue(front, body='Text.'):
    front = ''.join(f'{key}: {value}\n' for key, value in front.items())
    return f'---\ntitle: Title\n{front}---\n\n{body}\n' if 'title' not in front else \
        f'---\n{front}---\n\n{body}\n'


def front(v):
    return issue({'title': quoted(v), 'summary': quoted(v), 'authors': f'[{quoted(v)}, "b"]',
                  'tags': f'[{quoted(v)}]', 'number': quoted(v), 'contents': quoted(v),
                  'toc': 'true'}, '## One\n\na\n\n## Two\n\nb')


def body(v):
    text = escaped(v)
    return issue({}, f"""a {text} **b {text} c**[^n]

## {text}

- [d {text}](https://a.example/). e ({text})

| f | g {text} |
|---|---|
| h {text} | i |

> j
>
> — k {text}

[l](/m "n {text}")

![o {text}](/p.png "q {text}") r

![r {text}](/s.png "t {text}"){{credit="u"}}

{fenced(v)}

[^n]: w {text}""")


# Each place makes an issue of a string.
PLACES = {
    'front matter': front,
    'body': body,
    'language': lambda v: issue({'lang': quoted(v)}),
    'url': lambda v: issue({'url': quoted(v)}),
    'image': lambda v: issue({'image': quoted(v)}),
    'link': lambda v: issue({}, f'[a](<{link(v)}>)'),
    'image source': lambda v: issue({}, f'a ![b](<{link(v)}>) c'),
    'field': lambda v: issue({'title': '"a {{ v }}"'}, 'b {{ v }} c'),
    'field in an address': lambda v: issue({}, '[a](https://a.example/{{ v }}?b={{ v }})'),
    'attributes': lambda v: issue({}, f'## a {{#b-{v} .c key="{v}"}}\n\n'
                                      f'![d](/e.png){{credit="{v}"}}'),
    'directive': lambda v: issue({}, f'::: note "{v}" key="{v}"\na\n:::\n\n'
                                     f'~~~ {escaped(v)}\nb\n~~~'),
    'markdown': lambda v: issue({}, v),
}
# What these are given may be markup, or an attribute list that is none.
FREE = {'attributes', 'directive', 'markdown'}
IMAGES = {'body', 'image', 'image source'}


def render(news, folder, place, value, name='html'):
    """The page in this format, or None when the issue is refused."""
    text = PLACES[place](decode(value))
    fields = [b'--set', b'v=' + value] if place.startswith('field') else []
    if fields and b'\0' in value:
        return None
    result = subprocess.run([news, 'render', '-f', name, *fields, '-'], input=text.encode('utf-8'),
                            capture_output=True, cwd=folder)
    if result.returncode not in (0, 1, 2): # 2: a field may have no control characters
        fail(f'news ended with {result.returncode}: {place}: {value!r}')
    return result.stdout.decode() if result.returncode == 0 else None


def render_all(news, values, name='html', places=PLACES):
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = {(place, value): pool.submit(render, news, folder, place, value, name)
                for place in places for value in values}
        return {key: job.result() for key, job in jobs.items()}


# ---- Documents ----

problems = []


def fail(problem):
    problems.append(problem)


def structure_documents(contexts, news, attacks):
    """One for each place and value. It must have the structure of a model with the same `like`."""
    values = [*HARMLESS, *attacks]
    expected = expectations(contexts)
    for value, taken in zip(values, write_values(contexts, values)):
        for name, markup in taken.items():
            yield {'id': f'{name}: {value[:80]!r}', 'html': PAGE.format(markup), 'like': name,
                   'holds': shown(value) if expected[name] == 'holds' else None,
                   'stays': expected[name] != 'loads', 'text': True,
                   'model': value in HARMLESS}
    values.append(b'') # as which an address counts that may not be linked to
    for (place, value), page in render_all(news, values).items():
        if page is not None:
            like = None if place in FREE else f'issue {place}'
            yield {'id': f'{place} of an issue: {value[:80]!r}', 'html': page, 'like': like,
                   'holds': None, 'stays': False, 'text': False,
                   'model': value in HARMLESS or value == b''}
    wide = b'harmless' * 8 # with which a table is written in another way
    for (place, value), page in render_all(news, [*values, wide], 'email', set(PLACES) - FREE).items():
        if page is not None:
            yield {'id': f'{place} of a mail: {value[:80]!r}', 'html': page, 'like': f'mail {place}',
                   'holds': None, 'stays': False, 'text': False,
                   'model': value in HARMLESS or value in (b'', wide)}


def browser_documents(contexts, news, attacks):
    """All places of one value in one document, but for those that may load something."""
    expected = expectations(contexts)
    pages = render_all(news, attacks)
    for value, taken in zip(attacks, write_values(contexts, attacks)):
        for loads in (False, True):
            names = [name for name in taken if (expected[name] == 'loads') == loads]
            places = [place for place in PLACES if (place in FREE | IMAGES) == loads]
            issues = [pages[place, value] or '' for place in places]
            yield {'id': repr(value[:80]), 'loads': loads, 'value': decode(value),
                   'records': [name for name in names if expected[name] == 'records'],
                   'html': PAGE.format('\n'.join(taken[name] for name in names))}
            yield {'id': f'issues: {value[:80]!r}', 'loads': loads, 'value': None, 'records': [],
                   'html': PAGE.format(re.sub('<style>.*?</style>', '', '\n'.join(issues),
                                              flags=re.S))}


def skip(why):
    print(f'skipped: {why}')
    sys.exit(SKIPPED)


def main(kind, contexts, news):
    node = shutil.which('node')
    if node is None:
        skip('node is not installed')
    if not (HERE.parent / 'node_modules').is_dir():
        skip("the packages are not installed; 'npm ci' in tests does it")
    chromium = shutil.which('chromium')
    if kind == 'browser' and chromium is None:
        skip('chromium is not installed')
    attacks = read_attacks()
    make = {'structure': structure_documents, 'browser': browser_documents}[kind]
    documents = list(make(str(pathlib.Path(contexts).resolve()), str(pathlib.Path(news).resolve()),
                          attacks))
    with tempfile.NamedTemporaryFile('w', suffix='.json', encoding='utf-8') as file:
        json.dump(documents, file)
        file.flush()
        command = [node, HERE / f'{kind}.mjs', file.name]
        if kind == 'browser':
            command.append(chromium)
        status = subprocess.run(command).returncode
    for problem in problems[:50]:
        print(problem)
    print(f'{len(attacks)} strings, {len(documents)} documents, {len(problems)} problems here')
    return 1 if status != 0 or problems else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
