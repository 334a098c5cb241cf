"""Random subjects, headers, names, addresses, file names and bodies, each against Python's decoders.

A message holds forty of them; the same number always gives the same ones.

    test_mail_values.py WRITE_MESSAGE COUNT     COUNT is how many values; a hundred thousand take a minute
"""
import concurrent.futures
import email
import email.header
import email.policy
import email.utils
import os
import random
import re
import string
import sys

from mail_cases import lines_of, random_text, words_of
from mail_checks import line_problems, people_of
from mail_writer import MailWriter, Refused

PEOPLE, HEADERS, FILES = 12, 8, 3
VALUES_EACH = 1 + 2 * PEOPLE + HEADERS + 2 * FILES + 2
ATOM = string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~"
LABELS = ['example', 'a', 'mail-7', 'xn--bcher-kva', 'bücher', '例え', 'x' * 63, 'Ä' * 9, '0']


# ---- Making them ----

def random_address(source):
    """The address, and as it must come out: with a domain in ASCII."""
    if source.random() < 0.2:
        letters = ATOM + ' @,;:<>()[].'
        local = ''.join(source.choice([*letters, r'\"', r'\\'])
                        for _ in range(source.randint(1, 30)))
        local = f'"{local}"'
    else:
        local = '.'.join(''.join(source.choices(ATOM, k=source.randint(1, 12)))
                         for _ in range(source.randint(1, 4)))
    labels = [source.choice(LABELS) for _ in range(source.randint(1, 3))]
    domain = '.'.join([*labels, 'example'])
    expected = '.'.join(label if label.isascii() else label.encode('idna').decode()
                        for label in domain.split('.'))
    return f'{local}@{domain}', f'{local}@{expected}'


def random_message(source):
    """What is said, by name, and the fields that say it."""
    said = {
        'subject': random_text(source, 200),
        'people': [(random_text(source, 90), *random_address(source)) for _ in range(PEOPLE)],
        'headers': [random_text(source, 150) + 'x' for _ in range(HEADERS)],  # none is empty
        'files': [(re.sub(r'[/\\]', '', random_text(source, 90)),
                   source.randbytes(source.randint(0, 300))) for _ in range(FILES)],
        'text': random_text(source, 600, '\n\n \r.'),
        'html': random_text(source, 600, '\n<p>\t'),
    }
    fields = [('from.name', 'N'), ('from.address', 'a@b.example'), ('date', '2025-03-07'),
              ('subject', said['subject']), ('text', said['text']), ('html', said['html'])]
    for name, address, _ in said['people']:
        fields += [('to.name', name), ('to.address', address)]
    for number, value in enumerate(said['headers']):
        fields += [('header.name', f'X-{number}'), ('header.value', value)]
    for name, content in said['files']:
        fields += [('file', content), ('file.name', name)]
    if source.random() < 0.3:
        fields.append(('allow_8bit', ''))
    return said, fields


# ---- Reading them ----

def unfolded(value):
    return re.sub(r'\r?\n', '', value)


def decoded(value):
    """The pieces as email.header finds them. Its own way of joining them adds spaces."""
    return ''.join(piece if isinstance(piece, str) else piece.decode(charset or 'ascii')
                   for piece, charset in email.header.decode_header(unfolded(value)))


def text_of(part):
    return part.get_payload(decode=True).decode('utf-8').replace('\r\n', '\n')


def name_of(part):
    """A parameter as RFC 2231 has it."""
    return email.utils.collapse_rfc2231_value(
        part.get_param('filename', '', 'content-disposition'))


def differences(said, raw):
    yield from line_problems(raw)
    message = email.message_from_bytes(raw, policy=email.policy.compat32)
    readable, *files = message.get_payload()
    text, html = readable.get_payload()
    people = [(decoded(name), address) for name, address in people_of(unfolded(message['To']))]
    for what, wanted, got in [
            ('Subject', said['subject'].strip(' '), decoded(message.get('Subject', ''))),
            ('To', [(words_of(name), address) for name, _, address in said['people']], people),
            ('headers', [value.strip(' ') for value in said['headers']],
             [decoded(message.get(f'X-{number}', '')) for number in range(HEADERS)]),
            ('text', lines_of(said['text']), text_of(text)),
            ('HTML', lines_of(said['html']), text_of(html)),
            ('files', said['files'],
             [(name_of(part), part.get_payload(decode=True)) for part in files])]:
        if wanted != got:
            yield f'{what}: wanted {wanted!r}, got {got!r}'


# ----

def try_seeds(program, seeds):
    writer, problems = MailWriter(program), []
    for seed in seeds:
        said, fields = random_message(random.Random(seed))
        try:
            problems += [f'seed {seed}: {difference}'
                         for difference in differences(said, writer.write(fields))]
        except Refused as refusal:
            problems.append(f'seed {seed}: {refusal}')
    writer.close()
    return problems


def main(program, count):
    messages, jobs = -(-int(count) // VALUES_EACH), os.cpu_count() or 1
    with concurrent.futures.ProcessPoolExecutor(max_workers=jobs) as pool:
        found = pool.map(try_seeds, [program] * jobs,
                         [range(job, messages, jobs) for job in range(jobs)])
        problems = [problem for problems in found for problem in problems]
    for problem in problems[:20]:
        print(problem)
    print(f'{messages * VALUES_EACH} values in {messages} messages, {len(problems)} differ')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
