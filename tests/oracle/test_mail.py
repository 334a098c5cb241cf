"""Messages by libnews, read by Python's email package, which shares nothing with it.

Each message of a table, and then random ones, must be read without a defect in any part or header,
and say what was to be said: same structure, same subject, names, addresses, files and texts. The
lines are looked at byte by byte.

Usage: test_mail.py PROGRAM [COUNT]     PROGRAM is write_message, COUNT how many random messages
"""
import email
import email.header
import email.policy
import random
import re
import sys
import unittest

from mail_cases import FILE_NAMES, NAMES, SUBJECTS, TEXTS, lines_of, random_text, words_of
from mail_checks import body_of, defects, line_problems, people_of, structure
from mail_writer import MailWriter, Refused

FROM = [('from.name', 'Harbour Notes'), ('from.address', 'notes@harbour.example')]
DATE = [('date', '2025-03-07 8:30:0 60')]
BASE = FROM + DATE

PROGRAM = sys.argv.pop(1) if len(sys.argv) > 1 else None
RANDOM_COUNT = int(sys.argv.pop(1)) if len(sys.argv) > 1 else 400


# ---- What was to be said ----

def addresses_of(raw, name):
    """Names and addresses. Before version 3.13 Python's newer interface keeps the white space
    between two encoded words of a name, which RFC 2047 (section 6.2) drops; the older one is right."""
    value = email.message_from_bytes(raw, policy=email.policy.compat32)[name]
    value = re.sub(r'\r?\n', '', value)
    return [(str(email.header.make_header(email.header.decode_header(person))), address)
            for person, address in people_of(value)]


class Case(unittest.TestCase):
    writer = None

    @classmethod
    def setUpClass(cls):
        cls.writer = MailWriter(PROGRAM)

    @classmethod
    def tearDownClass(cls):
        cls.writer.close()

    def read(self, fields):
        """The message, read; its bytes are in `raw`."""
        raw = self.writer.write(fields)
        self.assertEqual(raw, self.writer.write(fields), 'the same message gave other bytes')
        self.raw = raw
        self.assertEqual(list(line_problems(raw)), [])
        message = email.message_from_bytes(raw, policy=email.policy.default)
        self.assertEqual(list(defects(message)), [])
        for name in ('From', 'Date', 'Message-ID', 'MIME-Version', 'Content-Type'):
            self.assertEqual(len(message.get_all(name)), 1, name)
        return message

    def refuse(self, fields, *words):
        with self.assertRaises(Refused) as caught:
            self.writer.write(fields)
        for word in words:
            self.assertIn(word, str(caught.exception))


# ---- Headers ----

