#!/usr/bin/env python3
"""Writes line_break_table.c and line_break_table.h, next to this script.

usage: generate_line_break.py [DIRECTORY OF THE UNICODE CHARACTER DATABASE]

Reads LineBreak.txt, EastAsianWidth.txt, UnicodeData.txt and emoji/emoji-data.txt (Debian's package
unicode-data puts them in /usr/share/unicode). Two things come out:

  properties  a byte for each code point, its class of UAX #14 and its columns in a terminal, in a
              table of two stages;
  steps       the rules of UAX #14 as a machine: from a state and the class of the next code point
              to the next state and whether a line may break between the two.

The rules are below, in the standard's words and order. A state is what the rules can still see of
the text before; mostly that is the class of the last character, so most states bear its name.
"""
import os
import sys

LAST = 0x10FFFF

# ---- The rules ------------------------------------------------------------------------------

# What comes next. OPW is an OP that is East Asian wide, which LB30 leaves out; XP is a character
# of class ID that LB30b calls [\p{Extended_Pictographic} & \p{Cn}].
CLASSES = """CM ZWJ NU AL BK CR LF NL SP ZW WJ GL BA BB B2 HY CB CL CP EX IN NS OP OPW QU IS PO PR
SY HL ID XP EB EM H2 H3 JL JV JT RI""".split()

# What came before, where that is more than a class; the names after the colon are those by which
# the rules know it. CM, ZWJ and OPW are no states: the first two vanish in what they follow (LB9)
# or become AL (LB10), the third is as OP.
COMPOUND_STATES = {
    "START": [],
    "HL_HY": ["HY", "hebrew-hyphen"],  # LB21a
    "HL_BA": ["BA", "hebrew-hyphen"],
    "NU_IS": ["IS", "number"],  # inside a number, LB25
    "NU_SY": ["SY", "number"],
    "NU_CL": ["CL", "closed-number"],
    "NU_CP": ["CP", "closed-number"],
    "RI_RI": ["RI"],  # LB30a
    "OP_SP": ["SP", "OP-spaces"],  # LB14 to LB17
    "QU_SP": ["SP", "QU-spaces"],
    "CL_SP": ["SP", "CL-spaces"],
    "B2_SP": ["SP", "B2-spaces"],
}
NAMES = {c: [c] for c in CLASSES if c not in ("CM", "ZWJ", "OPW")}
NAMES["NU"] = ["NU", "number"]
NAMES["RI"] = ["RI", "odd-RI"]
NAMES["XP"] = ["ID", "XP"]
NAMES.update(COMPOUND_STATES)
STATES = list(NAMES)

# One rule a line: its number, what stands before, the sign, what comes next; nothing is anything.
# The first that fits counts. Signs: × no break, ÷ break allowed, ! break mandatory, and ? break
# allowed unless a number begins right after the next character. LB8a is applied in line_break.c,
# LB9 and LB10 in step(). Numbers are LB25 as tailored in Example 7 of section 8.2, as the
# standard's own tests have it: "1/2" and "3,14" hold together; a break may come before a number
# that follows "/" or "," otherwise.
RULES = """
LB4   BK !
LB5   CR × LF
LB5   CR LF NL !
LB6   × BK CR LF NL
LB7   × SP ZW
LB8   ZW ÷
LB11  × WJ
LB11  WJ ×
LB12  GL ×
LB12a ^SP ^BA ^HY × GL
LB13  × CL CP EX IS SY
LB14  OP OP-spaces ×
LB15  QU QU-spaces × OP OPW
LB16  CL CP CL-spaces × NS
LB17  B2 B2-spaces × B2
LB18  SP ÷
LB19  × QU
LB19  QU ×
LB20  ÷ CB
LB20  CB ÷
LB21  × BA HY NS
LB21  BB ×
LB21a hebrew-hyphen ×
LB21b SY × HL
LB22  × IN
LB23  AL HL × NU
LB23  NU × AL HL
LB23a PR × ID XP EB EM
LB23a ID EB EM × PO
LB24  PR PO × AL HL
LB24  AL HL × PR PO
LB25  PR PO × NU
LB25  PR PO ? OP OPW
LB25  OP HY × NU
LB25  number × NU
LB25  number closed-number × PO PR
LB26  JL × JL JV H2 H3
LB26  JV H2 × JV JT
LB26  JT H3 × JT
LB27  JL JV JT H2 H3 × PO
LB27  PR × JL JV JT H2 H3
LB28  AL HL × AL HL
LB29  IS × AL HL
LB30  AL HL NU × OP
LB30  CP × AL HL NU
LB30a odd-RI × RI
LB30b EB × EM
LB30b XP × EM
LB31  ÷
"""
ACTIONS = {"×": 0, "÷": 1, "!": 2, "?": 3}


