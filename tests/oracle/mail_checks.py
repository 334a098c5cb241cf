"""What must hold for the bytes of every message, and what Python's email package thinks of them."""
import email.utils
import re


def line_problems(message):
    """Lines end with CRLF, none is too long, and none of the head is empty or hard to decode."""
    if not message.endswith(b'\r\n'):
        yield 'the last line does not end'
    if re.search(rb'[\r\n]', message.replace(b'\r\n', b'')):
        yield 'a line end that is not CRLF'
    head = True
    for line in message.split(b'\r\n'):
        if len(line) > 998:
            yield f'a line of {len(line)} bytes'
        head = head and line != b''
        if not head:
            continue
        if re.fullmatch(rb'[ \t]*', line):
            yield 'a line of the head is empty'
        if b'=?UTF-8?' in line and len(line) > 76:
            yield f'a line with an encoded word is longer than 76 bytes: {line}'
        if any(len(word) > 75 for word in re.findall(rb'=\?UTF-8\?.*?\?=', line)):
            yield f'an encoded word is longer than 75 bytes: {line}'


def people_of(field):
    """Names, as they are written, and addresses. The strict way, where Python has it, refuses addresses
    whose local part is a quoted string, with its own signs in it: see RFC 5322 (section 3.4.1)."""
    try:
        return email.utils.getaddresses([field], strict=False)
    except TypeError:
        return email.utils.getaddresses([field])


def defects(part):
    """Of a part, its headers and the parts in it."""
    for defect in part.defects:
        yield f'{part.get_content_type()}: {defect!r}'
    for name, value in part.items():
        for defect in value.defects:
            yield f'{name}: {value}: {defect!r}'
    for child in part.iter_parts() if part.is_multipart() else ():
        yield from defects(child)


def structure(part):
    """("multipart/x", part, part, …) or "type/subtype"."""
    if part.is_multipart():
        return (part.get_content_type(), *map(structure, part.iter_parts()))
    return part.get_content_type()


def body_of(part):
    """The text of a part. Python's own reading turns what is not a line end into one."""
    return part.get_payload(decode=True).decode(part.get_content_charset()).replace('\r\n', '\n')
