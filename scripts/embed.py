"""Writes Lua scripts as a C source of byte arrays: embed.py SCRIPT... OUTPUT."""
import os
import sys

*scripts, output = sys.argv[1:]
lines = ['/* Generated from scripts/ by embed.py. */', '#include "script/embedded.h"', '']
entries = []
for number, path in enumerate(scripts):
    with open(path, 'rb') as script:
        data = script.read()
    lines.append(f'static const unsigned char script_{number}[] = {{')
    for start in range(0, len(data), 20):
        lines.append('    ' + ''.join(f'{byte},' for byte in data[start:start + 20]))
    lines.append('    0};')
    name = os.path.splitext(os.path.basename(path))[0]
    entries.append(f'    {{"{name}", "@{name}.lua", (const char *)script_{number}, {len(data)}}},')
lines += ['', 'const news_embedded_script news_embedded_scripts[] = {', *entries, '};',
          f'const size_t news_embedded_script_count = {len(scripts)};', '']
with open(output, 'w', encoding='ascii') as target:
    target.write('\n'.join(lines))
