# `make run` and `make test` do everything on a machine that has Python >= 3.11 and make.
# The first Python that is new enough and can make environments; or say: make PYTHON=… run
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && \
	echo $$python && break; done)
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
	$(BIN)/python -m pytest -q -n auto -m "not slow" --hypothesis-profile=quick

# What decides is tested branch by branch; adapters answer to their contracts.
DECIDES := aggregator/core/*,aggregator/model.py,aggregator/errors.py,aggregator/pipeline.py
check: .venv/dev              ## before a commit: style, types, layers, all tests, the core branch by branch
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --cov --cov-report=term:skip-covered
	$(BIN)/coverage report --show-missing --skip-covered --precision=1 --fail-under=99.9 --include='$(DECIDES)'

# Stamps: the environment follows the lock files. Without one, whatever lies in .venv was left
# by a set-up that was interrupted, and goes.
.venv/run: requirements.lock pyproject.toml
	$(call install,requirements.lock)
	touch $@

.venv/dev: requirements-dev.lock pyproject.toml
	$(call install,requirements-dev.lock)
	touch .venv/run $@

define install
	@test -n "$(PYTHON)" || { echo "make: there is no Python >= 3.11 with its venv module here." \
		"On Debian: apt install python3-venv. Or name one: make PYTHON=/path/to/python3.12 …" >&2; exit 1; }
	@test -e .venv/run || test -e .venv/dev || rm -rf .venv
	@echo "Setting up .venv; the first time this takes a minute or two."
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q aggregator  # the daemon's user may not write here
endef

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock"
lock: .venv/dev               ## resolve the dependencies anew
	$(COMPILE) --upgrade pyproject.toml --group build -o requirements.lock
	$(COMPILE) --upgrade --all-extras --group build --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