def parse_rules():
    rules = []
    for line in RULES.strip().splitlines():
        words = line.split()[1:]
        sign = next(i for i, word in enumerate(words) if word in ACTIONS)
        before, after = words[:sign], words[sign + 1:]
        known = {name for names in NAMES.values() for name in names}
        assert all(name.lstrip("^") in known for name in before), line
        assert all(name in CLASSES for name in after), line
        rules.append((before, words[sign], after))
    return rules


def fits(before, names):
    if not before:
        return True
    if before[0].startswith("^"):
        return not any(name[1:] in names for name in before)
    return any(name in names for name in before)


def follow(state, after):
    """The state after a character of class `after`."""
    names = NAMES[state]
    if after == "SP":
        for name in ("OP", "QU", "CL", "CP", "B2"):
            if name in names or name + "-spaces" in names:
                return {"CP": "CL"}.get(name, name) + "_SP"
        return "ZW" if state == "ZW" else "SP"
    if "number" in names and after in ("IS", "SY", "CL", "CP"):
        return "NU_" + after
    if state == "HL" and after in ("HY", "BA"):
        return "HL_" + after
    if state == "RI" and after == "RI":
        return "RI_RI"
    return "OP" if after == "OPW" else after


def step(rules, state, after):
    """(next state, action)"""
    if after in ("CM", "ZWJ"):
        if state not in ("START", "BK", "CR", "LF", "NL", "ZW") and "SP" not in NAMES[state]:
            return state, "×"  # LB9
        after = "AL"  # LB10
    if state == "START":
        return follow(state, after), "×"
    for before, sign, nexts in rules:
        if fits(before, NAMES[state]) and (not nexts or after in nexts):
            return follow(state, after), sign
    raise AssertionError


# ---- The properties -------------------------------------------------------------------------


def read_ranges(path):
    """Pairs of a range and the value of its second field."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            fields = [field.strip() for field in line.split("#")[0].split(";")]
            if len(fields) >= 2:
                first, _, last = fields[0].partition("..")
                yield range(int(first, 16), int(last or first, 16) + 1), fields[1]


def read_categories(path):
    categories = ["Cn"] * (LAST + 1)
    with open(path, encoding="utf-8") as file:
        first = None
        for line in file:
            fields = line.split(";")
            code = int(fields[0], 16)
            if fields[1].endswith(", First>"):
                first = code
                continue
            for c in range(code if first is None else first, code + 1):
                categories[c] = fields[2]
            first = None
    return categories


def version_of(path):
    with open(path, encoding="utf-8") as file:
        return file.readline().strip("# \n").rpartition("-")[2].removesuffix(".txt")


def fill(values, spans, value):
    for first, last in spans:
        for c in range(first, last + 1):
            values[c] = value


IDEOGRAPHS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFD),
              (0x30000, 0x3FFFD)]


def read_classes(directory, categories, widths):
    classes = ["XX"] * (LAST + 1)
    # The defaults that LineBreak.txt has only in prose.
    fill(classes, IDEOGRAPHS + [(0x1F000, 0x1FAFF), (0x1FC00, 0x1FFFD)], "ID")
    fill(classes, [(0x20A0, 0x20CF)], "PR")
    for span, value in read_ranges(os.path.join(directory, "LineBreak.txt")):
        for c in span:
            classes[c] = value
    pictographs = set()
    for span, value in read_ranges(os.path.join(directory, "emoji", "emoji-data.txt")):
        if value == "Extended_Pictographic":
            pictographs.update(span)
    for c, value in enumerate(classes):
        if value in ("AI", "SG", "XX"):  # LB1
            value = "AL"
        elif value == "CJ":
            value = "NS"
        elif value == "SA":
            value = "CM" if categories[c] in ("Mn", "Mc") else "AL"
        elif value == "OP" and widths[c] in "FWH":
            value = "OPW"
        if c in pictographs and categories[c] == "Cn":
            assert value == "ID"
            value = "XP"
        assert not (value == "CP" and widths[c] in "FWH")  # LB30 would need a class for it
        classes[c] = value
    return classes


def read_widths(directory):
    widths = ["N"] * (LAST + 1)
    fill(widths, IDEOGRAPHS, "W")
    for span, value in read_ranges(os.path.join(directory, "EastAsianWidth.txt")):
        for c in span:
            widths[c] = value
    return widths


# Format characters that are seen, though the category says otherwise: the soft hyphen, which
# terminals draw, and the signs that stand before or under a number (Prepended_Concatenation_Mark).
SEEN = {0xAD, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}

# Not assigned, and never to be seen (the rest of Default_Ignorable_Code_Point).
UNSEEN = {0x2065, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)}


def columns(c, category, width):
    if c in SEEN:
        return 1
    if category in ("Cc", "Cf", "Mn", "Me", "Zl", "Zp") or c in UNSEEN:
        return 0
    # Vowels and final consonants of Hangul, drawn within the syllable that they follow.
    if 0x1160 <= c <= 0x11FF or 0xD7B0 <= c <= 0xD7FF:
        return 0
    return 2 if width in "FW" else 1


# ---- Writing --------------------------------------------------------------------------------


def two_stages(values, shift):
    blocks, index = {}, []
    for start in range(0, LAST + 1, 1 << shift):
        block = tuple(values[start:start + (1 << shift)])
        index.append(blocks.setdefault(block, len(blocks)))
    assert len(blocks) <= 256
    return index, [value for block in blocks for value in block]


def array(name, values, per_line=25):
    lines = [f"const uint8_t {name}[{len(values)}] = {{"]
    for i in range(0, len(values), per_line):
        lines.append("    " + ", ".join(str(v) for v in values[i:i + per_line]) + ",")
    return "\n".join(lines + ["};", ""])


def main():
    directory = sys.argv[1] if len(sys.argv) > 1 else "/usr/share/unicode"
    categories = read_categories(os.path.join(directory, "UnicodeData.txt"))
    widths = read_widths(directory)
    classes = read_classes(directory, categories, widths)
    numbers = {name: i for i, name in enumerate(CLASSES)}
    properties = [numbers[classes[c]] | columns(c, categories[c], widths[c]) << 6
                  for c in range(LAST + 1)]
    shift = 7
    index, blocks = two_stages(properties, shift)

    assert len(STATES) <= 64 and len(CLASSES) <= 64
    rules = parse_rules()
    steps = []
    for state in STATES:
        for after in CLASSES:
            following, sign = step(rules, state, after)
            steps.append(STATES.index(following) | ACTIONS[sign] << 6)
        steps += [0] * (64 - len(CLASSES))

    origin = (f"Unicode {version_of(os.path.join(directory, 'LineBreak.txt'))}, "
              "written by generate_line_break.py: change that, not this.")
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(here, "line_break_table.h"), "w", encoding="utf-8") as out:
        out.write(f"""/* Line breaking classes, columns and the line breaking machine.
 * {origin} */
