from collections.abc import Callable, Iterable
from os import PathLike
from typing import Any, Generic, Literal, ParamSpec, SupportsIndex, TypeVar, overload

from fastjit import errors as errors
from fastjit._core import __version__ as __version__
from fastjit._core import get_num_threads as get_num_threads
from fastjit._core import get_thread_id as get_thread_id
from fastjit._core import set_num_threads as set_num_threads
from fastjit._explain import Explanation
from fastjit.errors import DeoptWarning as DeoptWarning

_P = ParamSpec("_P")
_R = TypeVar("_R")

class _Compiled(Generic[_P, _R]):
    """What a decorated function becomes: `fastjit._core.Function` with the function's own types."""

    __name__: str
    __qualname__: str
    __wrapped__: Callable[_P, _R]
    @property
    def py_func(self) -> Callable[_P, _R]: ...
    @property
    def signatures(self) -> list[tuple[str, ...]]: ...
    @property
    def stats(self) -> dict[str, int]: ...
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R: ...
    def __get__(self, instance: Any, owner: Any = None, /) -> Any: ...
    def inspect(self, stage: str, signature: str | None = None, /) -> str: ...
    @overload
    def explain(
        self, file: str | PathLike[str] | None = None, /, *, signature: Any = None, html: Literal[False] = False
    ) -> Explanation: ...
    @overload
    def explain(
        self, file: str | PathLike[str] | None = None, /, *, signature: Any = None, html: Literal[True]
    ) -> str: ...

@overload
def fastjit(function: Callable[_P, _R], /) -> _Compiled[_P, _R]: ...
@overload
def fastjit(
    signature: Any = None,
    /,
    *more_signatures: Any,
    boundscheck: bool = ...,
    cache: bool = ...,
    error_model: str = ...,
    fallback: bool = ...,
    fastmath: bool | Iterable[str] = ...,
    inline: str = ...,
    nogil: bool | None = ...,
    overflow: str = ...,
    parallel: bool = ...,
    **numba_options: Any,
) -> Callable[[Callable[_P, _R]], _Compiled[_P, _R]]: ...

jit = fastjit
njit = fastjit

def prange(*bounds: SupportsIndex) -> range: ...

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
