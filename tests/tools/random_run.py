"""Runs what `random_kernels`, `random_programs` and `random_numbers` write, by CPython and compiled."""

import importlib.util
import warnings

import pytest

from fastjit import errors, fastjit
from fastjit.testing import assert_same

CALLS = 4


def check(generator, name, seed, folder, *, refused=False):
    """Compares function `name` of `generator.source(seed)`, for the generator's arguments. The module is written
    to `folder`. `refused`: a program outside of the compiled subset is skipped."""
    path = folder / f"{name}_{seed}.py"
    path.write_text("import math\n\nimport numpy as np\n\n" + generator.source(seed))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    compiled = fastjit(getattr(module, name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for call in range(CALLS):
            try:
                assert_same(compiled, *generator.arguments(CALLS * seed + call))
            except AssertionError as error:
                cause = error.__cause__
                if refused and isinstance(cause, errors.FastjitError) and not isinstance(cause, errors.CompilerBug):
                    pytest.skip("refused: " + str(cause).splitlines()[0])
                # Numbers beyond 64 bits after a store: the one error of its own that compiled code may raise.
                if not any(text in str(cause) for text in ("does not fit in 64 bits", "this compiled call cannot hold")):
                    raise
