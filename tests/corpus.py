"""Real newsletters, where the folder that holds them exists: every issue renders in every format,
every address of the source is in every output, the text holds no markup, the gemtext is gemtext, and
the two parts of the mail have the same.

    corpus.py NEWS FOLDER

The addresses are found by cmark itself, not by libnews. Exits 77, which the test runner takes for
skipped, when the folder is not there.
"""
import concurrent.futures
import html
import json
import pathlib
import re
import subprocess
import sys
import urllib.parse
import xml.etree.ElementTree

FORMATS = ('html', 'email', 'text', 'gemini')
CLIPPED = 102400 # bytes, behind which Gmail cuts a mail off
ENOUGH = 51000 # bytes of cmark's HTML up to which that may not happen
CMARK = '{http://commonmark.org/xml/1.0}'
SKIPPED = 77


def body_of(source):
    """The Markdown behind the front matter."""
    source = source.removeprefix('\ufeff').replace('\r\n', '\n')
    if source.startswith('---\n'):
        end = re.search(r'^(---|\.\.\.)[ \t]*$', source[4:], re.M)
        return source[4 + end.end():] if end else source
    if source[:6].lower() == 'title:':
        return source.partition('\n\n')[2]
    return source


def addresses_of(source):
    """Where the links lead, according to cmark."""
    result = subprocess.run(['cmark', '-t', 'xml'], input=body_of(source).encode(),
                            capture_output=True, check=True)
    text = re.sub(r'[\x00-\x08\x0b\x0c\x0e-\x1f]', '', result.stdout.decode())
    root = xml.etree.ElementTree.fromstring(text)
    return [link.get('destination') for link in root.iter(CMARK + 'link')]


def normal(address):
    """Addresses may be percent-encoded and spelled in punycode on the way out."""
    try:
        address = urllib.parse.unquote(html.unescape(address))
        host = urllib.parse.urlsplit(address).netloc
        if not host.isascii():
            address = address.replace(host, host.encode('idna').decode(), 1)
    except ValueError:
        pass
    return address


def is_shown(address):
    """Whether a reader of plain text can be shown this address at all."""
    scheme = address.partition(':')[0].lower()
    return address != '' and not address.startswith('#') and \
        scheme not in ('javascript', 'data', 'vbscript', 'file')


def is_there(address, output, format_name):
    """In plain text a mail address needs no scheme to be one."""
    return address in output or \
        format_name == 'text' and address.removeprefix('mailto:') in output


def check_text(output):
    """Marks of Markdown and HTML outside code: lines that are indented by four, and backticks."""
    problems = []
    lines = '\n'.join(line for line in output.split('\n')
                      if not re.match(r'(> |  )*    ', line))
    prose = re.sub(r'`[^`]*`', '', lines)
    for name, pattern in (('link markup', r'\]\((https?:|mailto:)'), ('heading', r'^#{1,2} '),
                          ('reference', r'^\[[^\]]+\]: http'), ('fence', r'^(```|~~~)'),
                          ('entity', r'&(amp|lt|gt|quot|nbsp|#\d+);'),
                          ('tag', r'</?(p|div|span|br|small|a|img|ul|li)\b[^>]*>')):
        found = re.search(pattern, prose, re.M)
        if found:
            problems.append(f'{name} left in the text: {found.group(0)!r}')
    if re.search(r'\n\n\n\n', output):
        problems.append('three empty lines in a row')
    if re.search(r'[ \t]$', re.sub(r'^-- $', '', lines, flags=re.M), re.M):
        problems.append('white space at the end of a line')
    if not output.endswith('\n') or output.endswith('\n\n') or output.startswith('\n'):
        problems.append('begins or ends with an empty line')
    return problems


def check_gemtext(output):
    problems = []
    in_fence = False
    for number, line in enumerate(output.split('\n'), 1):
        if line.startswith('```'):
            in_fence = not in_fence
        elif in_fence:
            continue
        elif line.startswith('=>') and not re.match(r'=> [!-~]+( \S.*)?$', line):
            problems.append(f'line {number} is no link line: {line[:60]!r}')
        elif re.match(r'#{4,}|#+(?![# ])', line):
            problems.append(f'line {number} is no heading: {line[:60]!r}')
    if in_fence:
        problems.append('a fence is not closed')
    return problems


def fields_to_set(news, path):
    """What another generator left as {{ name }} is a merge field without a value: such an issue must
    be refused, with the place, until the field has one."""
    fields = []
    for name in dict.fromkeys(re.findall(r'\{\{ *([\w.-]+) *\}\}', path.read_text('utf-8'))):
        result = subprocess.run([news, 'render', *fields, path], capture_output=True, check=False)
        if result.returncode == 0:
            break
        if not re.search(rf':\d+:\d+: error: .*"{re.escape(name)}"', result.stderr.decode()):
            return fields, f'not refused for {name}: {result.stderr.decode().strip()}'
        fields += ['--set', name + '=x']
    return fields, None


biggest = {} # the HTML of each mail, in bytes


def check_size(output, source):
    """The HTML of a mail is at most twice what cmark writes of the text."""
    plain = subprocess.run(['cmark'], input=body_of(source).encode(), capture_output=True, check=True)
    size, cmarks = len(output.encode()), len(plain.stdout)
    if size >= CLIPPED and cmarks < ENOUGH:
        return [f'email: {size} bytes, where cmark has {cmarks}']
    return []


def check_mail(news, path):
    result = subprocess.run([news, 'check', '--json', path], capture_output=True, check=False)
    return [f'{finding["code"]}: {finding["message"]}' for finding in json.loads(result.stdout)
            if (finding['code'] or '').startswith(('parity-', 'format-error'))]


def check_issue(news, path):
    problems = check_mail(news, path)
    source = path.read_text(encoding='utf-8')
    wanted = {a for a in addresses_of(source) if is_shown(a) and '{{' not in a}
    fields, refusal = fields_to_set(news, path)
    if refusal:
        return path, [refusal]
    for format_name in FORMATS:
        result = subprocess.run([news, 'render', '-f', format_name, *fields, path],
                                capture_output=True, check=False)
        if result.returncode != 0:
            problems.append(f'{format_name}: {result.stderr.decode().strip()}')
            continue
        output = result.stdout.decode()
        shown = normal(output)
        problems += [f'{format_name}: lost {address}' for address in sorted(wanted)
                     if not is_there(normal(address), shown, format_name)]
        if format_name == 'text':
            problems += check_text(output)
        elif format_name == 'gemini':
            problems += check_gemtext(output)
        elif format_name == 'email':
            problems += check_size(output, source)
            biggest[path] = len(output.encode())
    return path, problems


def main():
    news, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    if not folder.is_dir():
        print(f'skipped: {folder.name} is not there')
        return SKIPPED
    issues = sorted(path for path in folder.glob('*/*.md'))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        for path, problems in pool.map(lambda path: check_issue(news, path), issues):
            failed += bool(problems)
            for problem in problems:
                print(f'{path.parent.name}/{path.name}: {problem}')
    longest = max(biggest, key=biggest.get)
    print(f'the largest mail is {longest.name}, {biggest[longest]} bytes')
    print(f'{len(issues) - failed} issues right, {failed} not')
    return 0 if failed == 0 and issues else 1


if __name__ == '__main__':
    sys.exit(main())
