"""fastjit compiles numeric Python functions to machine code in milliseconds."""

from fastjit import errors
from fastjit._core import __version__, get_num_threads, get_thread_id, set_num_threads
from fastjit._decorators import fastjit, jit, njit
from fastjit.errors import DeoptWarning


def prange(*bounds: int) -> range:
    """Like `range`; in compiled code the iterations of the loop run on threads."""
    return range(*bounds)


__all__ = [
    "DeoptWarning",
    "__version__",
    "errors",
    "fastjit",
    "get_num_threads",
    "get_thread_id",
    "jit",
    "njit",
    "prange",
    "set_num_threads",
]
