"""libnews from Python: parse an issue, look at what is in it, check it, render it.

    import libnews

    context = libnews.Context()
    issue = context.parse("issue.md", "# Harbour notes\\n\\nThe *tide* is in.\\n")
    for finding in context.check(issue):
        print(finding)
    print(context.render(issue, "text"))

Nothing is needed but the shared library, where the system's loader or LIBNEWS finds it. A Context
is for one thread at a time; an Issue may be shared. libnews(3) and docs/lua.md tell what everything
means.

As a program it does all this with a file: python3 libnews.py ISSUE.md [FORMAT]
"""
import collections
import ctypes
import datetime
import os
import sys
from ctypes import (CFUNCTYPE, POINTER, byref, c_bool, c_char, c_char_p, c_int, c_int32, c_int64,
                    c_size_t, c_uint32, c_uint64, c_void_p)

# The soversion is that of the structures below; see "Versions" in docs/embedding.md.
_library = ctypes.CDLL(os.environ.get("LIBNEWS", "libnews.so.0.1"))

# Values of news_status and news_severity.
SYNTAX, ENCODING, LIMIT, SCRIPT, NOT_FOUND, CANCELLED = -3, -4, -5, -6, -7, -9
WARNING, ERROR = 1, 2

# ---- Structures of news.h --------------------------------------------------------------------


class _Sized(ctypes.Structure):
    """What C sets up with an _INIT macro: the size, and zeros."""

    def __init__(self, **members):
        super().__init__(size=ctypes.sizeof(self), **members)


class _Str(ctypes.Structure):
    _fields_ = [("ptr", c_void_p), ("len", c_size_t)]

    def __str__(self):
        return ctypes.string_at(self.ptr, self.len).decode() if self.len else ""


class _Error(_Sized):
    _fields_ = [("size", c_size_t), ("status", c_int), ("line", c_uint32), ("column", c_uint32),
                ("source", c_char * 128), ("message", c_char * 256), ("node_line", c_uint32),
                ("node_column", c_uint32), ("node_source", c_char * 128)]


class _File(ctypes.Structure):
    _fields_ = [("bytes", c_char_p), ("len", c_size_t), ("handle", c_void_p)]


_LOAD = CFUNCTYPE(c_int, c_void_p, c_char_p, POINTER(_File))


class _Loader(_Sized):
    _fields_ = [("size", c_size_t), ("load", _LOAD), ("release", c_void_p), ("ud", c_void_p)]


class _ParseOptions(_Sized):
    _fields_ = [("size", c_size_t), ("path", c_char_p), ("loader", POINTER(_Loader)),
                ("publication", c_void_p)]


class _Finding(_Sized):
    _fields_ = [("size", c_size_t), ("severity", c_int), ("code", c_char_p), ("message", _Str),
                ("line", c_uint32), ("column", c_uint32), ("source", _Str), ("help", c_char_p)]


_FOUND = CFUNCTYPE(c_int, c_void_p, POINTER(_Finding))


class _Nodes(ctypes.Structure):
    _fields_ = [("first", c_void_p), ("end", c_void_p), ("array", c_void_p), ("count", c_size_t)]


class _Date(ctypes.Structure):
    _fields_ = [(name, c_int32) for name in ("year", "month", "day", "hour", "min", "sec",
                                             "offset")] + [("has_time", c_bool)]


class _As(ctypes.Union):
    _fields_ = [("boolean", c_bool), ("integer", c_int64), ("string", _Str), ("date", _Date),
                ("node", c_void_p), ("nodes", _Nodes), ("reserved", c_uint64 * 8)]


class _Value(ctypes.Structure):
    _fields_ = [("type", c_int), ("as_", _As)]


class _Option(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("value", c_char_p)]


class _RenderOptions(_Sized):
    _fields_ = [("size", c_size_t), ("width", c_uint32), ("options", POINTER(_Option)),
                ("option_count", c_size_t), ("edition", c_char_p), ("fields", POINTER(_Option)),
                ("field_count", c_size_t)]


# ---- Functions of news.h ---------------------------------------------------------------------