#ifndef NEWS_LINE_BREAK_TABLE_H
#define NEWS_LINE_BREAK_TABLE_H

#include <stdint.h>

/* clang-format off */
enum {{
    NEWS_LINE_CLASS_CM = {numbers['CM']},
    NEWS_LINE_CLASS_ZWJ = {numbers['ZWJ']},
    NEWS_LINE_CLASS_NU = {numbers['NU']},
    NEWS_LINE_CLASS_AL = {numbers['AL']},
    NEWS_LINE_CLASS_XP = {numbers['XP']}, /* not assigned, kept for emoji to come */

    NEWS_LINE_STATE_START = {STATES.index('START')},
    NEWS_LINE_STATE_AL = {STATES.index('AL')},

    /* The two high bits of a step. */
    NEWS_LINE_ACTION_NONE = {ACTIONS['×']},
    NEWS_LINE_ACTION_ALLOWED = {ACTIONS['÷']},
    NEWS_LINE_ACTION_MANDATORY = {ACTIONS['!']},
    NEWS_LINE_ACTION_UNLESS_NUMBER = {ACTIONS['?']}, /* allowed, unless a number begins after next */

    /* A property is a class in the low bits and columns in the high ones; a step is the next state
     * and an action. */
    NEWS_LOW_BITS = 0x3F,
    NEWS_HIGH_SHIFT = 6,
    NEWS_PROPERTY_SHIFT = {shift}
}};
/* clang-format on */

extern const uint8_t news_property_index[{len(index)}];
extern const uint8_t news_property_blocks[{len(blocks)}]; /* those of ASCII come first */
extern const uint8_t news_line_steps[{len(steps)}];         /* by state << NEWS_HIGH_SHIFT | class */

static inline uint32_t news_property(uint32_t code_point)
{{
    uint32_t block = news_property_index[code_point >> NEWS_PROPERTY_SHIFT];
    return news_property_blocks[block << NEWS_PROPERTY_SHIFT |
                                (code_point & ((1u << NEWS_PROPERTY_SHIFT) - 1))];
}}

static inline uint32_t news_line_class(uint32_t code_point)
{{
    return news_property(code_point) & NEWS_LOW_BITS;
}}

/* The columns of a code point that stands alone. */
static inline uint32_t news_own_columns(uint32_t code_point)
{{
    return news_property(code_point) >> NEWS_HIGH_SHIFT;
}}

#endif
""")
    with open(os.path.join(here, "line_break_table.c"), "w", encoding="utf-8") as out:
        out.write(f"/* The tables of line_break_table.h.\n * {origin} */\n"
                  '#include "text/line_break_table.h"\n\n/* clang-format off */\n')
        out.write("\n".join([array("news_property_index", index),
                             array("news_property_blocks", blocks),
                             array("news_line_steps", steps, 32)]))


main()
