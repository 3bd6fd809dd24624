"""`python -m fastjit cache info` and `python -m fastjit cache clear`."""

import argparse

from fastjit import _core


def main() -> None:
    parser = argparse.ArgumentParser(prog="fastjit", description="Looks after fastjit's files.")
    commands = parser.add_subparsers(dest="command", required=True)
    cache = commands.add_parser("cache", help="the folder of compiled code")
    cache.add_argument("action", choices=["info", "clear"])
    arguments = parser.parse_args()
    folder, files, size = _core.cache_info()
    if folder is None:
        print("There is no cache folder: compiled code is kept in memory only.")
    elif arguments.action == "info":
        print(f"folder     {folder}")
        print(f"functions  {files}")
        print(f"size       {size / 1024:.1f} KiB")
    else:
        removed = _core.cache_clear()
        print(f"removed {removed} of {files} functions from {folder}")


if __name__ == "__main__":
    main()