_handle, _index, _out = c_void_p, c_size_t, POINTER(c_void_p)
_FUNCTIONS = {
    "news_version": (c_char_p,),
    "news_ctx_new": (c_int, _out, c_void_p, POINTER(_Error)),
    "news_ctx_free": (None, _handle),
    "news_parse": (c_int, _handle, _out, c_char_p, c_char_p, c_size_t, POINTER(_ParseOptions),
                   POINTER(_Error)),
    "news_issue_unref": (None, _handle),
    "news_issue_edition": (c_int, _handle, _out, _handle, c_char_p, POINTER(_Error)),
    "news_issue_edition_name": (c_char_p, _handle, _index),
    "news_issue_finding_count": (c_size_t, _handle),
    "news_issue_finding": (c_int, _handle, _index, POINTER(_Finding)),
    "news_check": (c_int, _handle, _handle, c_void_p, _FOUND, c_void_p, POINTER(_Error)),
    "news_issue_root": (_handle, _handle),
    "news_node_kind": (c_int, _handle),
    "news_kind_name": (c_char_p, c_int),
    "news_kind_field": (c_char_p, c_int, _index),
    "news_node_line": (c_uint32, _handle),
    "news_node_column": (c_uint32, _handle),
    "news_node_parent": (_handle, _handle),
    "news_node_first_child": (_handle, _handle),
    "news_node_next": (_handle, _handle),
    "news_nodes_next": (_handle, POINTER(_Nodes)),
    "news_node_get": (c_bool, _handle, c_char_p, POINTER(_Value)),
    "news_format_load": (c_int, _handle, c_char_p, c_char_p, c_size_t, POINTER(_Error)),
    "news_render_buffer": (c_int, _handle, _handle, c_char_p, POINTER(_RenderOptions), _out,
                           POINTER(c_size_t), POINTER(_Error)),
    "news_free": (None, _handle, c_void_p, c_size_t),
}
for _name, (_result, *_arguments) in _FUNCTIONS.items():
    getattr(_library, _name).restype = _result
    getattr(_library, _name).argtypes = _arguments


class Error(Exception):
    """What went wrong, and where."""

    def __init__(self, error):
        self.status = error.status
        self.source, self.message = error.source.decode(), error.message.decode()
        self.line, self.column = error.line, error.column
        super().__init__(f"{self.source}:{self.line}:{self.column}: {self.message}"
                         if self.source else self.message)


def _call(name, *arguments):
    """Calls a function whose last argument is a news_error, and raises what it tells."""
    error = _Error()
    if getattr(_library, name)(*arguments, byref(error)) != 0:
        raise Error(error)


def version():
    return _library.news_version().decode()


# ---- The objects -----------------------------------------------------------------------------

Finding = collections.namedtuple("Finding", "source line column severity code message help")
Finding.__str__ = lambda f: (f"{f.source}:{f.line}:{f.column}: "
                             f"{'error' if f.severity == ERROR else 'warning'}: "
                             f"{f.message} [{f.code}]")


def _finding(f):
    """A copy, for the library's own is borrowed."""
    return Finding(str(f.source), f.line, f.column, f.severity, f.code.decode(), str(f.message),
                   f.help.decode() if f.help else None)


class Node:
    """A node of an issue, which it keeps alive. Its fields are node["title"] and so on."""

    def __init__(self, issue, handle):
        self._issue, self._handle = issue, handle

    def __eq__(self, other):
        return isinstance(other, Node) and self._handle == other._handle

    def __hash__(self):
        return hash(self._handle)

    @property
    def kind(self):
        return _library.news_kind_name(_library.news_node_kind(self._handle)).decode()

    @property
    def line(self):
        return _library.news_node_line(self._handle)

    @property
    def column(self):
        return _library.news_node_column(self._handle)

    @property
    def parent(self):
        return self._issue._node(_library.news_node_parent(self._handle))

    @property
    def children(self):
        child = _library.news_node_first_child(self._handle)
        while child:
            yield Node(self._issue, child)
            child = _library.news_node_next(child)

    @property
    def fields(self):
        """The names of the fields that nodes of this kind have."""
        kind, index = _library.news_node_kind(self._handle), 0
        while name := _library.news_kind_field(kind, index):
            yield name.decode()
            index += 1

    def __getitem__(self, field):
        """A field's value; None where this node has none. KeyError: nodes of its kind have no such
        field."""
        value = _Value()
        if not _library.news_node_get(self._handle, field.encode(), byref(value)):
            raise KeyError(field)
        return self._issue._value(value)