class Headers(Case):
    def test_subjects(self):
        for subject in SUBJECTS:
            with self.subTest(subject=subject):
                message = self.read(BASE + [('subject', subject), ('text', 'T\n')])
                self.assertEqual(message['Subject'], subject)

    def test_names(self):
        for name in NAMES:
            with self.subTest(name=name):
                message = self.read(DATE + [('from.name', name), ('from.address', 'a@b.example'),
                                            ('to.name', name), ('to.address', 'c@d.example'),
                                            ('to.name', ''), ('to.address', 'e@f.example'),
                                            ('text', 'T\n')])
                self.assertEqual(addresses_of(self.raw, 'From'), [(name, 'a@b.example')])
                self.assertEqual(addresses_of(self.raw, 'To'),
                                 [(name, 'c@d.example'), ('', 'e@f.example')])

    def test_one_text_for_both(self):
        for text, name, address in [
                ('ann@example.org', '', 'ann@example.org'),
                ('Ann Example <ann@example.org>', 'Ann Example', 'ann@example.org'),
                ('"Example, Ann" <ann@example.org>', 'Example, Ann', 'ann@example.org'),
                ('Grüße <ann@example.org>', 'Grüße', 'ann@example.org'),
                (r'"a \"b\" \\c" <ann@example.org>', r'a "b" \c', 'ann@example.org'),
                ('"ann lee"@example.org', '', '"ann lee"@example.org'),
                ('ann@[192.0.2.1]', '', 'ann@[192.0.2.1]'),
                ('ann@[IPv6:2001:db8::1]', '', 'ann@[IPv6:2001:db8::1]')]:
            with self.subTest(text=text):
                message = self.read(DATE + [('from.address', text), ('text', 'T\n')])
                sender, = message['From'].addresses
                self.assertEqual((sender.display_name, sender.addr_spec), (name, address))

    def test_domains(self):
        for domain, ascii_domain in [
                ('bücher.example', 'xn--bcher-kva.example'),
                ('例え.テスト', 'xn--r8jz45g.xn--zckzah'),
                ('BÜCHER.example', 'xn--bcher-kva.example'),
                ('straße.example', 'xn--strae-oqa.example'),
                ('مثال.إختبار', 'xn--mgbh0fb.xn--kgbechtv')]:
            with self.subTest(domain=domain):
                message = self.read(DATE + [('from.name', ''), ('from.address', 'ann@' + domain),
                                            ('text', 'T\n')])
                self.assertEqual(message['From'].addresses[0].domain, ascii_domain)
                self.assertTrue(message['Message-ID'].endswith(f'@{ascii_domain}>'))

    def test_many_recipients(self):
        people = [(f'Person Number {i}, Åse' if i % 3 == 0 else f'Person {i}',
                   f'person.{i}@mail-{i % 7}.example') for i in range(500)]
        fields = [field for name, address in people
                  for field in (('to.name', name), ('to.address', address))]
        message = self.read(BASE + fields + [('text', 'T\n')])
        self.assertEqual([(a.display_name, a.addr_spec) for a in message['To'].addresses], people)

    def test_dates(self):
        for given, wanted in [
                ('2025-03-07 8:30:0 60', '2025-03-07T08:30:00+01:00'),
                ('2024-02-29 23:59:59 -570', '2024-02-29T23:59:59-09:30'),
                ('1999-12-31', '1999-12-31T00:00:00+00:00'),
                ('2000-01-01 0:0:0 765', '2000-01-01T00:00:00+12:45')]:
            message = self.read(FROM + [('date', given), ('text', 'T\n')])
            self.assertEqual(message['Date'].datetime.isoformat(), wanted)
            # The day of the week is right, too.
            self.assertTrue(message['Date'].startswith(message['Date'].datetime.strftime('%a, ')))

    def test_lists(self):
        url = 'https://harbour.example/unsubscribe?token=' + 'abcdef0123456789' * 40 + '&x=ü'
        ascii_url = url.replace('ü', '%C3%BC')
        mail = 'mailto:leave@harbour.example?subject=unsubscribe'
        message = self.read(BASE + [
            ('list_id', 'Küstenpost <notes.harbour.example>'), ('unsubscribe_url', url),
            ('unsubscribe_mail', mail), ('one_click', ''), ('text', 'T\n')])
        self.assertEqual(message['List-Unsubscribe'], f'<{ascii_url}>, <{mail}>')
        self.assertEqual(message['List-Unsubscribe-Post'], 'List-Unsubscribe=One-Click')
        self.assertEqual(message['List-Id'], 'Küstenpost <notes.harbour.example>')
        # Unfolded between the angles.
        raw = self.writer.write(BASE + [('unsubscribe_url', url), ('text', 'T\n')])
        self.assertIn(f'<{ascii_url}>'.encode(), raw)

    def test_other_headers(self):
        message = self.read(BASE + [('text', 'T\n')] + [field for name, value in [
            ('cc', 'Bo <bo@example.org>, "Lee, Åse" <åse@example.org>'.replace('åse', 'ase')),
            ('Sender', 'robot@harbour.example'),
            ('Archived-At', 'https://harbour.example/2025/märz'),
            ('List-Post', 'NO'),
            ('List-Help', '<https://harbour.example/help>, <mailto:help@harbour.example>'),
            ('References', '<a@b.example> <c@d.example>'),
            ('Content-Language', 'de, en'),
            ('X-Campaign', 'Frühling'),
            ('X-Campaign', 'Sommer'),
        ] for field in (('header.name', name), ('header.value', value))])
        self.assertEqual([(a.display_name, a.addr_spec) for a in message['Cc'].addresses],
                         [('Bo', 'bo@example.org'), ('Lee, Åse', 'ase@example.org')])
        self.assertEqual(message['Sender'].address.addr_spec, 'robot@harbour.example')
        self.assertEqual(message['Archived-At'], '<https://harbour.example/2025/m%C3%A4rz>')
        self.assertEqual(message['List-Post'], 'NO')
        self.assertEqual(message['List-Help'],
                         '<https://harbour.example/help>, <mailto:help@harbour.example>')
        self.assertEqual(message['References'], '<a@b.example> <c@d.example>')
        self.assertEqual(message['Content-Language'], 'de, en')
        self.assertEqual(message.get_all('X-Campaign'), ['Frühling', 'Sommer'])

    def test_refusals(self):
        text = [('text', 'T\n')]
        for character in '\r\n\0\t\x0b\x0c\x1b\x7f\x85\u2028\u2029':
            if character == '\0':
                continue  # ends a string in C
            bad = f'a{character}Bcc: evil@example.org'
            for fields, header in [
                    (BASE + [('subject', bad)], 'Subject'),
                    (DATE + [('from.name', bad), ('from.address', 'a@b.example')], 'From'),
                    (DATE + [('from.name', ''), ('from.address', bad)], 'From'),
                    (DATE + [('from.address', bad)], 'From'),
                    (BASE + [('reply_to.name', bad), ('reply_to.address', 'a@b.c')], 'Reply-To'),
                    (BASE + [('to.name', bad), ('to.address', 'a@b.c')], 'To'),
                    (BASE + [('to.name', ''), ('to.address', f'a@b.c{character}')], 'To'),
                    (BASE + [('message_id', f'a{character}@b.c')], 'Message-ID'),
                    (BASE + [('list_id', f'{bad} <a.b>')], 'List-Id'),
                    (BASE + [('unsubscribe_url', f'https://a.example/{character}')],
                     'List-Unsubscribe'),
                    (BASE + [('unsubscribe_mail', f'mailto:a@b.c{character}')],
                     'List-Unsubscribe'),
                    (BASE + [('header.name', 'X-A'), ('header.value', bad)], 'X-A'),
                    (BASE + [('header.name', f'X-A{character}'), ('header.value', 'b')],
                     'headers'),
                    (BASE + [('file', 'b'), ('file.name', bad)], 'Content-Disposition'),
                    (BASE + [('file', 'b'), ('file.media', f'image/png{character}')],
                     'Content-Type'),
                    (BASE + [('html', 'h'), ('file', 'b'),
                             ('file.content_id', f'a{character}@b')], 'Content-ID')]:
                with self.subTest(character=character, header=header):
                    self.refuse(fields + text, header + ': holds a')
        for address in ['', 'ann', '@example.org', 'ann@', 'ann@-a.example', 'ann@a..example',
                        'a b@c.example', '.a@b.example', 'a.@b.example', 'a..b@c.example',
                        'ann@b_c.example', 'jürgen@example.org', 'a@b@c.example', 'a,b@c.example',
                        'a@b.example>', '<a@b.example', 'x' * 65 + '@a.example', 'a@' + 'b' * 64,
                        'a@' + 'b.' * 130 + 'c', '"a"b"@c.example', '"a\\\\"b"@c.example', '""@a.b',
                        'a@[1.2.3]', 'a@[300.1.1.1000]', 'a@[x]', 'a@\u2100.example', 'a@b.example.']:
            with self.subTest(address=address):
                self.refuse(DATE + [('from.name', ''), ('from.address', address)] + text, 'From: ')
        for both in ['a@b.example, c@d.example', 'Team: a@b.example;', 'a@b.example (Ann)',
                     'Ann (x) <a@b.example>', 'Ann <a@b.example> x', 'Ann <a@b.example', 'Ann',
                     'a@b.example>', '"Ann <a@b.example>', '<a@b.example> <c@d.example>', '<>', ',',
                     'a@b.example,']:
            with self.subTest(both=both):
                self.refuse(DATE + [('from.address', both)] + text, 'From: ')
        self.refuse(DATE + text, 'From: is missing')
        self.refuse(FROM + text, 'Date: is missing')
        self.refuse(BASE, 'needs a text')
        for date in ['2025-02-29', '2025-13-01', '1899-01-01', '2025-01-00', '2025-01-01 24:0:0 0',
                     '2025-01-01 0:60:0 0', '2025-01-01 0:0:0 1440']:
            self.refuse(FROM + text + [('date', date)], 'Date: there is no such')
        for name in ['Subject', 'from', 'TO', 'Date', 'message-id', 'Content-Type',
                     'Content-Transfer-Encoding', 'Bcc', 'Received', 'Resent-To',
                     'List-Unsubscribe', 'Mime-Version', 'Reply-To']:
            self.refuse(BASE + text + [('header.name', name), ('header.value', 'x')], ': is ')
        for name in ['', 'a b', 'a:', 'ü', 'x' * 65, ' a']:
            self.refuse(BASE + text + [('header.name', name), ('header.value', 'x')], 'headers: ')
        twice = [('header.name', 'cc'), ('header.value', 'a@b.example'),
                 ('header.name', 'CC'), ('header.value', 'a@b.example')]
        self.refuse(BASE + text + twice, 'Cc: a message has no more than one')
        self.refuse(BASE + text + [('unsubscribe_url', 'http://a.example/')], 'https:')
        self.refuse(BASE + text + [('one_click', '')], 'List-Unsubscribe-Post: ')
        self.refuse(BASE + text + [('unsubscribe_url', 'https://a.example/' + 'x' * 900)],
                    'List-Unsubscribe: the address is longer')
        self.refuse(BASE + text + [('file', 'x'), ('file.content_id', 'a@b')], 'Content-ID: ')
        self.refuse(BASE + [('html', 'h')] + 2 * [('file', 'x'), ('file.content_id', 'a@b')],
                    'Content-ID: two files')
        for media in ['', 'image', 'image/', '/png', 'image/png;', 'image/png; a', 'multipart/mixed',
                      'message/rfc822', 'image/png; name=x', 'image/png; a="b', 'i/p; a=b; A=c']:
            self.refuse(BASE + text + [('file', 'x'), ('file.media', media)], 'Content-Type: ')
        self.refuse(BASE + text + [('file', 'x'), ('file.name', '../x')], 'Content-Disposition: ')
        self.refuse(BASE + text + [('subject', b'\xff')], 'Subject: is not UTF-8')
        self.refuse(BASE + [('text', b'\xff')], 'the text is not UTF-8')
        self.refuse(BASE + [('html', b'a\0b')], 'the HTML holds a NUL')


