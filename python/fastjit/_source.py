"""The text of a function, read only when it has to be compiled.

Text counts only if compiling it gives the function's own bytecode: an edited file, rewritten asserts and
several lambdas on a line are told apart that way. Where Python keeps the bytecode of a module in a file that
is of the text as it stands, that file says what compiling gives, in a tenth of the time. Positions in the
text are those of the file: the text starts on the function's first line (of its decorators, for a `def`).
"""

import io
import marshal
import os
import sys
from operator import itemgetter

from _frozen_importlib_external import MAGIC_NUMBER

_FUTURE = 0x1FFE0000
_NESTED = 0x10
# How many lines without bytecode may follow the last one with (closing brackets, comments, strings).
_TAIL = 400
# How much later than the last change of a source its bytecode must be written, in nanoseconds: more than it
# takes to compile a module, so that the source cannot have changed meanwhile.
_LATER = 1_000_000_000
_third = itemgetter(2)

# By file name: of which state of the file the lines are, and the lines.
_files: "dict[str, tuple[_Stamp, list[str]]]" = {}
# By file name: of which states of source and bytecode the code objects are, and these by name and first line.
_written: "dict[str, tuple[tuple[_Stamp, _Stamp], dict[tuple[str, int], _Code]]]" = {}


def text(function):
    """`(text, None)`, or `(None, reason)` if the source of the running code is not to be had."""
    code = function.__code__
    lines = _lines(code.co_filename, function.__globals__)
    if lines is None:
        return None, f"the source file {code.co_filename!r} cannot be read"
    first = code.co_firstlineno - 1
    if not 0 <= first < len(lines):
        return None, f"{code.co_filename!r} has no line {first + 1}: it changed after it was imported"
    search = _lambda if code.co_name == "<lambda>" else _definition
    if search is _definition:
        found = _written_definition(code, lines, first, function.__globals__.get("__spec__"))
        if found is not None:
            return found, None
    for imports in _imports(code, lines, function.__globals__):
        found = search(code, lines, first, imports)
        if found is not None:
            return found, None
    if "@pytest_ar" in code.co_names:
        return None, (
            "pytest rewrote the asserts of this function; put it into a module of its own or run pytest with "
            "--assert=plain"
        )
    return None, (
        f"line {first + 1} of {code.co_filename!r} is not the source of the function that runs: "
        "the file changed after it was imported, or the code was rewritten"
    )


def _lines(filename, namespace):
    """The lines of a source file, or None."""
    if filename.startswith("<") and filename.endswith(">"):
        return _registered_lines(filename, namespace)
    try:
        stamp = _stamp(os.stat(filename))
        known = _files.get(filename)
        if known is not None and known[0] == stamp:
            return known[1]
        with open(filename, "rb") as file:
            data = file.read()
            # The lines are of no known state if somebody wrote meanwhile.
            stamp = stamp if _stamp(os.fstat(file.fileno())) == stamp else None
    except (OSError, ValueError):
        return _registered_lines(filename, namespace)
    try:
        # Not `splitlines`, to which characters like U+2028 end a line.
        lines = io.StringIO(_decode(data)).readlines()
    except (UnicodeDecodeError, SyntaxError, LookupError):
        return None
    if len(_files) >= 64:
        _files.clear()
    if stamp is not None:
        _files[filename] = (stamp, lines)
    return lines


def _stamp(status):
    """What tells two states of a file apart. No program can set the time of the last change itself (`ctime`)."""
    return status.st_ctime_ns, status.st_mtime_ns, status.st_size


def _registered_lines(filename, namespace):
    """Lines that an interactive shell, a doctest or an importer (zip files) knows."""
    import linecache

    return linecache.getlines(filename, namespace) or None


def _decode(data):
    head = b"\n".join(data.split(b"\n", 2)[:2])
    encoding = "utf-8"
    if data.startswith(b"\xef\xbb\xbf"):
        data, head = data[3:], head[3:]
    if b"coding" in head:
        import tokenize

        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")


