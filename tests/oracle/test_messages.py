"""Whole messages, `news render -f eml`: of the example newsletter in every variant, and of real issues.

    email    Python's email package finds no defect in any part or header; subject and sender are
             those of the publication; the HTML is so short that Gmail shows all of it, and the lines
             of the text are so short that nobody breaks them
    readers  postal-mime and mailparser find what Python finds: subject, addresses, text, HTML and
             files; so does parse5, of the links in the HTML. string-width measures the lines

The readers are skipped where they are not installed; './dev setup --oracles' does that.

    test_messages.py KIND NEWS CORPUS
"""
import base64
import html.parser
import itertools
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata

import mail_readers
from mail_checks import body_of, defects, line_problems, structure
from messages import Message
from publications import ROOT, all_issues, in_parallel, with_picture

sys.path.append(str(ROOT / 'tests'))
from corpus import body_of as markdown_of  # noqa: E402

# Gmail shows no more of the HTML. What is long in its Markdown alone has the right to be cut.
MOST_HTML = 102_400
MOST_CONTENT = 51_000
MOST_COLUMNS = 78


# ---- Messages ----

def variants(folder, corpus):
    """Issues, each with the arguments of a variant."""
    for issue in all_issues(folder, corpus):
        if issue.kind == 'corpus':
            yield issue, ('-O', 'style=setext', '-O', 'format=flowed')
            yield issue, ('-O', 'style=ten', '-O', 'format=fixed')
            continue
        editions = ('email', 'keepers') if issue.kind == 'example' else ('email',)
        texts = itertools.product(editions, ('setext', 'ten'), ('flowed', 'fixed'))
        for edition, style, text_format in texts:
            arguments = ('-e', edition, '-O', f'style={style}', '-O', f'format={text_format}')
            yield issue, arguments
            if issue.kind == 'example':
                yield with_picture(folder, issue), (*arguments, '-O', 'images=inline')


# ---- What Python finds ----

def columns(line):
    """What a terminal gives the line: two columns to wide characters, none to marks."""
    return sum(0 if unicodedata.category(c) in ('Mn', 'Me', 'Cf') else
               2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in line)


def breakable_lines(message):
    """The lines that could be shorter: with a space behind their quote marks and their marker. Code is
    never broken, be it a block or a few words in a line."""
    source = message.issue.path.read_text('utf-8').split('\n')
    code = {line.lstrip('> ') for line in source}
    for line in body_of(message.text).split('\n'):
        words = re.sub(r'^(> ?)*\s*(([-•+]|\[?\d+[.\]]) )?\s*', '', line.rstrip())
        is_block = re.match(r'(> )*    ', line) and line.lstrip('> ') in code
        if ' ' in re.sub('`[^`]*`', '', words) and not is_block:
            yield line


def addresses_in(source):
    found = []
    parser = html.parser.HTMLParser()
    parser.handle_starttag = lambda tag, attributes: found.extend(
        value or '' for name, value in attributes if name in ('href', 'src'))
    parser.feed(source)
    parser.close()
    return found


def expected_subject(issue):
    """As it stands in the front matter, where that is plain."""
    source = issue.path.read_text('utf-8')
    head = re.match(r'---\n(.*?)\n---\n', source, re.S)
    lines = dict(re.findall(r'^(title|subject): *(.*)$', head.group(1) if head else '', re.M))
    value = lines.get('subject', lines.get('title', '')).strip()
    return None if value == '' or re.search(r'[\\{#&]|\'\'', value) else value.strip('"\'')


def content_size(issue):
    """How long cmark's HTML of the issue is."""
    markdown = markdown_of(issue.path.read_text('utf-8'))
    return len(subprocess.run(['cmark', '--unsafe'], input=markdown.encode(), check=True,
                              capture_output=True).stdout)


