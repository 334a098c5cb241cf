"""Messages, `news render -f eml`, on their way.

    smtp          what goes to a server, by smtplib and by curl, arrives byte by byte
    dkim          a signature holds, and breaks when anything that it covers is changed
    spamassassin  its rules about the form of a message find nothing

Each is skipped where it is not installed; './dev setup --oracles' does that. What is sent are the
example newsletter and real issues, where they are beside the checkout.

    test_delivery.py KIND NEWS WRITE_MESSAGE CORPUS
"""
import asyncio
import collections
import contextlib
import pathlib
import re
import shutil
import smtplib
import subprocess
import sys
import tempfile
import threading

from mail_cases import TEXTS
from mail_writer import MailWriter
from messages import Message
from publications import all_issues, in_parallel

SKIPPED = 77
READER = 'Ann <ann@example.org>'

# Debian's modules, also for a Python that is not Debian's.
sys.path.append('/usr/lib/python3/dist-packages')


def skip(what):
    print(f"skipped: {what} is not installed; './dev setup --oracles' does that")
    sys.exit(SKIPPED)


def written(program):
    """Messages that would suffer if a server took their lines for something else."""
    writer = MailWriter(program)
    with contextlib.closing(writer):
        for text in TEXTS:
            for flags in ([], [('allow_8bit', '')]):
                yield writer.write([
                    ('from.name', 'Harbour Notes'), ('from.address', 'notes@harbour.example'),
                    ('date', '2025-03-07'), ('text', text), ('html', text), *flags])


# ---- SMTP ----

def send_by_smtplib(port, raw):
    with smtplib.SMTP('127.0.0.1', port) as server:
        server.sendmail('post@example.org', ['ann@example.org'], raw, ['BODY=8BITMIME'])


def send_by_curl(port, raw):
    subprocess.run(['curl', '--silent', '--show-error', '--url', f'smtp://127.0.0.1:{port}',
                    '--mail-from', 'post@example.org', '--mail-rcpt', 'ann@example.org',
                    '--upload-file', '-'], input=raw, check=True)


class Server:
    """An SMTP server that keeps what arrives."""

    def __init__(self, protocol):
        self.arrived = []
        self.loop = asyncio.new_event_loop()
        self.server = self.loop.run_until_complete(self.loop.create_server(
            lambda: protocol(self, hostname='localhost'), '127.0.0.1', 0))
        self.port = self.server.sockets[0].getsockname()[1]
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()

    async def handle_DATA(self, server, session, envelope):
        self.arrived.append(envelope.content)
        return '250 OK'

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.server.close()
        self.loop.close()


def check_smtp(messages):
    try:
        from aiosmtpd.smtp import SMTP
    except ImportError:
        skip('aiosmtpd')
    if shutil.which('curl') is None:
        skip('curl')
    with contextlib.closing(Server(SMTP)) as server:
        for raw in messages:
            for send in (send_by_smtplib, send_by_curl):
                send(server.port, raw)
                if server.arrived != [raw]:
                    yield f'{send.__name__}: another message arrives:\n{raw.decode()}'
                server.arrived.clear()


# ---- DKIM ----

# What RFC 8058 wants to be signed is among them.
SIGNED = [b'from', b'to', b'subject', b'date', b'message-id', b'mime-version', b'content-type',
          b'list-id', b'list-unsubscribe', b'list-unsubscribe-post']


def key_pair():
    """A private key, and the record that tells the public one."""
    private = subprocess.run(['openssl', 'genrsa', '2048'], check=True, capture_output=True).stdout
    public = subprocess.run(['openssl', 'rsa', '-pubout', '-outform', 'PEM'], input=private,
                            check=True, capture_output=True).stdout
    letters = b''.join(line for line in public.split(b'\n') if not line.startswith(b'-'))
    return private, b'v=DKIM1; k=rsa; p=' + letters


