# `make demo` and `make test` do everything on a machine with Rust and CPython 3.10 or later.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
SOURCES := $(shell find src python Cargo.toml Cargo.lock pyproject.toml build.rs -type f -not -name '*.pyc' -not -name '*.so' 2>/dev/null)

.PHONY: help demo test test-rust test-python test-versions lint bench accuracy build clean
help:
	@echo "make demo    build, run the examples beside plain Python, draw out/demo.png"
	@echo "make test    all tests, on every CPython from 3.10 on that is installed"
	@echo "make lint    format, clippy, stub check, licences"
	@echo "make bench   figures beside Numba, written to out/bench.json"
	@echo "make accuracy  the largest errors of vector functions (takes an hour)"

$(VENV)/ready: requirements-test.txt
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	touch $@

# One wheel serves every CPython from 3.10 on (abi3).
$(VENV)/built: $(VENV)/ready $(SOURCES)
	rm -rf out/wheels
	$(VENV)/bin/maturin build --quiet --release --interpreter $(PY) --out out/wheels
	$(PY) -m pip install --quiet --disable-pip-version-check --force-reinstall --no-deps out/wheels/*.whl
	touch $@

build: $(VENV)/built

demo: build
	cd examples && ../$(PY) demo.py

test: test-rust test-python test-versions

test-rust:
	cargo test --no-default-features
	cargo test --no-default-features --features aarch64 --test aarch64

test-python: build
	$(PY) -m pytest -q

test-versions: build
	$(PY) tools/test_versions.py out/wheels

lint: build
	cargo fmt --check
	cargo clippy --all-targets --no-default-features -- -D warnings
	cargo clippy -- -D warnings
	$(PY) tools/licences.py
	cd $(VENV) && bin/python -m mypy.stubtest fastjit._core

bench: build
	$(PY) -m pip install --quiet --disable-pip-version-check "numba==0.68.*"
	$(PY) benches/bench.py --json out/bench.json

accuracy: build
	$(PY) -m pip install --quiet --disable-pip-version-check mpmath
	$(PY) tests/tools/accuracy.py

clean:
	rm -rf out $(VENV) target
