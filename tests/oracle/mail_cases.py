"""Subjects, names, files and texts that are worth a try, for every test that reads messages."""

SUBJECTS = [
    'Plain words',
    'Grüße aus Köln',
    '港の便り：潮が満ちました。今週の船と魚と天気のことを、いつもより少し長めにお知らせします。',
    'نشرة الميناء: أخبار هذا الأسبوع عن السفن والطقس والأسماك، أطول قليلا من المعتاد',
    '⚓️ The ferry is back 🚢👩‍👩‍👧‍👦 — and so is the fog 🌫️🇳🇴🇩🇪',
    'a  b   c',
    'É  è    à',
    'A look-alike =?UTF-8?Q?=41?= stays what it is',
    '=?',
    'x' * 400,
    'word ' * 60 + 'end',
    'é' * 300,
    'e\u0301' * 150,
    'a' + '\u0301' * 400,
    'wide' + ' ' * 1500 + 'gap',
    'x' * 2500,
    'long ' + 'y' * 1200 + ' é',
    '"Quoted", (with) <marks>; @all: of\\them',
    '?=_=3D _ =20',
    '\u200fעברית עם English באמצע',
    'Tiếng Việt có rất nhiều dấu, nên dòng này dài hơn một từ mã hoá có thể chứa được',
]

NAMES = [
    'Ann Example',
    'Ann M. Example, Ph.D.',
    'Ann "The Captain" Example',
    'Back\\slash',
    'Ann (Harbour)',
    'ann@harbour.example',
    'Åse Øvergård',
    '港の便り 編集部',
    'نشرة الميناء',
    '⚓️ Harbour 👩‍✈️',
    'The Society for the Preservation of Very Long Names of Societies in General, and of '
    'Harbours, Piers, Lighthouses, Buoys and Ferries in Particular (founded 1872), West Coast',
    'Die Gesellschaft zur Förderung überaus langer Namen für Häfen, Fähren, Leuchttürme, Bojen '
    'und Ähnliches an der Küste und im Landesinneren (gegründet 1872)',
    '=?UTF-8?Q?Bank?=',
    '<script>',
    'semi; colon: comma,',
    "O'Neil",
    'x' * 1500,
    '"' * 450,
    '\\' * 451,
]

FILE_NAMES = [
    'photo.png', 'two words.pdf', 'Grüße.txt', '港の便り.pdf', 'نشرة.pdf', '⚓️👩‍✈️.txt', 'quote".txt',
    "it's 100%.txt", 'a' * 200 + '.txt', 'é' * 120 + '.txt', '=?UTF-8?Q?x?=.txt',
    'semi;colon=x.txt',
]

TEXTS = [
    'Plain words.\n',
    '',
    'No line end',
    'CR\rLF\nCRLF\r\nend',
    'Trailing space \nand tab\t\n-- \nAnn\n',
    '.\n.dot\nFrom here\nFrom\nFROM \n',
    '--=_1\n--=_\n--\n',
    'x' * 5000 + '\n',
    'Grüße aus Köln.\n' * 50,
    '港の便り。' * 100 + '\n',
    'a=b=3D=\n',
    '🚢' * 200 + '\n' + ' ' * 200 + '\n',
    'form\x0cfeed and \x1b escape\x7f\n',
    'a' * 76 + '\n' + 'b' * 77 + '\n' + 'c' * 75 + '=\n' + 'd' * 75 + ' \n' + 'e' * 78 + '\n',
    '\n\n\n',
    'w' * 74 + '.\n' + 'From ' * 40 + '\n',
]

# ---- Random texts ----

ALPHABETS = [
    'abc XYZ 019',
    'abc ,.;:<>@()[]"\\=?_!#%&\'*+-/`{|}~$^',
    'äöüß éè ñ',
    'йцукен ',
    '潮が満ちました。　',
    'نشرة الميناء ',
    '🚢👩\u200d✈️🇳🇴⚓️',
    'e\u0301 a\u0308\u0323 ',
    '=?UTF-8?Q?x?= ',
]


def random_text(source, most, extra=''):
    alphabets = source.sample(ALPHABETS, source.randint(1, 3))
    letters = ''.join(alphabets) + extra
    if source.random() < 0.1:
        letters += ''.join(chr(source.choice([source.randint(0xA0, 0xD7FF),
                                              source.randint(0xE000, 0x10FFFF)])) for _ in range(9))
        letters = letters.replace('\u2028', '').replace('\u2029', '')
    return ''.join(source.choice(letters) for _ in range(source.randint(0, most)))


# ---- As they come out ----

def lines_of(text):
    """A text as it comes out: every line end a newline, one at the end."""
    text = text.replace('\r\n', '\n').replace('\r', '\n')
    return text + '\n' if text and not text.endswith('\n') else text


def words_of(text):
    """A name as it is written: white space made single spaces."""
    return ' '.join(word for word in text.split(' ') if word)
