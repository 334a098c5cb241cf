"""The codes of findings: those that codes.def lists, those that the library uses, and those that
docs/checks.md explains are the same; and what that page says of each is so.

    codes.py NEWS

A section of the page that explains a code has blocks without a language: the files, the last of
which is the issue, and then what `news check` says of it. A file other than the issue is named in the
line above its block, or has a line that tells its size: `boat.jpg` has 420 KB.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = r'[a-z]+(?:-[a-z]+)*'


def defined():
    text = (ROOT / 'libnews/model/codes.def').read_text(encoding='utf-8')
    return re.findall(rf'^NEWS_CODE\("({CODE})", ', text, re.M)


def without_comments(text):
    return re.sub(r'/\*.*?\*/', '', text, flags=re.S)


def used(every):
    """What stands where a code does: behind a severity, or as an argument or in a table of its own;
    there it is told from other words by its beginning, which is that of some code."""
    beginnings = {code.split('-')[0] for code in every if '-' in code}
    codes = set()
    for path in sorted((ROOT / 'libnews').rglob('*.c')):
        text = without_comments(path.read_text(encoding='utf-8'))
        codes.update(re.findall(rf'NEWS_(?:ERROR|WARNING),\s*"({CODE})"', text))
        codes.update(re.findall(rf'"({CODE})",\s*NEWS_(?:ERROR|WARNING)', text))
        codes.update(code for code in re.findall(rf'[,(]\s*"({CODE})"\s*,', text)
                     if '-' in code and code.split('-')[0] in beginnings)
    return codes


# ---- The page ----

def sections():
    """The name of each section, and its text."""
    text = (ROOT / 'docs/checks.md').read_text(encoding='utf-8')
    fence = False
    name, lines = None, []
    for line in text.splitlines():
        fence ^= line.startswith('```')
        heading = None if fence else re.fullmatch(r'(#+) (.*)', line)
        if heading:
            if name is not None:
                yield name, lines
            name, lines = heading[2] if heading[1] == '###' else None, []
        else:
            lines.append(line)
    if name is not None:
        yield name, lines


def blocks_of(lines):
    """Each block, with the file that the line above it names, and files whose size alone is told."""
    blocks, block, name = [], None, None
    for line in lines:
        if line == '```' and block is None:
            block = []
        elif line == '```':
            blocks.append((name, ''.join(text + '\n' for text in block)))
            block, name = None, None
        elif block is not None:
            block.append(line)
        elif line:
            named = re.fullmatch(r'In `(\S+)`:', line)
            name = named[1] if named else None
            sized = re.fullmatch(r'`(\S+)` has (\d+) KB\.', line)
            if sized:
                blocks.append((sized[1], '0' * (int(sized[2]) * 1000)))
    return blocks


def said_of(news, files):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files:
            path = pathlib.Path(folder, name or 'issue.md')
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding='utf-8')
        result = subprocess.run([news, 'check', '--quiet', 'issue.md'], cwd=folder, timeout=60,
                                capture_output=True, check=False)
    return [line for line in result.stdout.decode().splitlines() if not line.startswith(' ')]


def problems_of(news, code, lines):
    severity = re.match(r'\*(Error|Warning)\.\* ', '\n'.join(lines).lstrip())
    *files, (_, wanted) = blocks_of(lines) or [(None, '')]
    if severity is None or not files or not wanted:
        yield 'there is no severity, no example, or not what is said of it'
        return
    said = [line for line in said_of(news, files) if line.endswith(f' [{code}]')]
    if said != wanted.splitlines():
        yield 'it says: ' + '\n'.join(said)
    worst = 'Error' if any(': error: ' in line for line in said) else 'Warning'
    if severity[1] != worst:
        yield f'its severity is: {worst}'


def main():
    news = str(pathlib.Path(sys.argv[1]).resolve())
    listed = defined()
    every, problems = set(listed), []
    problems += [f'{code} is twice in codes.def' for code in every if listed.count(code) != 1]
    of_library = used(every)
    problems += [f'nothing is found with the code {code}' for code in every - of_library]
    problems += [f'codes.def lacks {code}' for code in of_library - every]
    page = list(sections())
    explained = [name for name, _ in page]
    problems += [f'docs/checks.md explains {code} twice' for code in set(explained)
                 if explained.count(code) != 1]
    problems += [f'docs/checks.md lacks {code}' for code in every - set(explained)]
    problems += [f'docs/checks.md explains {code}, which is no code'
                 for code in set(explained) - every]
    for code, lines in page:
        problems += [f'docs/checks.md, {code}: {problem}'
                     for problem in problems_of(news, code, lines)]
    for problem in sorted(problems):
        print(problem)
    print(f'{len(every)} codes, {len(problems)} problems')
    return 0 if every and not problems else 1


if __name__ == '__main__':
    sys.exit(main())
