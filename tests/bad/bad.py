"""Bad issues, and exactly what is said of each.

NAME.md has what `news check` must say of it in NAME.expected: file, line, column, severity, message
and code, a line for each finding. A folder holds an issue.md with the files around it, and its
expectation in a file `expected`; what `sizes` names are files of so many bytes. Those named "fine"
hold what might be taken for mistakes and is none; of all others something must be said. Between
them they meet every code there is.

    bad.py NEWS            compare
    bad.py --update NEWS   write the expectations anew; read the difference before it is committed
"""
import difflib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
CODES = HERE.parents[1] / 'libnews/model/codes.def'
FINDING = re.compile(r'\S+(?::\d+:\d+)?: (error|warning): .+?(?: \[([a-z-]+)\])?')


def run(news, *arguments, folder=HERE):
    # Names alone, so that no folder of this machine gets into messages.
    return subprocess.run([news, *arguments], cwd=folder, stdin=subprocess.DEVNULL, timeout=60,
                          capture_output=True, check=False)


def check(news, issue):
    """What the command says, with the files whose sizes alone matter."""
    sizes = HERE / pathlib.Path(issue).parent / 'sizes'
    if not sizes.exists():
        return run(news, 'check', '--quiet', issue)
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(shutil.copytree(sizes.parent, pathlib.Path(folder, sizes.parent.name)))
        for line in sizes.read_text(encoding='utf-8').splitlines():
            name, size = line.rsplit(' ', 1)
            (copy / name).parent.mkdir(exist_ok=True)
            (copy / name).write_bytes(bytes(int(size)))
        return run(news, 'check', '--quiet', issue, folder=folder)


def cases():
    """Each issue, and the file with what is expected of it."""
    for issue in sorted(HERE.glob('*.md')):
        yield issue.name, issue.with_suffix('.expected')
    for issue in sorted(HERE.glob('*/issue.md')):
        yield f'{issue.parent.name}/{issue.name}', issue.parent / 'expected'


def said(output):
    """The findings alone: no source lines, carets and help, which are indented."""
    return [line for line in output.splitlines() if not line.startswith(' ')]


def problems_of(news, issue, expected, codes):
    """What is wrong with what the command says and does. Notes the codes it meets."""
    result = check(news, issue)
    output = result.stdout.decode()
    lines, wanted = said(output), expected.splitlines()
    yield from difflib.unified_diff(wanted, lines, 'expected', 'said', lineterm='', n=0)
    if result.stderr:
        yield 'on standard error: ' + result.stderr.decode()
    severities = set()
    for line in lines:
        finding = FINDING.fullmatch(line)
        if finding is None:
            yield f'no finding: {line}'
            continue
        severities.add(finding[1])
        codes.add(finding[2])
    status = 1 if 'error' in severities else 0
    if result.returncode != status:
        yield f'exit status {result.returncode} instead of {status}'
    if bool(lines) == issue.startswith('fine'):
        yield 'nothing is said' if not lines else 'it is fine'
    for format_name in ('html', 'text', 'gemini'):
        rendered = run(news, 'render', '-f', format_name, issue)
        if rendered.returncode not in (0, 1) or (rendered.returncode == 1) != (not rendered.stdout):
            yield f'{format_name}: exit status {rendered.returncode}: {rendered.stderr.decode()}'


def main():
    arguments = [a for a in sys.argv[1:] if a != '--update']
    news = str(pathlib.Path(arguments[0]).resolve())
    codes, failed, count = set(), 0, 0
    for issue, expectation in cases():
        if '--update' in sys.argv:
            output = check(news, issue).stdout.decode()
            expectation.write_text(''.join(line + '\n' for line in said(output)), encoding='utf-8')
        expected = expectation.read_text(encoding='utf-8') if expectation.exists() else ''
        problems = list(problems_of(news, issue, expected, codes))
        failed += bool(problems)
        count += 1
        for problem in problems:
            print(f'{issue}: {problem}')
    every = set(re.findall(r'^NEWS_CODE\("([a-z-]+)"', CODES.read_text(encoding='utf-8'), re.M))
    for code in sorted(every - codes):
        print(f'no bad issue is met with the code {code}')
    print(f'{count - failed} bad issues right, {failed} not')
    return 0 if failed == 0 and count and every <= codes else 1


if __name__ == '__main__':
    sys.exit(main())