def problems_of(message):
    parsed, inline = message.parsed, 'images=inline' in message.arguments
    yield from line_problems(message.raw)
    yield from defects(parsed)
    for name in ('From', 'Date', 'Subject', 'Message-ID', 'MIME-Version', 'Content-Type', 'List-Id',
                 'List-Unsubscribe', 'List-Unsubscribe-Post', 'Archived-At', 'Content-Language'):
        if len(parsed.get_all(name, [])) != 1 and (name, message.issue.kind) != ('Date', 'corpus'):
            yield f'{len(parsed.get_all(name, []))} times {name}'
    subject = expected_subject(message.issue)
    if subject is not None and parsed['Subject'] != subject:
        yield f'Subject: {parsed["Subject"]!r} and not {subject!r}'
    related = ('multipart/related', 'text/html', 'image/png') if inline else 'text/html'
    if structure(parsed) != ('multipart/alternative', 'text/plain', related):
        yield f'has the parts {structure(parsed)}'
    for part in message.files:
        if f'cid:{part["Content-ID"].strip("<>")}' not in addresses_in(body_of(message.html)):
            yield 'the picture is not shown'
    for line in breakable_lines(message):
        if columns(line) > MOST_COLUMNS:
            yield f'{columns(line)} columns: {line}'
    size = len(message.html.get_payload(decode=True))
    if size >= MOST_HTML and content_size(message.issue) < MOST_CONTENT:
        yield f'{size} bytes of HTML for {content_size(message.issue)}'


def check_by_python(messages):
    problems = []
    for message in messages:
        problems += [f'{message.name}: {problem}' for problem in problems_of(message)]
    sizes = sorted(len(m.html.get_payload(decode=True)) for m in messages)
    large = [size for size in sizes if size >= MOST_HTML]
    widths = [columns(line) for m in messages for line in body_of(m.text).split('\n')]
    print(f'HTML: median {sizes[len(sizes) // 2]}, most {sizes[-1]} bytes, {len(large)} of '
          f'{len(sizes)} at least {MOST_HTML}')
    print(f'text: {len(widths)} lines, {sum(width > MOST_COLUMNS for width in widths)} wider than '
          f'{MOST_COLUMNS} columns, which cannot be broken')
    return problems


# ---- What others find ----

def lines_of(text):
    return text.replace('\r\n', '\n').rstrip('\n')


def expected(message, reader):
    parsed = message.parsed
    return {
        'subject': parsed['Subject'],
        'from': [[a.display_name, a.addr_spec] for a in parsed['From'].addresses],
        'id': parsed['Message-ID'],
        'text': lines_of(message.read_text(quotes=reader != 'postal-mime')),  # it knows none
        'html': lines_of(body_of(message.html)),
        'addresses': addresses_in(body_of(message.html)),
        'files': [[part.get_filename(), part.get_content_type(), 'inline', part['Content-ID'],
                   base64.b64encode(part.get_payload(decode=True)).decode()]
                  for part in message.files],
    }


def difference(wanted, got):
    """From the first place where they differ."""
    wanted, got = repr(wanted), repr(got)
    at = max(0, len(os.path.commonprefix([wanted, got])) - 20)
    return f'wanted …{wanted[at:at + 200]}…, got …{got[at:at + 200]}…'


def check_columns(messages):
    lines = sorted({line for message in messages for line in breakable_lines(message)})
    script = pathlib.Path(__file__).with_name('columns.mjs')
    done = subprocess.run(['node', script], input=json.dumps(lines), encoding='utf-8',
                          capture_output=True, check=True)
    return [f'{width} columns, says string-width: {line}'
            for line, width in zip(lines, json.loads(done.stdout), strict=True)
            if width > MOST_COLUMNS]


def check_by_readers(messages):
    problems = []
    found = mail_readers.read([message.raw for message in messages])
    for message, readings in zip(messages, found, strict=True):
        for reader, reading in readings.items():
            for name in ('text', 'html'):
                reading[name] = lines_of(reading[name] or '')
            problems += [f'{message.name}: {reader}: {name}: {difference(value, reading[name])}'
                         for name, value in expected(message, reader).items()
                         if reading[name] != value]
    return problems + check_columns(messages)


def main(kind, news, corpus):
    if kind == 'readers':
        mail_readers.read([])
    with tempfile.TemporaryDirectory() as folder:
        wanted = list(variants(pathlib.Path(folder), pathlib.Path(corpus)))
        messages = in_parallel(lambda variant: Message(news, *variant), wanted)
        kinds = {message.issue.kind for message in messages}
        problems = (check_by_readers if kind == 'readers' else check_by_python)(messages)
    for problem in problems:
        print(problem)
    print(f'{len(messages)} messages ({", ".join(sorted(kinds))}), {len(problems)} problems')
    return 1 if problems or not messages else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
