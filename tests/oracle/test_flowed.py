"""format=flowed undone by RFC 3676 gives the text as it was before lines were broken.

Each issue is rendered as flowed text at a few widths, so that all from 20 to 78 have their turn, and
undone by a reader that was written from the standard alone. A paragraph must be what it is where lines
are not broken at all, to the last space. What cannot flow is broken into lines of its own: titles, and
what hangs behind a marker; its words must be the same. Tables are left out, since their form depends on
the width.

    test_flowed.py NEWS CORPUS
"""
import pathlib
import re
import sys
import tempfile

from publications import all_issues, in_parallel, render
from unflow import unflow

FORMAT = pathlib.Path(__file__).with_name('flowed.lua')
WIDTHS = range(20, 79)
STYLES = ('setext', 'ten')
WIDTHS_EACH = {'corpus': 2, 'reference': 20, 'example': len(WIDTHS)}


def without_tables(issue):
    text = issue.path.read_text('utf-8')
    issue.path.write_text(re.sub(r'^[> ]*\|.*\n', '', text, flags=re.M), 'utf-8')


def read(news, issue, columns, style):
    """Paragraphs and lines, up to the signature, where nothing flows."""
    output = render(news, issue, 'flowed', '-s', FORMAT, '-O', f'columns={columns}',
                    '-O', f'style={style}').decode()
    media, _, text = output.partition('\n')
    text = text.partition('\n-- \n')[0] + '\n'
    return unflow(text, delsp=media.endswith('delsp=yes'))


def letters(lines):
    """Without white space, and without the marks of a quote that hangs in a list: each of its lines
    has them."""
    return ''.join(re.sub(r'^\s+(> ?)+|\s', '', line) for _, line in lines)


def is_rule(line):
    return re.fullmatch('=+|-+', line) is not None


def cannot_flow(line, after):
    """Titles, before their rule or behind their marks, and quotes that hang in a list."""
    return is_rule(after) or re.match(r'(#+|\++|\s+>) ', line)


def differences(unbroken, broken):
    """What has become another line, and lines that were broken although they could flow."""
    broken, after = iter(broken), [line for _, line in unbroken[1:]] + ['']
    for (depth, line), after in zip(unbroken, after, strict=True):
        lines = [next(broken, (None, ''))]
        if lines[0] == (depth, line) or is_rule(line) and is_rule(lines[0][1]):
            continue
        while len(letters(lines)) < len(letters([(0, line)])) and lines[-1][0] is not None:
            lines.append(next(broken, (None, '')))
        if letters(lines) != letters([(0, line)]) or {found for found, _ in lines} != {depth}:
            yield f'{line!r:.200} became {lines!r:.400}'
            return
        if not cannot_flow(line, after):
            yield f'does not flow: {lines!r:.400}'
    if (rest := next(broken, None)) is not None:
        yield f'is too much: {rest}'


def check(news, issue, number):
    """The problems of an issue, and the widths that were tried."""
    problems, count = [], WIDTHS_EACH[issue.kind]
    widths = [WIDTHS[(number * 7 + i * len(WIDTHS) // count) % len(WIDTHS)] for i in range(count)]
    without_tables(issue)
    for style in STYLES[number % 2:][:1] if issue.kind == 'corpus' else STYLES:
        unbroken = read(news, issue, 'off', style)
        for width in widths:
            broken = read(news, issue, width, style)
            problems += [f'{issue.name}: {style}, width {width}: {difference}'
                         for difference in differences(unbroken, broken)]
    return problems, widths


def main(news, corpus):
    with tempfile.TemporaryDirectory() as folder:
        issues = all_issues(pathlib.Path(folder), pathlib.Path(corpus))
        done = in_parallel(lambda at: check(news, issues[at], at), range(len(issues)))
    problems = [problem for found, _ in done for problem in found]
    for problem in problems:
        print(problem)
    tried = {width for _, widths in done for width in widths}
    if tried != set(WIDTHS):
        problems.append('not all widths were tried')
    print(f'{len(issues)} issues, {sum(len(widths) for _, widths in done)} widths, '
          f'{len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