def _imports(code, lines, namespace):
    """Import statements to put before the text: from 3.11 on, `name.method()` compiles differently where the
    module's top level imports `name`. The likeliest guess comes first."""
    codes = [code, *_functions(code)]
    known = [name for name in dict.fromkeys(name for one in codes for name in one.co_names) if name in namespace]
    module = type(sys)
    modules = [name for name in known if isinstance(namespace[name], module)]
    yield "".join(f"import {name}\n" for name in modules)
    if modules:
        yield ""
    import re

    statement = re.compile(r"^[ \t]*(?:from\b[^\n]*?)?import\b(?:[ \t]*\([^)]*\)|[^\n]*)", re.MULTILINE)
    words = set(re.findall(r"\w+", " ".join(statement.findall("".join(lines)))))
    imported = [name for name in known if name in words]
    if imported != modules:
        yield "".join(f"import {name}\n" for name in imported)


def _last_line(code):
    # Lines of bytecode that stands for no line of the text are None.
    last = max(filter(None, map(_third, code.co_lines())), default=code.co_firstlineno)
    for constant in code.co_consts:
        if isinstance(constant, type(code)):
            last = max(last, _last_line(constant))
    return last


def _definition(code, lines, first, imports):
    """The lines of a `def` whose compilation is `code`, or None."""
    header = lines[first]
    indented = header[:1] in (" ", "\t")
    last = max(_last_line(code), first + 1)
    prefix = "".join(f"  {name} = None\n" for name in code.co_freevars)
    if code.co_freevars:
        prefix = f"def _():\n{prefix}  if 1:\n" if indented else None
    elif indented:
        prefix = "if 1:\n"
    else:
        prefix = ""
    if prefix is None:
        return None
    mangled = next(filter(_is_mangled, code.co_names + code.co_varnames), None)
    if mangled is not None:
        prefix = f"class {mangled[1:].split('__')[0]}:\n" + prefix if prefix == "if 1:\n" else prefix
        if prefix.startswith("class"):
            prefix = prefix.replace("if 1:\n", " if 1:\n")
    for end in range(last, min(len(lines), last + _TAIL) + 1):
        found = "".join(lines[first:end])
        try:
            module = _compile(imports + prefix + found, code)
        except SyntaxError:
            continue
        if any(inner.co_name == code.co_name and _same(inner, code) for inner in _functions(module)):
            return found
        # One more complete line cannot help unless it belongs to the body.
        if end < len(lines) and not _continues(lines[end], header):
            return None
    return None


def _written_definition(code, lines, first, spec):
    """The lines of a `def` if the module's bytecode file shows that they compile to `code`, or None."""
    filename = code.co_filename
    cached = getattr(spec, "cached", None)
    known = _files.get(filename)
    if cached is None or getattr(spec, "origin", None) != filename or known is None or known[1] is not lines:
        return None
    written = _written_codes(filename, known[0], cached).get((code.co_name, code.co_firstlineno))
    if written is None or not _same(written, code):
        return None
    last = max(_last_line(code), first + 1)
    found = "".join(lines[first:last])
    if found.count('"""') % 2 or found.count("'''") % 2:
        return None
    # What follows must be another statement: lines without bytecode may be a part of this one.
    for at in range(last, len(lines)):
        line = lines[at]
        if not _continues(line, lines[first]):
            return None if line.lstrip()[0] in ")]}" else found
        if line.strip()[:1] not in ("", "#"):
            return None
    return found


