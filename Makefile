# `make run` and `make test` do everything on a machine that has Python >= 3.11 and make.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := aggregator tests bench

.PHONY: run test demo quick check lock clean

run: .venv/run                ## set up, then the daemon on config.yaml
	$(BIN)/aggregator run

demo: .venv/run               ## set up, then everything on loopback with sample pages
	$(BIN)/aggregator demo

test: .venv/dev               ## set up, then all tests
	$(BIN)/python -m pytest -n auto

quick: .venv/dev              ## while typing: seconds
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -m "not slow"

check: .venv/dev              ## before a commit: all tests, with what they leave uncovered
	$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered

# Stamps: the environment follows the lock files.
.venv/run: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@ .venv/run

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
lock: .venv/dev               ## resolve the dependencies anew
	$(COMPILE) --upgrade pyproject.toml --group build -o requirements.lock
	$(COMPILE) --upgrade --all-extras --group build --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
