"""The cache across runs: hits, invalidation, corruption, concurrent writers, permissions."""

import os
import subprocess
import sys

import pytest

MODULE = """
from fastjit import fastjit
import helper_module

SCALE = {scale}

def inner(x):
    return x * SCALE

@fastjit
def f(x):
    return inner(x) + helper_module.offset(x)
"""

HELPER = """
def offset(x):
    return x + {offset}
"""

MAIN = """
import cached_module as m
print(m.f({argument}), m.f.stats["cache_hits"], m.f.stats["compiled"])
"""


@pytest.fixture
def program(tmp_path, run_python):
    """Writes the modules and runs the main program; returns (value, hits, compilations)."""

    def run(scale=2, offset=1, argument="3", **environment):
        (tmp_path / "cached_module.py").write_text(MODULE.format(scale=scale))
        (tmp_path / "helper_module.py").write_text(HELPER.format(offset=offset))
        out = run_python(MAIN.format(argument=argument), PYTHONDONTWRITEBYTECODE="1", **environment)
        value, hits, compiled = out.split()
        return float(value), int(hits), int(compiled)

    return run


def files(tmp_path):
    return [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_second_process_hits(program):
    assert program() == (10.0, 0, 1)
    assert program() == (10.0, 1, 0)


def test_types_are_part_of_the_key(program):
    assert program(argument="3") == (10.0, 0, 1)
    assert program(argument="3.0") == (10.0, 0, 1)
    assert program(argument="3.0") == (10.0, 1, 0)


def test_changed_global(program):
    program()
    assert program(scale=5) == (19.0, 0, 1)
    assert program(scale=2) == (10.0, 1, 0)


def test_changed_callee_in_another_module(program):
    program()
    assert program(offset=100) == (109.0, 0, 1)


def test_truncated_and_flipped(program, tmp_path):
    program()
    (path,) = files(tmp_path)
    content = path.read_bytes()
    for broken in (b"", content[:10], content[: len(content) // 2], content[:-1], content + b"x"):
        path.write_bytes(broken)
        assert program()[0] == 10.0
    for position in range(0, len(content), max(1, len(content) // 12)):
        flipped = bytearray(content)
        flipped[position] ^= 0x40
        path.write_bytes(bytes(flipped))
        assert program() == (10.0, 0, 1)
    assert program() == (10.0, 1, 0)


def test_others_may_not_write(program, tmp_path):
    program()
    (path,) = files(tmp_path)
    path.chmod(0o666)
    assert program() == (10.0, 0, 1)


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give files away")
def test_wrong_owner(program, tmp_path):
    program()
    (path,) = files(tmp_path)
    os.chown(path, 12345, 12345)
    assert program()[2] == 1


def test_unusable_folder_is_silent(program, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert program(FASTJIT_CACHE_DIR=str(blocked / "below")) == (10.0, 0, 1)
    assert program(FASTJIT_CACHE_DIR="/proc/nowhere") == (10.0, 0, 1)


def test_concurrent_writers(program, tmp_path):
    program()
    for path in files(tmp_path):
        path.unlink()
    script = tmp_path / "many.py"
    script.write_text(MAIN.format(argument="3"))
    environment = dict(os.environ, FASTJIT_CACHE_DIR=str(tmp_path / "cache"))
    environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path), environment.get("PYTHONPATH", "")])
    processes = [
        subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True, env=environment)
        for _ in range(6)
    ]
    for process in processes:
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert out.split()[0] in ("10", "10.0")
    assert len(files(tmp_path)) == 1
    assert program() == (10.0, 1, 0)


def test_moved_code_stays_cached_and_reports_its_line(tmp_path, run_python):
    module = "from fastjit import fastjit\n{gap}@fastjit\ndef f(a, i):\n    return a[i]\n"
    main = """
        import traceback
        import numpy as np
        import moved
        try:
            moved.f(np.zeros(3), 7)
        except IndexError as error:
            print(traceback.extract_tb(error.__traceback__)[-1].lineno, moved.f.stats["cache_hits"])
        """
    (tmp_path / "moved.py").write_text(module.format(gap=""))
    assert run_python(main, PYTHONDONTWRITEBYTECODE="1").split() == ["4", "0"]
    (tmp_path / "moved.py").write_text(module.format(gap="\n\n\n# comment\n"))
    assert run_python(main, PYTHONDONTWRITEBYTECODE="1").split() == ["8", "1"]


def test_command_line(program, tmp_path):
    program()
    environment = dict(os.environ, FASTJIT_CACHE_DIR=str(tmp_path / "cache"))

    def fastjit(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "fastjit", *arguments], capture_output=True, text=True, check=True, env=environment
        ).stdout

    info = fastjit("cache", "info")
    assert str(tmp_path / "cache") in info
    assert "1" in info
    fastjit("cache", "clear")
    assert not files(tmp_path)
