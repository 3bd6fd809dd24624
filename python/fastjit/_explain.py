"""`f.explain()`: what became of each line of a compiled function."""

import os
import sys
from typing import NamedTuple

from fastjit import _core


class Note(NamedTuple):
    """A remark on a line. `mark` is '+' (made faster), '!' (costs time) or '.' (good to know)."""

    file: str
    line: int
    mark: str
    id: str
    text: str
    help: "str | None"


class Explanation:
    """Shows itself as text in a terminal and as a table in a notebook."""

    def __init__(self, text, coloured, fragment, page, notes):
        self.notes = [Note(*note) for note in notes]
        self.html = page
        self._text = text
        self._coloured = coloured
        self._fragment = fragment

    def __str__(self):
        return self._text

    def __repr__(self):
        # What an interactive prompt shows.
        return (self._coloured if _wants_colour(sys.stdout) else self._text).rstrip("\n")

    def _repr_html_(self):
        return self._fragment

    def show(self, file=None):
        """Prints the text, with colours if it goes to a terminal."""
        file = sys.stdout if file is None else file
        print(self._coloured if _wants_colour(file) else self._text, end="", file=file)

    def save(self, path):
        """Writes a page (`.html`) or the text (any other name)."""
        page = os.fspath(path).lower().endswith((".html", ".htm"))
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.html if page else self._text)


def explain(function, file=None, /, *, signature=None, html=False):
    """The explanation of what was compiled so far, or of `signature`.

    With `file`, it is written there too (as a page if the name ends in `.html`); with `html=True` the page
    itself is returned.
    """
    if signature is not None:
        from fastjit import types

        signature = types.text(signature)
    if isinstance(file, str) and "(" in file and not os.path.splitext(file)[1]:
        raise ValueError(f"{file!r} looks like a signature: write explain(signature={file!r})")
    explanation = Explanation(*_core.explain(function, signature))
    if file is not None:
        explanation.save(file)
    return explanation.html if html else explanation


def _wants_colour(file):
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return bool(getattr(file, "isatty", lambda: False)())
