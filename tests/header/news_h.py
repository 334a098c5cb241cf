"""What news.h declares, for the tests that hold other things against it."""
import re


def without_comments(text):
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.S)


def in_one_line(text):
    """A declaration, however it was broken into lines."""
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\s*([(),;{}\[\]])\s*", r"\1", text).replace("* ", "*")


def declarations(path):
    with open(path, encoding="utf-8") as file:
        text = without_comments(file.read())
    return re.sub(r"^\s*#(?:[^\n]*\\\n)*[^\n]*$", "", text, flags=re.M)


def functions(path):
    """The prototype of each exported function by its name, in the order of the header."""
    text = re.sub(r"\bNEWS_NODISCARD\b", "", declarations(path))
    found = re.findall(r"\bNEWS_API\b([^;(]*?(\w+)\s*\([^;]*\))\s*;", text)
    return {name: in_one_line(prototype) for prototype, name in found}


def types(path):
    """The definition of each type by its name."""
    found = re.findall(r"\btypedef\b(?:[^;{]*\{(?:[^{}]|\{[^{}]*\})*\})?[^;]*;", declarations(path))
    return {re.search(r"(\w+)(?:\)\([^()]*\))?;$", in_one_line(text))[1]: in_one_line(text)
            for text in found}


def constants(path):
    """The names of enumerators and macros."""
    with open(path, encoding="utf-8") as file:
        return set(re.findall(r"\bNEWS_[A-Z0-9_]+\b", without_comments(file.read())))
