"""Golden files: each NAME.md here, and in a folder that is a publication, has one file per format,
NAME.html, NAME.txt and NAME.gmi, which must equal what the command renders, byte for byte. Another
edition of it is in NAME.EDITION.html and so on, its text with other options in NAME.flowed.txt and
NAME.ten.txt, and mail in NAME.eml.

    golden.py NEWS            compare
    golden.py --update NEWS   write the files anew; read the difference before it is committed
"""
import difflib
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FORMATS = {'html': 'html', 'email': 'mail.html', 'text': 'txt', 'gemini': 'gmi'}
FRAGMENTS = {'masthead.md', 'footer.md'}
EDITIONS = {  # besides each format's own
    'crumb/rye.md': [('html', 'teaser'), ('html', 'email'), ('text', 'web'), ('gemini', 'email')],
}
VARIANTS = {'flowed.txt': ['-O', 'flowed=true'], 'ten.txt': ['-O', 'style=ten']}
MAIL = {  # issues of publications that go out as mail, and how each is sent
    'crumb/rye.md': ['--to', 'Ægir <aegir@sea.example>', '--set', 'token=7', '-O', 'images=inline'],
    'crumb/wheat.md': ['--date', '2025-03-14T06:30:00+01:00', '-O', 'format=fixed', '-O', 'style=ten'],
}


def issues():
    return [issue for issue in sorted([*HERE.glob('*.md'), *HERE.glob('*/*.md')])
            if issue.name not in FRAGMENTS]


def renders(issue):
    """The arguments of each render of an issue, with the golden file that it must equal."""
    for format_name, extension in FORMATS.items():
        yield ['-f', format_name], issue.with_suffix('.' + extension)
    for extension, options in VARIANTS.items():
        yield ['-f', 'text', *options], issue.with_suffix('.' + extension)
    name = str(issue.relative_to(HERE))
    if name in MAIL:
        yield ['-f', 'eml', *MAIL[name]], issue.with_suffix('.eml')
    for format_name, edition in EDITIONS.get(name, []):
        yield (['-f', format_name, '-e', edition],
               issue.with_suffix(f'.{edition}.{FORMATS[format_name]}'))


def render(news, arguments, issue):
    # The name alone, so that no folder of this machine gets into messages.
    return subprocess.run([news, 'render', *arguments, issue.name], cwd=issue.parent,
                          capture_output=True, check=False)


def compare(wanted, got, name):
    if wanted == got:
        return True
    sys.stdout.writelines(difflib.unified_diff(
        wanted.decode().splitlines(keepends=True), got.decode().splitlines(keepends=True),
        f'golden/{name}', 'rendered'))
    return False


def main():
    arguments = sys.argv[1:]
    update = '--update' in arguments
    news = str(pathlib.Path([a for a in arguments if a != '--update'][0]).resolve())
    passed = failed = 0
    for issue in issues():
        for options, golden in renders(issue):
            result = render(news, options, issue)
            if result.returncode != 0:
                sys.stdout.write(result.stderr.decode())
                failed += 1
            elif update:
                golden.write_bytes(result.stdout)
                passed += 1
            elif compare(golden.read_bytes() if golden.exists() else b'', result.stdout,
                         golden.relative_to(HERE)):
                passed += 1
            else:
                failed += 1
    print(f'{passed} golden files {"written" if update else "equal"}, {failed} failed')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
