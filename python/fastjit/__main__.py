"""`python -m fastjit explain module:function` and `python -m fastjit cache info|clear`."""

import argparse
import importlib
import os
import sys

from fastjit import _core


def main() -> None:
    parser = argparse.ArgumentParser(prog="fastjit", description="Explains functions and looks after fastjit's files.")
    commands = parser.add_subparsers(dest="command", required=True)
    explain = commands.add_parser("explain", help="what becomes of each line of a function")
    explain.add_argument("function", metavar="module:function", help="as in package.module:function or :Class.method")
    explain.add_argument("types", nargs="*", help="types of the parameters: 'float64[:]' int64")
    explain.add_argument("--html", metavar="FILE", help="write a page instead")
    cache = commands.add_parser("cache", help="the folder of compiled code")
    cache.add_argument("action", choices=["info", "clear"])
    arguments = parser.parse_args()
    if arguments.command == "explain":
        _explain(arguments)
    else:
        _cache(arguments.action)


def _explain(arguments):
    from fastjit import errors, fastjit

    module, colon, path = arguments.function.partition(":")
    if not (module and colon and path):
        sys.exit(f"{arguments.function!r} does not name a function; write module:function, as in kernels:heat")
    # As for `python -m module`.
    sys.path.insert(0, os.getcwd())
    try:
        function = importlib.import_module(module)
        for name in path.split("."):
            function = getattr(function, name)
    except (ImportError, AttributeError) as error:
        sys.exit(f"{arguments.function}: {error}")
    try:
        if not isinstance(function, _core.Function):
            function = fastjit()(function)
        signature = f"({', '.join(arguments.types)})" if arguments.types else None
        if signature is None and not function.signatures and not function.py_func.__code__.co_argcount:
            signature = "()"
        if signature is None and not function.signatures:
            code = function.py_func.__code__
            names = " ".join(code.co_varnames[: code.co_argcount])
            sys.exit(f"give the types of {names}: python -m fastjit explain {arguments.function} 'float64[:]' int64")
        explanation = function.explain(arguments.html, signature=signature)
    except (errors.FastjitError, TypeError) as error:
        sys.exit(str(error))
    if arguments.html is None:
        explanation.show()


def _cache(action):
    folder, files, size = _core.cache_info()
    if folder is None:
        print("There is no cache folder: compiled code is kept in memory only.")
    elif action == "info":
        print(f"folder     {folder}")
        print(f"functions  {files}")
        print(f"size       {size / 1024:.1f} KiB")
    else:
        removed = _core.cache_clear()
        print(f"removed {removed} of {files} functions from {folder}")


if __name__ == "__main__":
    main()