class Large(Case):
    def test_time_grows_with_size(self):
        """What would take hours if it took the square of its length."""
        text = [('text', 'T\n')]
        for fields in [
                BASE + text + [('subject', 'a' + '\u0301' * 1000000)],
                BASE + text + [('subject', 'a' + ' ' * 1000000 + 'b')],
                BASE + text + [('to.name', '"\\é ' * 300000), ('to.address', 'a@b.example')],
                BASE + text + [('header.name', 'Cc'),
                               ('header.value', ', '.join(['"é x" <a@bü.example>'] * 100000))],
                BASE + text + [('header.name', 'List-Help'),
                               ('header.value', ', '.join(['<https://a.example/é>'] * 100000))],
                BASE + text + [('file', 'x'), ('file.name', 'é' * 1000000)],
                BASE + [('text', '\r' * 5000000)]]:
            self.assertEqual(list(line_problems(self.writer.write(fields))), [])
        for address in ['@[' * 1000000, '"a"' * 1000000, ',' * 1000000]:
            self.refuse(DATE + text + [('from.address', address)], 'From: ')


# ---- Bodies ----

class Bodies(Case):
    def test_texts(self):
        for text in TEXTS:
            for flags in [[], [('allow_8bit', '')]]:
                with self.subTest(text=text, flags=flags):
                    message = self.read(BASE + flags + [('text', text)])
                    self.assertEqual(structure(message), 'text/plain')
                    self.assertEqual(body_of(message), lines_of(text))
                    message = self.read(BASE + flags + [('text', text), ('html', text)])
                    self.assertEqual(structure(message),
                                     ('multipart/alternative', 'text/plain', 'text/html'))
                    for part in message.iter_parts():
                        self.assertEqual(body_of(part), lines_of(text))

    def test_encodings(self):
        def encoding(text, *flags):
            message = self.read(BASE + [('text', text), *((flag, '') for flag in flags)])
            return message['Content-Transfer-Encoding']
        self.assertEqual(encoding('Short lines of ASCII.\n'), '7bit')
        self.assertEqual(encoding('x' * 79), 'quoted-printable')
        self.assertEqual(encoding('Eine Prise für alle.\n'), 'quoted-printable')
        self.assertEqual(encoding('港の便り\n'), 'base64')
        self.assertEqual(encoding('港の便り\n', 'allow_8bit'), '8bit')
        self.assertEqual(encoding('ü' * 600, 'allow_8bit'), 'base64')
        self.assertEqual(encoding('Short lines of ASCII.\n', 'allow_8bit'), '7bit')
        for line in ['end ', '.', 'From x', '--=_', 'a\x01']:
            self.assertEqual(encoding(line), 'quoted-printable')
            self.assertEqual(encoding(line, 'allow_8bit'), 'quoted-printable')

    def test_8bit_is_told_by_what_holds_it(self):
        message = self.read(BASE + [('text', 'ASCII'), ('html', 'für'), ('allow_8bit', ''),
                                    ('file', b'\xff'), ('file', b'\xff'),
                                    ('file.content_id', 'a@b')])
        self.assertEqual(structure(message), (
            'multipart/mixed', ('multipart/alternative', 'text/plain', (
                'multipart/related', 'text/html', 'application/octet-stream')),
            'application/octet-stream'))
        for part in message.walk():
            if part.is_multipart():
                self.assertEqual(part['Content-Transfer-Encoding'], '8bit')

    def test_files(self):
        everything = bytes(range(256)) * 9
        names = [*FILE_NAMES, ' ', '']
        fields = BASE + [('text', 'T'), ('html', '<img src="cid:logo@harbour.example">')]
        fields += [('file', everything), ('file.media', 'image/png'),
                   ('file.content_id', '<logo@harbour.example>')]
        for name in names:
            fields += [('file', everything[:len(name) * 7]), ('file.name', name),
                       ('file.media', 'text/csv; charset=utf-8; header="a b"')]
        message = self.read(fields)
        readable, *attached = message.iter_parts()
        self.assertEqual(structure(readable), ('multipart/alternative', 'text/plain', (
            'multipart/related', 'text/html', 'image/png')))
        related = list(readable.iter_parts())[1]
        self.assertEqual(related.get_param('type'), 'text/html')
        image = list(related.iter_parts())[1]
        self.assertEqual(image['Content-ID'], '<logo@harbour.example>')
        self.assertEqual(image['Content-Disposition'].content_disposition, 'inline')
        self.assertEqual(image.get_content(), everything)
        for name, part in zip(names, attached, strict=True):
            self.assertEqual(part['Content-Disposition'].content_disposition, 'attachment')
            self.assertEqual(part['Content-Disposition'].params.get('filename', ''), name)
            self.assertEqual(part.get_payload(decode=True), everything[:len(name) * 7])
            self.assertEqual(part['Content-Type'].params['charset'], 'utf-8')
            self.assertEqual(part['Content-Type'].params['header'], 'a b')

    def test_structures(self):
        html, text = ('html', '<p>x'), ('text', 'x')
        shown = [('file', 'x'), ('file.media', 'image/gif'), ('file.content_id', 'a@b')]
        attached = [('file', 'x'), ('file.media', 'application/pdf')]
        related = ('multipart/related', 'text/html', 'image/gif')
        for fields, wanted in [
                ([html], 'text/html'),
                ([html, *shown], related),
                ([html, *attached], ('multipart/mixed', 'text/html', 'application/pdf')),
                ([text, *attached, *attached],
                 ('multipart/mixed', 'text/plain', 'application/pdf', 'application/pdf')),
                ([text, html, *shown],
                 ('multipart/alternative', 'text/plain', related)),
                ([html, *attached, *shown],
                 ('multipart/mixed', related, 'application/pdf'))]:
            self.assertEqual(structure(self.read(BASE + fields)), wanted)

    def test_flowed(self):
        message = self.read(BASE + [('text', 'a \nb\n'), ('flowed', ''), ('delsp', '')])
        self.assertEqual(message['Content-Type'].params,
                         {'charset': 'utf-8', 'format': 'flowed', 'delsp': 'yes'})
        self.assertEqual(body_of(message), 'a \nb\n')

    def test_elsewhere(self):
        """Other locales and time zones give the same bytes."""
        fields = BASE + [('subject', 'Grüße I i'), ('text', 'Iıİi 1.5\n'), ('html', '<p>x'),
                         ('file', 'x'), ('file.name', 'İ.txt')]
        here = self.writer.write(fields)
        for place in [{'LC_ALL': 'C', 'TZ': 'Asia/Tokyo'}, {'LC_ALL': 'tr_TR.UTF-8', 'TZ': 'UTC'},
                      {'LC_ALL': 'de_DE.ISO-8859-1', 'TZ': 'America/St_Johns'}]:
            writer = MailWriter(PROGRAM, **place)
            self.assertEqual(writer.write(fields), here, place)
            writer.close()

    def test_ids_and_boundaries(self):
        def ids(*fields):
            message = self.read(BASE + [('html', 'h'), *fields])
            return message['Message-ID'], message.get_boundary()
        one = ids(('text', 't'))
        self.assertEqual(one, ids(('text', 't')))
        others = [ids(('text', 'u')), ids(('text', 't'), ('subject', 's')), ids(('text', '')),
                  ids(('text', 't'), ('file', '')), ids(('text', 't'), ('file', 'x')),
                  ids(('text', 't'), ('file', ''), ('file.name', 'x')),
                  ids(('text', 't'), ('seed', 'x')), ids(('text', 't'), ('seed', 'y'))]
        self.assertEqual(len({one, *others}), len(others) + 1)
        self.assertEqual(ids(('text', 't'), ('seed', 'x')), ids(('text', 'v'), ('seed', 'x')))
        given = ids(('text', 't'), ('message_id', 'issue-7@harbour.example'))
        self.assertEqual(given[0], '<issue-7@harbour.example>')
        # A text that holds the very boundary does not end its part.
        text = f'--{one[1]}\n--{one[1]}--\n'
        message = self.read(BASE + [('html', 'h'), ('text', text), ('seed', 's')])
        boundary = message.get_boundary()
        text = f'x\n--{boundary}\n--{boundary}--\n'
        message = self.read(BASE + [('html', text), ('text', text), ('seed', 's')])
        self.assertEqual(message.get_boundary(), boundary)
        self.assertEqual([body_of(part) for part in message.iter_parts()], [text, text])


