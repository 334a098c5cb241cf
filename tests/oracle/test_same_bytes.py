"""The same input gives the same bytes: again, elsewhere, and in a program with another locale or time
zone, in every format.

The locales are made for the test, which is skipped where Debian's package `locales` is not installed;
'./dev setup --oracles' does that.

    test_same_bytes.py NEWS IN_LOCALE CORPUS
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from publications import ROOT, all_issues, in_parallel

# What Turkish does to "i" and German to numbers has broken many a program.
LOCALES = {'de_DE.UTF-8': ('de_DE', 'UTF-8', ','), 'tr_TR.UTF-8': ('tr_TR', 'UTF-8', ','),
           'de_DE.ISO-8859-1': ('de_DE', 'ISO-8859-1', ','), 'C': (None, None, '.')}
ZONES = ['Asia/Tokyo', 'America/St_Johns', 'UTC', 'Pacific/Kiritimati']
BUILT_IN = ['html', 'email', 'text', 'gemini', 'eml']


def make_locales(folder):
    if shutil.which('localedef') is None or not pathlib.Path('/usr/share/i18n/locales').is_dir():
        print("skipped: there are no locales to be made; './dev setup --oracles' installs them")
        sys.exit(77)
    for name, (language, charset, _) in LOCALES.items():
        if language:
            subprocess.run(['localedef', '--no-archive', '-i', language, '-f', charset,
                            folder / name], check=True, capture_output=True)


def run(command, where=None, **environment):
    done = subprocess.run(command, cwd=where, capture_output=True, check=False,
                          env={'PATH': os.environ['PATH'], **environment})
    assert done.returncode == 0, f'{command}: {done.stderr.decode()}'
    return done


def formats_of(news, issue):
    """The names in the first table of `news formats`."""
    lines = run([news, 'formats', issue.path]).stdout.decode().split('\n\n')[0].split('\n')
    return [line.split()[0] for line in lines[1:]]


def check(news, in_locale, locales, issue):
    problems, count = [], 0
    for name in formats_of(news, issue):
        dated = issue.arguments if name == 'eml' else ()
        command = [news, 'render', '-f', name, *dated, issue.path]
        first = run(command).stdout
        others = {'again': run(command).stdout, 'elsewhere': run(command, where='/').stdout}
        for zone, (locale, (_, _, point)) in zip(ZONES, LOCALES.items()):
            if name not in BUILT_IN or dated:
                continue
            done = run([in_locale, issue.path, name], TZ=zone, LC_ALL=locale, LOCPATH=str(locales))
            assert done.stderr.decode() == point, f'{locale}: {done.stderr.decode()}'
            others[f'{locale}, {zone}'] = done.stdout
        count += len(others)
        problems += [f'{issue.name}: {name}: other bytes: {what}'
                     for what, output in others.items() if output != first]
    return problems, count


def main(news, in_locale, corpus):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        locales = folder / 'locales'
        locales.mkdir()
        make_locales(locales)
        issues = all_issues(folder / 'issues', pathlib.Path(corpus))
        issues = [issue for issue in issues if issue.kind != 'corpus'] + \
            [issue for issue in issues if issue.kind == 'corpus'][::20]
        shutil.copytree(ROOT / 'examples' / 'formats', folder / 'issues' / 'formats')
        programs = pathlib.Path(news).resolve(), pathlib.Path(in_locale).resolve()
        done = in_parallel(lambda issue: check(*programs, locales, issue), issues)
    problems = [problem for found, _ in done for problem in found]
    for problem in problems:
        print(problem)
    print(f'{len(issues)} issues, {sum(count for _, count in done)} comparisons, '
          f'{len(problems)} differ')
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