def tampered(raw):
    """The message with one letter changed, in each header that is signed and in each part."""
    head, _, body = raw.partition(b'\r\n\r\n')
    for name in SIGNED:
        found = re.search(rb'^%s: .*?(\w)[^\w]*\r\n(?![ \t])' % name, raw[:len(head) + 2],
                          re.M | re.I | re.S)
        if found:
            yield name.decode(), raw[:found.start(1)] + b'~' + raw[found.end(1):]
    for at in (0.1, 0.5, 0.9):
        place = len(head) + 4 + int(len(body) * at)
        place = re.compile(rb'[a-z]').search(raw, place).start()
        yield f'byte {place}', raw[:place] + b'~' + raw[place + 1:]


def check_dkim(messages):
    try:
        import dkim
    except ImportError:
        skip('dkim')
    if shutil.which('openssl') is None:
        skip('openssl')
    private, record = key_pair()
    for raw in messages:
        for form in ((b'relaxed', b'relaxed'), (b'simple', b'simple')):
            present = [name for name in SIGNED if re.search(b'^%s:' % name, raw, re.M | re.I)]
            signed = dkim.sign(raw, b'news', b'example.org', private, canonicalize=form,
                               include_headers=present) + raw

            def is_good(message):
                return dkim.verify(message, dnsfunc=lambda name, timeout=5: record)
            if not is_good(signed):
                yield f'{form}: the signature does not hold:\n{raw[:800].decode()}'
            if form[0] == b'relaxed':
                for what, changed in tampered(raw):
                    if is_good(signed[:-len(raw)] + changed):
                        yield f'a change of {what} is not noticed'


# ---- SpamAssassin ----

# What it may find, and why that stays. All the rest fails the test: above all what it says of forms,
# MIME_*, HTML_*, MPART_ALT_DIFF and the like.
ACCEPTED = {
    'NO_RECEIVED': 'it has not been sent yet',
    'NO_RELAYS': 'it has not been sent yet',
    'HTML_MESSAGE': 'so it has',
    'LOTS_OF_MONEY': 'authors may write of it',
}


def check_spamassassin(messages):
    if shutil.which('spamassassin') is None:
        skip('spamassassin')
    mbox = b''.join(b'From news Fri Mar  7 08:30:00 2025\n' + raw.replace(b'\r\n', b'\n') + b'\n'
                    for raw in messages)
    with tempfile.TemporaryDirectory() as home:
        done = subprocess.run(['spamassassin', '--local', '--test-mode', '--mbox'], input=mbox,
                              capture_output=True, check=True,
                              env={'HOME': home, 'PATH': '/usr/sbin:/usr/bin:/sbin:/bin'})
    report = done.stdout.decode(errors='replace')
    points = [float(number) for number in
              re.findall(r'^Content analysis details: +\((-?[\d.]+) points', report, re.M)]
    rules = collections.Counter(re.findall(r'^ *-?\d+\.\d ([A-Z][A-Z0-9_]+) ', report, re.M))
    if len(points) != len(messages):
        yield f'looked at {len(points)} messages of {len(messages)}'
    print(f'at most {max(points)} points; {dict(rules)}')
    for rule, count in rules.items():
        if rule not in ACCEPTED:
            yield f'{rule}: {count} times'


# ----

KINDS = {  # of the real issues, every so many
    'smtp': (check_smtp, 10), 'dkim': (check_dkim, 20), 'spamassassin': (check_spamassassin, 40),
}


def main(kind, news, write_message, corpus):
    check, step = KINDS[kind]
    with tempfile.TemporaryDirectory() as folder:
        issues = all_issues(pathlib.Path(folder), pathlib.Path(corpus))
        real = [issue for issue in issues if issue.kind == 'corpus']
        issues = [issue for issue in issues if issue.kind != 'corpus'] + real[::step]
        messages = in_parallel(lambda issue: Message(news, issue, ('--to', READER)).raw, issues)
    if kind != 'spamassassin':  # which has its opinion of texts such as these
        messages += written(write_message)
    problems = list(check(messages))
    for problem in problems:
        print(problem)
    print(f'{kind}: {len(messages)} messages, {len(problems)} problems')
    return 1 if problems or not messages else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
