"""Publications and issues whose values could break a message: each is refused, with the place of the
value and what is wrong with it, or says to every reader what it says.

    email    by Python's email package
    readers  by postal-mime and mailparser, too; skipped where they are not installed

    test_odd_publications.py KIND NEWS
"""
import email
import email.policy
import pathlib
import subprocess
import sys
import tempfile

import mail_readers
from mail_checks import defects, line_problems

FROM = 'from: Ann <ann@lamp.example>'
URL = 'https://lamp.example/'
BREAKS = {'CR LF': '\r\n', 'LF': '\n', 'U+2028': '\u2028', 'U+0085': '\x85', 'ESC': '\x1b', 'TAB': '\t'}


class Odd:
    """An issue beside a news.yaml. `email` holds lines below that key, `args` goes to the command."""

    def __init__(self, name, *email_lines, site=f'url: {URL}\nissue_path: "{{slug}}"\n',
                 front='title: T\ndate: 2025-03-07\n', body='Hello.\n', args=(), field=None):
        self.name, self.front, self.body, self.args = name, front, body, args
        self.yaml = f'name: The Lamp\n{site}' + \
            ('email:\n' + ''.join(f'  {line}\n' for line in email_lines) if email_lines else '') + \
            (f'recipient:\n  {field}: x\n' if field else '')

    def render(self, news):
        """Exit status, output, and what is said, with the names of the files alone."""
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            (folder / 'news.yaml').write_text(self.yaml, 'utf-8')
            (folder / 'i.md').write_text(f'---\n{self.front}---\n\n{self.body}', 'utf-8')
            done = subprocess.run([news, 'render', '-f', 'eml', *self.args, folder / 'i.md'],
                                  capture_output=True, check=False)
            return done.returncode, done.stdout, done.stderr.decode().replace(f'{folder}/', '')


def titled(name, title, **options):
    return Odd(name, FROM, front=f'title: "{title}"\ndate: 2025-03-07\n', **options)


# ---- What is refused, and what is said of it ----

