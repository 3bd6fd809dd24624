"""Every example runs and its answer is the interpreter's."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.py") if path.stem not in ("show", "demo"))


@pytest.mark.parametrize("name", NAMES)
def test_example(name, tmp_path):
    done = subprocess.run([sys.executable, f"{name}.py"], cwd=EXAMPLES, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "yes" in done.stdout