class Issue:
    """A parsed issue, or an edition of one. It never changes, and may outlive its context."""

    def __init__(self, handle):
        self._handle = handle

    def __del__(self):
        _library.news_issue_unref(self._handle)

    @property
    def root(self):
        return Node(self, _library.news_issue_root(self._handle))

    @property
    def findings(self):
        """What parsing found; Context.check() finds more."""
        for index in range(_library.news_issue_finding_count(self._handle)):
            finding = _Finding()
            if _library.news_issue_finding(self._handle, index, byref(finding)) == 0:
                yield _finding(finding)

    @property
    def editions(self):
        """The names of the editions there are."""
        index = 0
        while name := _library.news_issue_edition_name(self._handle, index):
            yield name.decode()
            index += 1

    def _node(self, handle):
        return Node(self, handle) if handle else None

    def _value(self, value):
        """In Python's terms, by the types of news_value_type in their order."""
        read = (lambda v: None, lambda v: v.boolean, lambda v: v.integer, lambda v: str(v.string),
                lambda v: _date(v.date), lambda v: self._node(v.node),
                lambda v: self._nodes(v.nodes))
        return read[value.type](value.as_)

    def _nodes(self, nodes):
        found = []
        while handle := _library.news_nodes_next(byref(nodes)):
            found.append(Node(self, handle))
        return found


def _date(d):
    if not d.has_time:
        return datetime.date(d.year, d.month, d.day)
    zone = datetime.timezone(datetime.timedelta(minutes=d.offset))
    second = min(d.sec, 59)  # Python knows no leap second
    return datetime.datetime(d.year, d.month, d.day, d.hour, d.min, second, tzinfo=zone)


def _options(given):
    """A dictionary as an array of news_option, and its length."""
    pairs = [(name.encode(), str(value).encode()) for name, value in (given or {}).items()]
    return (_Option * len(pairs))(*pairs), len(pairs)


class _Files:
    """A loader made of a function that takes a path and returns bytes, or None where there is no
    such file. What it raises ends the call, and is raised again when the call is over."""

    def __init__(self, read):
        self._read, self._loaded, self.raised = read, [], None
        self.loader = _Loader(load=_LOAD(self._load)) if read else None

    def _load(self, _, path, file):
        try:
            content = self._read(path.decode())
        except Exception as raised:  # an exception must not pass through the library
            self.raised = raised
            return CANCELLED
        if content is None:
            return NOT_FOUND
        self._loaded.append(content)  # the library reads it until the call returns
        file[0].bytes, file[0].len = content, len(content)
        return 0


class Context:
    """Parses, checks and renders, for one thread at a time."""

    def __init__(self):
        self._handle = c_void_p()
        _call("news_ctx_new", byref(self._handle), None)

    def __del__(self):
        _library.news_ctx_free(self._handle)

    def parse(self, name, text, read=None):
        """An issue from Markdown, as str or bytes. `read` gives the files that it names, such as
        its publication's news.yaml; read_file() does."""
        text = text.encode() if isinstance(text, str) else text
        files = _Files(read)
        options = _ParseOptions()
        if read:
            options.loader = ctypes.pointer(files.loader)
        handle = c_void_p()
        try:
            _call("news_parse", self._handle, byref(handle), name.encode(), text, len(text),
                  byref(options))
        except Error:
            if files.raised:
                raise files.raised
            raise
        return Issue(handle)

    def edition(self, issue, name):
        handle = c_void_p()
        _call("news_issue_edition", self._handle, byref(handle), issue._handle, name.encode())
        return Issue(handle)

    def check(self, issue):
        """All findings, in a list."""
        findings = []

        @_FOUND
        def found(_, finding):
            findings.append(_finding(finding[0]))
            return 0

        _call("news_check", self._handle, issue._handle, None, found, None)
        return findings

    def load_format(self, name, lua):
        """Adds a format written in Lua; `name` is what errors call it."""
        lua = lua.encode()
        _call("news_format_load", self._handle, name.encode(), lua, len(lua))

    def render(self, issue, format, edition=None, width=0, options=None, fields=None):
        """The issue in a format, as str."""
        given = _RenderOptions(width=width, edition=edition.encode() if edition else None)
        given.options, given.option_count = _options(options)
        given.fields, given.field_count = _options(fields)
        handle, length = c_void_p(), c_size_t()
        _call("news_render_buffer", self._handle, issue._handle, format.encode(), byref(given),
              byref(handle), byref(length))
        try:
            return ctypes.string_at(handle, length.value).decode()
        finally:
            _library.news_free(self._handle, handle, length)


# ---- As a program ----------------------------------------------------------------------------


def read_file(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def print_contents(section, depth=0):
    for inner in section["sections"]:
        print(f"{'  ' * depth}- {inner['title']} (line {inner.line})")
        print_contents(inner, depth + 1)


def main(path, format="text"):
    context = Context()
    try:
        issue = context.parse(path, read_file(path) or b"", read_file)
        for finding in context.check(issue):
            print(finding, file=sys.stderr)
        print_contents(issue.root)
        print()
        print(context.render(issue, format), end="")
    except Error as error:
        sys.exit(str(error))


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("Usage: python3 libnews.py ISSUE.md [FORMAT]")
    main(*sys.argv[1:])
