"""Shared fixtures: scripts run in fresh processes with a cache folder of their own."""

import os
import subprocess
import sys
import textwrap

import pytest


@pytest.fixture
def run_python(tmp_path):
    """Runs a script in a new process; returns its standard output, fails on a non-zero exit."""

    def run(script, *arguments, timeout=60, check=True, **environment):
        path = tmp_path / f"script_{abs(hash(script))}.py"
        path.write_text(textwrap.dedent(script))
        full = dict(os.environ, FASTJIT_CACHE_DIR=str(tmp_path / "cache"))
        full["PYTHONPATH"] = os.pathsep.join([str(tmp_path), full.get("PYTHONPATH", "")])
        full.update(environment)
        done = subprocess.run(
            [sys.executable, str(path), *arguments], capture_output=True, text=True, timeout=timeout, env=full
        )
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
            return done.stdout
        return done

    return run
