from collections.abc import Callable
from os import PathLike
from types import FunctionType
from typing import Any, final

__version__: str
__all__ = [
    "Function",
    "__version__",
    "make",
    "set_num_threads",
    "get_num_threads",
    "get_thread_id",
    "cache_info",
    "cache_clear",
    "explain",
]

@final
class Function:
    @property
    def py_func(self) -> FunctionType: ...
    @property
    def signatures(self) -> list[tuple[str, ...]]: ...
    @property
    def stats(self) -> dict[str, int]: ...
    def compile(self, signature: str, /) -> None: ...
    def inspect(self, stage: str, signature: str | None = None, /) -> str: ...
    def explain(self, file: str | PathLike[str] | None = None, /, *, signature: Any = None, html: bool = False) -> Any: ...
    def __call__(self, *args: Any, **kwargs: Any) -> Any: ...
    def __get__(self, instance: Any, owner: Any = None, /) -> Any: ...
    def __reduce__(self) -> str: ...
    __name__: str
    __qualname__: str
    __wrapped__: Callable[..., Any]

def make(
    function: FunctionType,
    cache: bool,
    nogil: bool | None,
    parallel: bool | None,
    fastmath: int,
    boundscheck: bool,
    numpy_errors: bool,
    overflow_wrap: bool,
    fallback: bool,
    inline_always: bool,
) -> Function: ...
def set_num_threads(n: int) -> None: ...
def get_num_threads() -> int: ...
def get_thread_id() -> int: ...
def cache_info() -> tuple[str | None, int, int]: ...
def cache_clear() -> int: ...
def explain(
    function: Any, signature: str | None = None
) -> tuple[str, str, str, str, list[tuple[str, int, str, str, str, str | None]]]: ...
