"""Runs the Python tests with the built wheel on every other CPython from 3.10 on that is installed.

In: the folder of wheels. Out: a line for each interpreter; exit status 1 if one fails.
Interpreters are looked for on PATH and in pyenv's folder. Each gets a virtual environment of its own
below `out/`, with NumPy and pytest.
"""

import glob
import os
import subprocess
import sys

OLDEST, NEWEST = 10, 14
# The examples need scikit-learn and Matplotlib; they run with the main interpreter.
PYTEST = ["-q", "-p", "no:cacheprovider", "--ignore=tests/python/test_examples.py"]


def interpreters() -> dict[int, str]:
    """Minor version -> executable, without the one that runs this script."""
    found: dict[int, str] = {}
    folders = os.environ.get("PATH", "").split(os.pathsep)
    folders += sorted(glob.glob(os.path.expanduser("~/.pyenv/versions/3.*/bin")))
    for minor in range(OLDEST, NEWEST + 1):
        for folder in folders:
            path = os.path.join(folder, f"python3.{minor}")
            if minor != sys.version_info.minor and os.access(path, os.X_OK) and works(path):
                found[minor] = path
                break
    return found


def works(path: str) -> bool:
    """An interpreter that starts and can make environments (shims of absent versions cannot)."""
    code = "import sys, venv; sys.exit(sys.implementation.name != 'cpython')"
    return subprocess.run([path, "-c", code], capture_output=True).returncode == 0


def main() -> int:
    wheel = glob.glob(os.path.join(sys.argv[1], "*.whl"))[0]
    failed = 0
    for minor, path in interpreters().items():
        venv = f"out/venv-3.{minor}"
        python = f"{venv}/bin/python"
        if not os.path.exists(f"{venv}/ready"):
            subprocess.run([path, "-m", "venv", venv], check=True)
            pip(python, "numpy>=2", "pytest", "hypothesis")
            open(f"{venv}/ready", "w").close()
        pip(python, "--force-reinstall", "--no-deps", wheel)
        status = subprocess.run([python, "-m", "pytest", *PYTEST]).returncode
        print(f"CPython 3.{minor}: {'passed' if status == 0 else 'FAILED'}", flush=True)
        failed += status != 0
    return int(failed > 0)


def pip(python: str, *arguments: str) -> None:
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments], check=True
    )


if __name__ == "__main__":
    sys.exit(main())