# ---- At random ----

class Random(Case):
    def test_random_messages(self):
        for seed in range(RANDOM_COUNT):
            source = random.Random(seed)
            with self.subTest(seed=seed):
                self.one(source)

    def one(self, source):
        subject = random_text(source, 200)
        name = random_text(source, 90)
        filename = re.sub(r'[/\\]', '', random_text(source, 90))
        text = random_text(source, 600, '\n\n \r.')
        html = random_text(source, 600, '\n<p>\t')
        content = source.randbytes(source.randint(0, 300))
        fields = BASE + [('subject', subject), ('to.name', name), ('to.address', 'a@b.example'),
                         ('text', text), ('html', html), ('file', content),
                         ('file.name', filename)]
        if source.random() < 0.3:
            fields.append(('allow_8bit', ''))
        message = self.read(fields)
        self.assertEqual(message['Subject'] or '', subject.strip(' '))
        self.assertEqual(addresses_of(self.raw, 'To'), [(words_of(name), 'a@b.example')])
        readable, attached = message.iter_parts()
        self.assertEqual([body_of(part) for part in readable.iter_parts()],
                         [lines_of(text), lines_of(html)])
        self.assertEqual(attached['Content-Disposition'].params.get('filename', ''), filename)
        self.assertEqual(attached.get_payload(decode=True), content)


if __name__ == '__main__':
    unittest.main()
