"""`f.explain()`: text, page, notebook, command line."""

import html.parser
import io
import os
import subprocess
import sys

import numpy as np
import pytest

import fastjit as fastjit_package
from fastjit import fastjit


def total(values, table):
    # <script>alert("x")</script> & more
    s = 0.0
    for v in values:
        s += table[v]
    return s


def compiled():
    f = fastjit(total)
    f(np.array([0, 1]), np.ones(3))
    return f


class WellFormed(html.parser.HTMLParser):
    """Every element that is opened is closed, in order; collects the names and attributes."""

    VOID = {"meta", "br"}

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.names = set()
        self.attributes = set()
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_text_names_what_is_left_and_what_to_write():
    text = str(compiled().explain())
    assert "total(int64[::1], float64[::1]) -> float" in text
    assert "! index check in each iteration: the index is read from an array" in text
    assert "help: " in text
    assert "\x1b" not in text


def test_notes_are_data():
    notes = compiled().explain().notes
    note = next(note for note in notes if note.id == "index-check")
    assert note.mark == "!"
    assert note.line == total.__code__.co_firstlineno + 4
    assert note.file == total.__code__.co_filename
    assert note.help


@pytest.mark.parametrize("part", ["page", "fragment"])
def test_html_is_well_formed_and_runs_nothing(part):
    f = compiled()
    found = WellFormed(f.explain(html=True) if part == "page" else f.explain()._repr_html_())
    assert "script" not in found.names
    assert not any(name.startswith("on") or name in ("src", "href") for name in found.attributes)
    assert '# <script>alert("x")</script> & more' in found.text


@pytest.mark.parametrize("name", ["page.html", "PAGE.HTM", "notes.txt"])
def test_files(tmp_path, name):
    path = tmp_path / name
    explanation = compiled().explain(path)
    text = path.read_text(encoding="utf-8")
    assert text == (str(explanation) if name.endswith("txt") else explanation.html)


def test_colour_only_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    explanation = compiled().explain()
    for stream, coloured in [(Terminal(), True), (io.StringIO(), False)]:
        explanation.show(stream)
        assert ("\x1b[" in stream.getvalue()) == coloured
        monkeypatch.setattr(sys, "stdout", stream)
        assert ("\x1b[" in repr(explanation)) == coloured
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    explanation.show(stream)
    assert "\x1b[" not in stream.getvalue()


def test_signatures():
    f = fastjit(total)
    with pytest.raises(ValueError, match="call the function first, or name a signature"):
        f.explain()
    text = str(f.explain(signature="(int32[:], float64[:])"))
    assert text.startswith("total(int32[::1], float64[::1]) -> float")
    f(np.array([0, 1]), np.ones(3))
    assert str(f.explain()).count(") -> float") == 2
    # A signature that was compiled before is found again.
    assert str(f.explain(signature="(int32[:], float64[:])")) == text
    assert "int32" in f.explain(signature="(int32[:], float64[:])").html
    with pytest.raises(ValueError, match=r"write explain\(signature='\(int32\[:\]\)'\)"):
        f.explain("(int32[:])")


def test_inspect_finds_a_signature_compiled_before():
    @fastjit
    def f(x):
        return x + 1

    f.compile("(float64,)")
    f.compile("(int64,)")
    assert "fadd" in f.inspect("mir", "(float64,)")
    assert "fadd" not in f.inspect("mir", "(int64,)")


def test_explaining_changes_nothing():
    f = compiled()
    before = (f.signatures, f.stats, f.inspect("asm"))
    f.explain()
    assert (f.signatures, f.stats, f.inspect("asm")) == before


def test_calls_that_ran_again_are_counted():
    @fastjit
    def square(n):
        return n * n

    with pytest.warns(RuntimeWarning):
        assert square(2**40) == 2**80
    text = str(square.explain())
    assert "1 call ran again in the interpreter" in text
    assert "starts the call again in the interpreter" in text


def test_what_the_interpreter_runs():
    @fastjit(fallback=True)
    def table(n):
        return {n: 1}

    with pytest.warns(UserWarning):
        assert table(3) == {3: 1}
    text = str(table.explain())
    assert "in the interpreter: dictionaries are not supported" in text
    assert "help: use arrays or tuples" in text


KERNELS = """
from fastjit import fastjit

@fastjit
def heat(a, n):
    for i in range(n):
        a[i] += 1.0

def plain(x):
    return {x: 1}

class Tools:
    @staticmethod
    @fastjit
    def twice(x):
        return x + x

number = 3
"""


def command_line(folder, *arguments):
    (folder / "kernels.py").write_text(KERNELS)
    package = os.path.dirname(os.path.dirname(os.path.abspath(fastjit_package.__file__)))
    return subprocess.run(
        [sys.executable, "-m", "fastjit", "explain", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=dict(os.environ, PYTHONPATH=package),
    )


@pytest.mark.parametrize(
    "arguments, word",
    [
        (["kernels:heat", "float64[:]", "int64"], "heat(float64[::1], int) -> None"),
        (["kernels:Tools.twice", "float64"], "Tools.twice(float) -> float"),
        (["kernels:heat"], "give the types of a n: python -m fastjit explain kernels:heat"),
        (["kernels:heat", "float65[:]", "int64"], "float65"),
        (["kernels:heat", "int64"], "has 2 parameters, not 1"),
        (["kernels:plain", "int64"], "dictionaries are not supported"),
        (["kernels:none"], "no attribute 'none'"),
        (["kernels:number"], "fastjit compiles Python functions, not int objects"),
        (["kernels"], "write module:function"),
        (["nowhere:f"], "No module named 'nowhere'"),
    ],
)
def test_command_line(tmp_path, arguments, word):
    done = command_line(tmp_path, *arguments)
    assert word in (done.stdout if "->" in word else done.stderr)
    assert "Traceback" not in done.stderr


def test_command_line_writes_a_page(tmp_path):
    command_line(tmp_path, "kernels:heat", "float64[:]", "int64", "--html", "heat.html").check_returncode()
    WellFormed((tmp_path / "heat.html").read_text())
