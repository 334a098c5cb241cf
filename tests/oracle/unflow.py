"""format=flowed read as RFC 3676 has it, section 4: written from that text alone."""


def unflow(text, delsp, quotes=True):
    """Paragraphs and lines as pairs of how deep they are quoted and what they say. Without `quotes`
    as by a program that takes ">" for any other letter."""
    lines = text.split('\n')
    if lines[-1] == '':
        lines.pop()
    done, goes_on = [], False
    for line in lines:
        depth = len(line) - len(line.lstrip('>')) if quotes else 0
        line = line[depth:].removeprefix(' ')
        flows = line.endswith(' ') and line != '-- '
        if flows and delsp:
            line = line[:-1]
        # Another depth ends a paragraph, and so does a signature (4.3, 4.5).
        if goes_on and done[-1][0] == depth and line != '-- ':
            line = done.pop()[1] + line
        done.append((depth, line))
        goes_on = flows
    return done
