"""Writes Lua scripts as a C source of byte arrays: embed.py SCRIPT... OUTPUT. Those in a folder `news`
are modules, which scripts require by name, as in `require "news.words"`."""
import os
import sys


def table(kind, entries):
    return ['', f'const news_embedded_script news_embedded_{kind}s[] = {{', *entries, '};',
            f'const size_t news_embedded_{kind}_count = {len(entries)};']


*scripts, output = sys.argv[1:]
lines = ['/* Generated from scripts/ by embed.py. */', '#include "script/embedded.h"', '']
formats, modules = [], []
for number, path in enumerate(scripts):
    with open(path, 'rb') as script:
        data = script.read()
    lines.append(f'static const unsigned char script_{number}[] = {{')
    for start in range(0, len(data), 20):
        lines.append('    ' + ''.join(f'{byte},' for byte in data[start:start + 20]))
    lines.append('    0};')
    name = os.path.splitext(os.path.basename(path))[0]
    is_module = os.path.basename(os.path.dirname(path)) == 'news'
    (modules if is_module else formats).append(
        f'    {{"{"news." if is_module else ""}{name}", "@{name}.lua", '
        f'(const char *)script_{number}, {len(data)}}},')
lines += [*table('script', formats), *table('module', modules), '']
with open(output, 'w', encoding='ascii') as target:
    target.write('\n'.join(lines))
