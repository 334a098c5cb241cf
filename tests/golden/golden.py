"""Golden files: each NAME.md here has one file per format, NAME.html, NAME.txt and NAME.gmi, which
must equal what the command renders, byte for byte.

    golden.py NEWS            compare
    golden.py --update NEWS   write the files anew; read the difference before it is committed
"""
import difflib
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FORMATS = {'html': 'html', 'text': 'txt', 'gemini': 'gmi'}


def render(news, issue, format_name):
    # The name alone, so that no folder of this machine gets into messages.
    return subprocess.run([news, 'render', '-f', format_name, issue.name], cwd=HERE,
                          capture_output=True, check=False)


def compare(wanted, got, name):
    if wanted == got:
        return True
    sys.stdout.writelines(difflib.unified_diff(
        wanted.decode().splitlines(keepends=True), got.decode().splitlines(keepends=True),
        'golden/' + name, 'rendered'))
    return False


def main():
    arguments = sys.argv[1:]
    update = '--update' in arguments
    news = str(pathlib.Path([a for a in arguments if a != '--update'][0]).resolve())
    issues = sorted(HERE.glob('*.md'))
    passed = failed = 0
    for issue in issues:
        for format_name, extension in FORMATS.items():
            golden = issue.with_suffix('.' + extension)
            result = render(news, issue, format_name)
            if result.returncode != 0:
                sys.stdout.write(result.stderr.decode())
                failed += 1
            elif update:
                golden.write_bytes(result.stdout)
                passed += 1
            elif compare(golden.read_bytes() if golden.exists() else b'', result.stdout,
                         golden.name):
                passed += 1
            else:
                failed += 1
    print(f'{passed} golden files {"written" if update else "equal"}, {failed} failed')
    return 0 if failed == 0 and passed > 0 else 1


if __name__ == '__main__':
    sys.exit(main())