def refused():
    for odd, place, words in [
            (Odd('no publication for mail'), 'i.md:1:1', 'a message has a sender'),
            (Odd('no sender', 'reply_to: a@b.example'), 'i.md:1:1', 'a message has a sender'),
            (Odd('a name alone', 'from: The Lamp'), 'news.yaml:5:9', 'it has no "@"'),
            (Odd('a comma', 'from: Lamp, Inc. <a@b.example>'), 'news.yaml:5:9',
             'a name with a comma is put in double quotes'),
            (Odd('two senders', 'from: a@b.example, c@d.example'), 'news.yaml:5:9',
             'more than one address'),
            (Odd('an open quote', "from: '\"Lamp <a@b.example>'"), 'news.yaml:5:9',
             'a double quote is not closed'),
            (Odd('a comment', 'from: Ann (Lamp) <a@b.example>'), 'news.yaml:5:9', 'parentheses'),
            (Odd('an address for SMTPUTF8', 'from: 灯台 <灯@lamp.example>'), 'news.yaml:5:9',
             'only ASCII'),
            (Odd('a header in a name', r'from: "A\r\nBcc: e@x.example <ann@lamp.example>"'),
             'news.yaml:5:9', 'a name with a colon'),
            (Odd('U+2028 in a name', r'from: "A\L <ann@lamp.example>"'), 'news.yaml:5:9',
             'a line break (U+2028)'),
            (Odd('U+2028 in Reply-To', FROM, r'reply_to: "A\L <ann@lamp.example>"'),
             'news.yaml:6:13', 'Reply-To: holds a line break'),
            (Odd('U+2028 in List-Id', FROM, r'list_id: "A\LB <a.b.example>"'), 'news.yaml:6:12',
             'List-Id: holds a line break'),
            (Odd('U+2028 in List-Unsubscribe', FROM, rf'unsubscribe: "{URL}\L"'),
             'news.yaml:6:16', 'List-Unsubscribe: holds a line break'),
            (Odd('U+0085 in mailto', FROM, r'unsubscribe_mailto: "mailto:a@b.example\N"'),
             'news.yaml:6:23', 'List-Unsubscribe: holds a line break'),
            (Odd('U+2028 in To', FROM, r'to: "A\LB <a@b.example>"'), 'news.yaml:6:7',
             'To: holds a line break'),
            (Odd('a list without a dot', FROM, 'list_id: letters'), 'news.yaml:6:12', 'a dot in it'),
            (Odd('a list of two words', FROM, 'list_id: "X <a b.example>"'), 'news.yaml:6:12',
             'List-Id: '),
            (Odd('http to leave', FROM, 'unsubscribe: http://lamp.example/'), 'news.yaml:6:16',
             'https: address of a page'),
            (Odd('a script to leave', FROM, 'unsubscribe: "javascript:alert(1)"'), 'news.yaml:6:16',
             'https: address of a page'),
            (Odd('a long address to leave', FROM, f'unsubscribe: {URL}{"x" * 1000}'),
             'news.yaml:6:16', 'longer than 897 bytes'),
            (Odd('a page for a mailbox', FROM, f'unsubscribe: {URL}', f'unsubscribe_mailto: {URL}'),
             'news.yaml:7:23', 'such as mailto:leave'),
            (Odd('nobody', FROM, 'to: nobody'), 'news.yaml:6:7', 'To: "nobody" is not an address'),
            (Odd('a group', FROM, 'to: "undisclosed-recipients:;"'), 'news.yaml:6:7',
             'groups of addresses'),
            (Odd('neither yes nor no', FROM, 'attach_images: maybe'), 'news.yaml:6:18',
             'must be yes or no'),
            (Odd('an odd one_click', FROM, f'unsubscribe: {URL}', 'one_click: maybe'),
             'news.yaml:7:14', 'must be yes or no'),
            (Odd('an odd format', FROM, 'format: maybe'), 'news.yaml:6:11',
             'must be fixed or flowed'),
            (Odd('no title', FROM, front='date: 2025-03-07\n'), 'i.md:1:1', 'has a subject'),
            (Odd('no date', FROM, front='title: T\n'), 'i.md:1:1', 'has a date'),
            (Odd('a subject of nothing', FROM, args=['--set', 'name='], field='name',
                 front='title: T\nsubject: "{{ name }}"\ndate: 2025-03-07\n'), 'i.md:1:1', 'is empty'),
            (titled('U+2029 in the subject', r'A\PB'), 'i.md:1:1', 'Subject: holds a line break'),
            (Odd('a long address', FROM, site=f'url: {URL}{"x" * 1100}\nissue_path: "{{slug}}"\n'),
             'i.md:1:1', 'Archived-At: the address is longer'),
            (Odd('no such picture', FROM, body='![A](x.png){width=1}\n', args=['-O', 'images=inline']),
             'i.md:6:1', "there is no file 'x.png'"),
            (Odd('no picture', FROM, body='![A](../../../etc/passwd){width=1}\n',
                 args=['-O', 'images=inline']), 'i.md:6:1', "'passwd' cannot travel with the mail"),
            # Without a place, since none of the files is wrong.
            (Odd('a reader without address', FROM, args=['--to', 'Ann']), 'news render',
             'To: "Ann" is not an address'),
            (Odd('two readers', FROM, args=['--to', 'a@b.example, c@d.example']), 'news render',
             'more than one address'),
            (Odd('tomorrow', FROM, args=['--date', 'tomorrow']), 'news render', 'is no date'),
            (Odd('some images', FROM, args=['-O', 'images=some']), 'news render',
             'not one of inline, remote'),
            (Odd('some format', FROM, args=['-O', 'format=some']), 'news render',
             'not one of flowed, fixed'),
    ]:
        yield odd, place, words
    for name, characters in BREAKS.items():
        yield (Odd(f'{name} in a reader', FROM, args=['--to', f'A{characters}B <a@b.example>']),
               'news render', 'To: holds ')
        for place, lines, front in [
                ('the subject', [FROM], 'title: T\nsubject: "{{ name }}"\ndate: 2025-03-07\n'),
                ('an address', [FROM, f'unsubscribe: "{URL}?u={{{{ name }}}}"'], 'title: T\n')]:
            yield (Odd(f'{name} in a field in {place}', *lines, front=front, field='name',
                       args=['--set', f'name=A{characters}B']),
                   'news render', 'the value of the merge field "name" holds a control character')


# ---- What is said, however odd ----

