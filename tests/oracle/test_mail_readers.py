"""Messages by libnews, read by postal-mime and mailparser, which web and Node programs use.

Skipped where these are not installed; './dev setup --oracles' does that.

Usage: test_mail_readers.py PROGRAM     PROGRAM is write_message
"""
import base64
import sys

from mail_cases import FILE_NAMES, NAMES, SUBJECTS, TEXTS
from mail_readers import read
from mail_writer import MailWriter

# postal-mime decodes a file's name a second time, by RFC 2047.
FILE_NAMES = [name for name in FILE_NAMES if not name.startswith('=?')]
URL = 'https://harbour.example/unsubscribe?token=' + 'abcdef0123456789' * 20


def cases():
    """For each message its subject, its sender's name, its text and the name of its file."""
    for i in range(max(len(SUBJECTS), len(NAMES), len(TEXTS), len(FILE_NAMES))):
        yield (SUBJECTS[i % len(SUBJECTS)], NAMES[i % len(NAMES)], TEXTS[i % len(TEXTS)],
               FILE_NAMES[i % len(FILE_NAMES)])


def fields_of(subject, name, text, file_name):
    return [('date', '2025-03-07 8:30:0 60'), ('from.name', name),
            ('from.address', 'notes@harbour.example'), ('to.name', name),
            ('to.address', 'ann@example.org'), ('to.name', ''), ('to.address', 'bo@example.org'),
            ('subject', subject), ('message_id', '7@harbour.example'), ('unsubscribe_url', URL),
            ('text', text), ('html', f'<p>{text}</p><img src="cid:logo@harbour.example">'),
            ('file', b'\x00\xff'), ('file.content_id', 'logo@harbour.example'),
            ('file.media', 'image/png'), ('file', b'abc\n'), ('file.name', file_name),
            ('file.media', 'application/pdf')]


def lines_of(text):
    return text.replace('\r\n', '\n').replace('\r', '\n').rstrip('\n')


def expected(subject, name, text, file_name):
    return {
        'subject': subject,
        'from': [[name, 'notes@harbour.example']],
        'to': [[name, 'ann@example.org'], ['', 'bo@example.org']],
        'date': '2025-03-07T07:30:00.000Z',
        'id': '<7@harbour.example>',
        'text': lines_of(text),
        'html': lines_of(f'<p>{text}</p><img src="cid:logo@harbour.example">'),
        'files': [['', 'image/png', 'inline', '<logo@harbour.example>',
                   base64.b64encode(b'\x00\xff').decode()],
                  [file_name, 'application/pdf', 'attachment', '',
                   base64.b64encode(b'abc\n').decode()]],
    }


def main():
    writer = MailWriter(sys.argv[1])
    wanted = list(cases())
    messages = [writer.write(fields_of(*case)) for case in wanted]
    writer.close()
    bad = 0
    for case, found in zip(wanted, read(messages), strict=True):
        for reader, message in found.items():
            unsubscribe = message.pop('unsubscribe', None)
            for name in ('text', 'html'):
                message[name] = lines_of(message[name] or '')
            differences = {name: (value, message[name])
                           for name, value in expected(*case).items() if message[name] != value}
            if reader == 'mailparser' and unsubscribe != {'url': URL}:
                differences['unsubscribe'] = unsubscribe
            if differences:
                bad += 1
                print(f'{reader}, {case[0][:40]!r}:')
                for name, (value, got) in differences.items():
                    print(f'  {name}: wanted {value!r}\n  {" " * len(name)}     got {got!r}')
    print(f'{len(messages)} messages, {bad} read otherwise')
    return 1 if bad or not messages else 0


if __name__ == '__main__':
    sys.exit(main())
