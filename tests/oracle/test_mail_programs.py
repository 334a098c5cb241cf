"""Messages, `news render -f eml`, in mail programs: what they show of the text is what was written.

    mutt     fills the text anew for 40 columns, in a terminal of its own
    mblaze   mshow finds the parts, mflow undoes format=flowed
    notmuch  takes in all of them, by GMime, and shows both texts

Each is skipped where it is not installed; './dev setup --oracles' does that. What is read are the
example newsletter and real issues, where they are beside the checkout.

    test_mail_programs.py PROGRAM NEWS CORPUS
"""
import fcntl
import json
import os
import pathlib
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios

from mail_checks import body_of
from messages import Message
from publications import all_issues, in_parallel

COLUMNS = 40
STYLES = ('setext', 'ten')


def run(command, **options):
    return subprocess.run(command, capture_output=True, check=True, **options).stdout


def difference(wanted, got):
    """The first line that differs; None when there is none."""
    for line, other in zip(wanted, got):
        if line != other:
            return f'wanted {line!r:.300}, got {other!r:.300}'
    return None if len(wanted) == len(got) else f'{len(got)} lines and not {len(wanted)}'


# ---- mutt ----

MUTTRC = """\
set folder=. charset=utf-8 reflow_text=yes reflow_wrap={columns} reflow_space_quotes=no
set sort=mailbox-order mark_old=no wait_key=no
set pipe_decode=yes pipe_decode_weed=yes pipe_split=yes
ignore *
alternative_order text/plain
push "<tag-pattern>~A<enter><tag-prefix><pipe-message>cat >> out; echo END >> out<enter><exit>"
"""


def run_mutt(folder):
    """mutt wants a terminal, and gets one that nobody looks at."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(TERM='xterm', HOME=str(folder), LC_ALL='C.UTF-8')
        os.execvp('mutt', ['mutt', '-n', '-R', '-F', 'muttrc', '-f', 'mbox'])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 100, 0, 0))
    try:
        while os.read(terminal, 4096):
            pass
    except OSError:  # that is how a terminal ends
        pass
    return os.waitpid(child, 0)[1]


def filled_differences(message, lines):
    """Lines that mutt filled, against the paragraphs that they are of. Of spaces in a row it may leave
    one."""
    lines = iter(lines)
    for depth, paragraph in message.paragraphs():
        prefix = '>' * depth + (' ' if depth else '')
        filled = next(lines, None)
        length = len(prefix + ' '.join(paragraph.split()))
        while filled is not None and len(filled) < length:
            line = next(lines, None)
            if line is None or not line.startswith(prefix):
                break
            if len(line.rpartition(' ')[0]) > COLUMNS:  # it leaves a long word where it is
                yield f'is not filled: {line!r:.300}'
            filled += ' ' + line[len(prefix):]
        if filled is None or filled.split() != (prefix + paragraph).split():
            yield f'wanted {paragraph!r:.300}, got {filled!r:.300}'
            return


def check_mutt(folder, messages):
    (folder / 'muttrc').write_text(MUTTRC.format(columns=COLUMNS))
    with open(folder / 'mbox', 'wb') as mbox:
        for message in messages:
            mbox.write(b'From news Fri Mar  7 08:30:00 2025\n' +
                       message.raw.replace(b'\r\n', b'\n') + b'\n')
    if run_mutt(folder) != 0:
        return ['mutt failed']
    shown = (folder / 'out').read_text('utf-8').split('END\n')
    if shown.pop() != '' or len(shown) != len(messages):
        return [f'mutt shows {len(shown)} messages of {len(messages)}']
    return [f'{message.name}: {difference}' for message, text in zip(messages, shown)
            for difference in filled_differences(message, text.partition('\n\n')[2].split('\n'))]


# ---- mblaze ----

def check_by_mblaze(folder, message):
    path = folder / f'{message.parsed["Message-ID"].strip("<>")}.eml'
    path.write_bytes(message.raw)
    parts = [line.split()[1] for line in run(['mshow', '-t', path]).decode().split('\n')[1:-1]]
    if parts != ['multipart/alternative', 'text/plain', 'text/html']:
        yield f'has the parts {parts}'
        return
    for number, part in (('2', message.text), ('3', message.html)):
        if run(['mshow', '-O', path, number]) != part.get_payload(decode=True):
            yield f'part {number} differs'
    flowed = run(['mflow', '-w', '100000'], input=body_of(message.text).encode(),
                 env={**os.environ, 'PIPE_CONTENTTYPE': message.text['Content-Type'],
                      'LC_ALL': 'C.UTF-8'})
    # It leaves out what a line in a quote is indented by.
    found = difference(*([re.sub('^(>+) +', r'\1 ', line).rstrip() for line in text.split('\n')]
                         for text in (message.read_text(), flowed.decode())))
    if found:
        yield f'mflow: {found}'


def check_mblaze(folder, messages):
    found = in_parallel(lambda message: list(check_by_mblaze(folder, message)), messages)
    return [f'{message.name}: {problem}' for message, problems in zip(messages, found)
            for problem in problems]


# ---- notmuch ----

def leaves(part):
    """The parts that hold no other."""
    if isinstance(part.get('content'), list):
        return [leaf for child in part['content'] for leaf in leaves(child)]
    return [part]


def messages_in(tree):
    """Of the answer of notmuch: lists in lists."""
    if isinstance(tree, dict):
        return [tree]
    return [message for child in tree or [] for message in messages_in(child)]


def check_notmuch(folder, messages):
    mails = folder / 'mails'
    for name in ('cur', 'new', 'tmp'):
        (mails / name).mkdir(parents=True)
    for number, message in enumerate(messages):
        (mails / 'cur' / f'{number}:2,S').write_bytes(message.raw)
    (folder / 'config').write_text(f'[database]\npath={mails}\n[user]\nprimary_email=a@b.example\n')
    environment = {**os.environ, 'NOTMUCH_CONFIG': str(folder / 'config')}
    run(['notmuch', 'new', '--quiet'], env=environment)
    answer = json.loads(run(['notmuch', 'show', '--format=json', '--include-html', '*'],
                            env=environment))
    shown = {f'<{mail["id"]}>': mail for mail in messages_in(answer)}
    problems = []
    for message in messages:
        mail = shown.get(message.parsed['Message-ID'])
        if mail is None:
            problems.append(f'{message.name}: is not there')
            continue
        wanted = [message.parsed['Subject'], message.parsed['From'],
                  ('text/plain', body_of(message.text)), ('text/html', body_of(message.html))]
        got = [mail['headers']['Subject'], mail['headers']['From'],
               *((leaf['content-type'], leaf['content']) for leaf in leaves(mail['body'][0]))]
        if found := difference(wanted, got):
            problems.append(f'{message.name}: {found}')
    return problems


# ----

CHECKS = {'mutt': ('mutt', check_mutt), 'mblaze': ('mshow', check_mblaze),
          'notmuch': ('notmuch', check_notmuch)}


def main(program, news, corpus):
    command, check = CHECKS[program]
    if shutil.which(command) is None:
        print(f"skipped: {program} is not installed; './dev setup --oracles' does that")
        return 77
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        issues = all_issues(folder / 'issues', pathlib.Path(corpus))
        messages = in_parallel(lambda at: Message(
            news, issues[at], ('-O', f'style={STYLES[at % 2]}')), range(len(issues)))
        problems = check(folder, messages)
    for problem in problems:
        print(problem)
    print(f'{program}: {len(messages)} messages, {len(problems)} problems')
    return 1 if problems or not messages else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