def said():
    """Odd ones, with what the message must say by header. Line breaks of YAML are spaces in a text, and
    other control characters the mark for what cannot be shown."""
    for name, title in [
            ('a long subject', 'word ' * 300 + 'end'), ('an endless word', 'x' * 5000),
            ('ideographs', '港の便り' * 60), ('Arabic', 'نشرة الميناء: أخبار هذا الأسبوع'),
            ('families', '👩‍👩‍👧‍👦' * 40), ('an encoded word', '=?utf-8?q?Bank?='),
            ('marks', 'e\u0301' * 200), ('overrides', 'a \u202egnp.exe'),
            ('addresses', '<a@b.example>, "c"'.replace('"', r'\"'))]:
        yield titled(name, title), {'subject': title.replace(r'\"', '"')}
    yield titled('a line end in a subject', r'A\r\nBcc: e@x.example'), \
        {'subject': 'A\ufffd Bcc: e@x.example'}
    yield titled('ESC in a subject', r'A\eB'), {'subject': 'A\ufffdB'}
    for line, name, address in [
            ("from: '\"Lamp, Inc.\" <a@b.example>'", 'Lamp, Inc.', 'a@b.example'),
            ("from: '\"A \\\"B\\\" C\" <a@b.example>'", 'A "B" C', 'a@b.example'),
            ("from: 'Ann \"The Lamp\" Lee <a@b.example>'", 'Ann The Lamp Lee', 'a@b.example'),
            ('from: 灯台 <a@bücher.example>', '灯台', 'a@xn--bcher-kva.example'),
            ('from: =?utf-8?q?Bank?= <a@b.example>', '=?utf-8?q?Bank?=', 'a@b.example'),
            (r'from: "A\u202Egnp <a@b.example>"', 'A\u202egnp', 'a@b.example'),
            ('from: نشرة الميناء <a@b.example>', 'نشرة الميناء', 'a@b.example')]:
        yield Odd(line, line), {'from': [[name, address]]}
    yield Odd('a quoted mailbox', FROM, args=['--to', r'"A, \"B\"" <"a b"@b.example>']), \
        {'to': [['A, "B"', '"a b"@b.example']]}
    yield Odd('a line end in the name of a list', FROM, r'list_id: "A\nB <a.b.example>"'), \
        {'List-Id': 'A B <a.b.example>'}
    yield Odd('angles in an address', FROM, f'unsubscribe: "{URL}a>,<b"'), \
        {'List-Unsubscribe': f'<{URL}a%3E,%3Cb>'}
    yield Odd('a line end in an address', FROM, rf'unsubscribe: "{URL}a\nb"'), \
        {'List-Unsubscribe': f'<{URL}a%20b>'}
    yield Odd('a field in an address', FROM, f'unsubscribe: "{URL}?u={{{{ token }}}}"', field='token',
              args=['--set', 'token=a>, <b&c=ü']), \
        {'List-Unsubscribe': f'<{URL}?u=a%3E%2C%20%3Cb%26c%3D%C3%BC>'}
    yield Odd('an odd slug', FROM, front='title: T\ndate: 2025-03-07\nslug: "a b>c"\n'), \
        {'Archived-At': f'<{URL}a%20b%3Ec>'}
    yield Odd('a picture of the site', FROM, body='![A](/etc/passwd){width=1}\n',
              args=['-O', 'images=inline']), {'files': []}


def by_python(raw):
    message = email.message_from_bytes(raw, policy=email.policy.default)
    found = {name: str(value) for name, value in message.items()}
    for name in ('From', 'To'):
        addresses = message[name].addresses if message[name] else ()
        found[name.lower()] = [[a.display_name, a.addr_spec] for a in addresses]
    found['subject'] = message['Subject']
    found['files'] = [part.get_filename() for part in message.walk()
                      if part.get_content_maintype() not in ('multipart', 'text')]
    return message, found


def in_punycode(addresses):
    """mailparser shows domains as they are spelled."""
    return [[name, mailbox + '@' + domain.encode('idna').decode()]
            for name, (mailbox, _, domain) in ((n, a.rpartition('@')) for n, a in addresses)]


def compare(odd, wanted, found, reader):
    for name, value in wanted.items():
        if name in found and found[name] != value:
            yield f'{odd.name}: {reader}: {name}: wanted {value!r:.300}, got {found[name]!r:.300}'


def check_refused(news):
    for odd, place, words in refused():
        status, output, error = odd.render(news)
        errors = [line for line in error.split('\n') if 'warning: ' not in line]
        if status == 0 or output or not errors[0].startswith(f'{place}: ') or words not in errors[0]:
            yield f'{odd.name}: wanted {place}: … {words}, got status {status}: {errors[0]}'


def check_said(news, kind):
    cases = [(odd, wanted, *odd.render(news)) for odd, wanted in said()]
    for odd, wanted, status, raw, error in cases:
        if status != 0:
            yield f'{odd.name}: {error}'
            continue
        message, found = by_python(raw)
        for problem in [*line_problems(raw), *defects(message)]:
            yield f'{odd.name}: {problem}'
        missing = set(wanted) - set(found)
        if missing:
            yield f'{odd.name}: there is no {missing}'
        yield from compare(odd, wanted, found, 'Python')
    if kind == 'readers':
        for case, readings in zip(cases, mail_readers.read([case[3] for case in cases]), strict=True):
            for reader, found in readings.items():
                found.update({name: in_punycode(found[name]) for name in ('from', 'to')})
                yield from compare(*case[:2], found, reader)


def main(kind, news):
    if kind == 'readers':
        mail_readers.read([])
    problems = [*check_refused(news), *check_said(news, kind)]
    for problem in problems:
        print(problem)
    print(f'{len(list(refused()))} refused, {len(list(said()))} said, {len(problems)} problems')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
