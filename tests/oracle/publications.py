"""What the tests of messages look at: the example newsletter and, where they are beside the checkout,
the reference newsletter and real issues in many hands' Markdown. All are copied into a folder first,
the real issues each with a publication, for a message has a sender."""
import base64
import concurrent.futures
import dataclasses
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What a publication must have for a message, and what a real issue would have from its own.
PUBLICATION = """\
name: {name}
url: https://{name}.example/
lang: en
issue_path: "{{slug}}"
email:
  from: '"{name}, the letter" <post@{name}.example>'
  list_id: {name} <letters.{name}.example>
  unsubscribe: https://{name}.example/leave?u={{{{ token }}}}
recipient:
  token: preview
{fields}"""

# One grey pixel.
PICTURE = base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAA'
                           'ggCBd81ytgAAAABJRU5ErkJggg==')


@dataclasses.dataclass(frozen=True)
class Issue:
    path: pathlib.Path
    kind: str  # example, reference or corpus
    arguments: tuple = ()  # that rendering needs

    @property
    def name(self):
        return f'{self.path.parent.name}/{self.path.name}'


def copied(folder, kind, source):
    """The issues of a publication."""
    shutil.copytree(source, folder / kind)
    return [Issue(path, kind) for path in sorted((folder / kind / 'issues').glob('*.md'))]


def with_picture(folder, issue):
    """The issue with a picture beside it, which can travel with the mail."""
    path = folder / 'example' / 'issues' / f'{issue.path.stem}-picture.md'
    pictures = '\n![A buoy](dot.png){width=1}\n\n![The same buoy](dot.png){width=1}\n'
    path.write_text(issue.path.read_text('utf-8') + pictures, 'utf-8')
    (path.parent / 'dot.png').write_bytes(PICTURE)
    return Issue(path, 'example')


def corpus_issues(folder, source):
    """What another generator left as {{ name }} is a merge field, and gets a value. Some issues have
    no title of their own, since their generator made it of the name of the file."""
    for newsletter in sorted(path for path in source.iterdir() if path.is_dir()):
        target = folder / 'corpus' / newsletter.name
        shutil.copytree(newsletter, target)
        paths = sorted(target.glob('*.md'))
        texts = [path.read_text('utf-8') for path in paths]
        names = {name for text in texts for name in re.findall(r'\{\{ *([\w.-]+)', text)}
        fields = ''.join(f'  "{name}": x\n' for name in sorted(names - {'token'}))
        (target / 'news.yaml').write_text(PUBLICATION.format(name=newsletter.name, fields=fields))
        for path, text in zip(paths, texts, strict=True):
            if not re.search(r'^title:', text, re.M | re.I):
                path.write_text(f'---\ntitle: {newsletter.name}, {path.stem}\n---\n{text}', 'utf-8')
            dated = re.search(r'^date:', text, re.M)
            yield Issue(path, 'corpus', () if dated else ('--date', '2025-03-07'))


def all_issues(folder, corpus):
    """Issues in a folder that is empty; the kinds that are not there are missing."""
    issues = copied(folder, 'example', ROOT / 'examples' / 'newsletter')
    reference = corpus.parent / 'reference' / 'asymmetric'
    if reference.is_dir():
        issues += copied(folder, 'reference', reference)
    if corpus.is_dir():
        issues += corpus_issues(folder, corpus)
    return issues


def render(news, issue, format_name, *arguments):
    done = subprocess.run([news, 'render', '-f', format_name, *issue.arguments, *arguments,
                           issue.path], capture_output=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f'{issue.name}: {format_name} {arguments}: {done.stderr.decode()}')
    return done.stdout


def in_parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(max_workers=4) as pool:
        return list(pool.map(function, items))
