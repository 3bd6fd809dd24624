"""The decorator: options and signatures in, a `fastjit.Function` out."""

from fastjit import _core

# Bits in the order of the fields of `options::FastMath`.
_FASTMATH = ("nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc")

_OPTIONS = (
    "boundscheck",
    "cache",
    "error_model",
    "fallback",
    "fastmath",
    "inline",
    "locals",
    "nogil",
    "nopython",
    "overflow",
    "parallel",
)

# Options of Numba's that mean nothing here: what they turn on is always there (tracebacks, checks), what they
# leave out is never made.
_IGNORED = ("debug", "looplift", "no_cfunc_wrapper", "no_cpython_wrapper", "no_rewrites")


def fastjit(function_or_signature=None, /, *more_signatures, **options):
    """Compiles the decorated function when it is first called with new argument types.

    `@fastjit`, `@fastjit(cache=False)` and `@fastjit("float64(float64[:], int64)")` all work; the README lists
    the options. A signature, or a list of signatures, is compiled at once.
    """
    if not more_signatures and _is_function(function_or_signature):
        return _make(function_or_signature, [], _checked(options))
    signatures = _signatures(function_or_signature, more_signatures, options.pop("signature", None))
    checked = _checked(options)

    def decorate(function):
        return _make(function, signatures, checked)

    return decorate


jit = njit = fastjit


def _is_function(value):
    return isinstance(value, (type(_is_function), type(len), _core.Function, staticmethod, classmethod, type)) or (
        callable(value) and hasattr(value, "__code__")
    )


def _make(function, signatures, options):
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(_make(function.__func__, signatures, options))
    if isinstance(function, type):
        raise TypeError(f"fastjit compiles functions; {function.__name__} is a class: decorate its methods instead")
    function = getattr(function, "py_func", function)
    if not isinstance(function, type(_make)):
        raise TypeError(f"fastjit compiles Python functions, not {type(function).__name__} objects")
    compiled = _core.make(function, *options)
    for text in signatures:
        compiled.compile(text)
    return compiled


def _signatures(first, more, keyword):
    given = [value for value in (first, *more, keyword) if value is not None]
    if not given:
        return []
    from fastjit import types

    return [types.text(one) for value in given for one in (value if isinstance(value, list) else [value])]


def _checked(options):
    """The arguments of `_core.make` after the function; complains about whatever it does not know."""
    for name in _IGNORED:
        options.pop(name, None)
    if options.pop("forceobj", False):
        raise TypeError("forceobj=True is not supported: without the decorator, the interpreter runs the function")
    if not options.pop("nopython", True):
        raise TypeError("nopython=False is not supported; fallback=True asks for the interpreter where needed")
    if options.pop("locals", None):
        raise TypeError("locals= is not supported; convert in the function, as in x = np.float32(x)")
    inline = options.pop("inline", "never")
    if inline not in ("never", "always"):
        raise TypeError(f"inline={inline!r} is not supported; use 'never' or 'always'")
    error_model = options.pop("error_model", "python")
    if error_model not in ("python", "numpy"):
        raise TypeError(f"error_model={error_model!r} does not exist; use 'python' or 'numpy'")
    overflow = options.pop("overflow", "check")
    if overflow not in ("check", "wrap"):
        raise TypeError(f"overflow={overflow!r} does not exist; use 'check' or 'wrap'")
    nogil = options.pop("nogil", None)
    parallel = options.pop("parallel", None)
    boundscheck = options.pop("boundscheck", True)
    checked = (
        bool(options.pop("cache", True)),
        None if nogil is None else bool(nogil),
        None if parallel is None else bool(parallel),
        _fastmath(options.pop("fastmath", False)),
        boundscheck is None or bool(boundscheck),
        error_model == "numpy",
        overflow == "wrap",
        bool(options.pop("fallback", False)),
        inline == "always",
    )
    if options:
        unknown = ", ".join(sorted(options))
        raise TypeError(f"unknown option {unknown}; the options are {', '.join(_OPTIONS)}")
    return checked


def _fastmath(value):
    if isinstance(value, dict):
        value = {name for name, on in value.items() if on}
    if isinstance(value, (set, frozenset, list, tuple)):
        flags = 0
        for name in value:
            if name == "fast":
                return (1 << len(_FASTMATH)) - 1
            if name not in _FASTMATH:
                raise TypeError(f"fastmath flag {name!r} does not exist; the flags are {', '.join(_FASTMATH)}")
            flags |= 1 << _FASTMATH.index(name)
        return flags
    if value is not None and value not in (True, False):
        raise TypeError(f"fastmath is True, False or a set of {', '.join(_FASTMATH)}, not {value!r}")
    return (1 << len(_FASTMATH)) - 1 if value else 0