def _written_codes(filename, source, cached):
    """Code objects in the bytecode file `cached` by name and first line; none unless it is of the state `source`
    of the source file."""
    changed, modified, size = source
    try:
        stamp = _stamp(os.stat(cached))
        known = _written.get(filename)
        if known is not None and known[0] == (source, stamp):
            return known[1]
        with open(cached, "rb") as file:
            data = file.read()
    except (OSError, ValueError):
        return {}
    # The form of these files: PEP 552. Python itself looks at seconds and size alone.
    of = (modified // 1_000_000_000).to_bytes(8, "little")[:4] + size.to_bytes(8, "little")[:4]
    codes = {}
    if data[:16] == MAGIC_NUMBER + bytes(4) + of and changed + _LATER < stamp[1]:
        try:
            module = marshal.loads(memoryview(data)[16:])
        except (EOFError, TypeError, ValueError):
            return {}
        codes = {(inner.co_name, inner.co_firstlineno): inner for inner in _functions(module)}
    if len(_written) >= 64:
        _written.clear()
    _written[filename] = ((source, stamp), codes)
    return codes


def _is_mangled(name):
    return name.startswith("_") and not name.startswith("__") and "__" in name[1:] and not name.endswith("__")


def _continues(line, header):
    stripped = line.strip()
    indent = len(line) - len(line.lstrip())
    return not stripped or stripped.startswith("#") or indent > len(header) - len(header.lstrip())


def _lambda(code, lines, first, imports):
    """Lines that hold exactly the lambda whose compilation is `code`, or None."""
    import re

    last = max(_last_line(code), first + 1)
    parameters = ", ".join(code.co_freevars)
    opening = imports + (f"lambda {parameters}: (" if parameters else "(")
    for end in range(last, min(len(lines), last + 20) + 1):
        found = "".join(lines[first:end])
        starts = [match.start() for match in re.finditer(r"\blambda\b", found)]
        for start in starts:
            stops = [match.start() for match in re.finditer(r"[,)\]}:;#\n]|\bfor\b|\Z", found[start:])]
            for stop in stops:
                try:
                    module = _compile(f"{opening}{found[start : start + stop]}\n)", code)
                except SyntaxError:
                    continue
                outermost = _directly_in(module)
                if parameters and len(outermost) == 1:
                    outermost = _directly_in(outermost[0])
                # Two are a tuple of lambdas: the text goes too far.
                if len(outermost) == 1 and _same(outermost[0], code):
                    if len(starts) == 1:
                        return found
                    # The others are blanked out, so that columns stay.
                    chosen = found[start : start + stop]
                    return re.sub(r"[^\n]", " ", found[:start]) + chosen + "\n"
    return None


def _compile(source, code):
    return compile(source, code.co_filename, "exec", code.co_flags & _FUTURE, True)


def _directly_in(code):
    """Code objects among the constants of `code`."""
    return [constant for constant in code.co_consts if isinstance(constant, type(code))]


def _functions(code):
    """All code objects in `code`, outermost first."""
    for inner in _directly_in(code):
        yield inner
        yield from _functions(inner)


def _same(a, b):
    """Whether two code objects do the same, wherever their lines are."""
    return (
        a.co_code == b.co_code
        and a.co_names == b.co_names
        and a.co_varnames == b.co_varnames
        and a.co_freevars == b.co_freevars
        and a.co_cellvars == b.co_cellvars
        and a.co_argcount == b.co_argcount
        and a.co_posonlyargcount == b.co_posonlyargcount
        and a.co_kwonlyargcount == b.co_kwonlyargcount
        and (a.co_flags ^ b.co_flags) & ~_NESTED == 0
        and len(a.co_consts) == len(b.co_consts)
        and all(map(_same_constant, a.co_consts, b.co_consts))
    )


def _same_constant(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(_same_constant, a, b))
    if isinstance(a, type(_same.__code__)):
        return a.co_name == b.co_name and _same(a, b)
    if isinstance(a, (float, complex)):
        return repr(a) == repr(b)
    if a == b:
        return True
    # Until 3.10 the qualified names of inner functions are constants: they depend on what is around.
    return sys.version_info < (3, 11) and isinstance(a, str) and a.rsplit(".", 1)[-1] == b.rsplit(".", 1)[-1]
