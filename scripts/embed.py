"""Writes Lua scripts and layouts as a C source of byte arrays: embed.py FILE... OUTPUT. Those in a folder
`news` are modules, which scripts require by name, as in `require "news.words"`; those in a folder `layouts`
are layouts, which keep their extension in their name."""
import os
import sys


def table(kind, entries):
    return ['', f'const news_embedded_script news_embedded_{kind}s[] = {{', *entries, '};',
            f'const size_t news_embedded_{kind}_count = {len(entries)};']


*scripts, output = sys.argv[1:]
lines = ['/* Generated from scripts/ by embed.py. */', '#include "script/embedded.h"', '']
tables = {'script': [], 'module': [], 'layout': []}
for number, path in enumerate(scripts):
    with open(path, 'rb') as script:
        data = script.read()
    lines.append(f'static const unsigned char script_{number}[] = {{')
    for start in range(0, len(data), 20):
        lines.append('    ' + ''.join(f'{byte},' for byte in data[start:start + 20]))
    lines.append('    0};')
    folder, file = os.path.split(path)
    name = os.path.splitext(file)[0]
    kind = {'news': 'module', 'layouts': 'layout'}.get(os.path.basename(folder), 'script')
    known_as = {'module': f'news.{name}', 'layout': file, 'script': name}[kind]
    tables[kind].append(f'    {{"{known_as}", "@{file}", (const char *)script_{number}, {len(data)}}},')
for kind, entries in tables.items():
    lines += table(kind, entries)
with open(output, 'w', encoding='ascii') as target:
    target.write('\n'.join(lines) + '\n')
