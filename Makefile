# `make app` and `make test` do all the set-up themselves; `make help` lists the rest.
PYTHON ?= python3
PORT ?= 5006
WORKERS ?= auto
ARGS ?=
UV ?= uv

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
DENO := DENO_NO_UPDATE_CHECK=1 DENO_DIR=.venv/.deno $(BIN)/deno
# Two stamps: a new lock renews the environment, a new pyproject.toml only the project in it.
PINNED := .venv/.pinned
READY := .venv/.ready
# What a user of pip gets, made anew each time: yesterday's newest versions prove nothing.
NEWEST := build/newest
# Brian2 and NEST, with Spark beside them: Brian2 needs Python 3.12 or newer.
PEERS := build/peers

.DEFAULT_GOAL := help
.PHONY: help setup app test thorough unit browser programs lint types format newest fidelity peers pictures lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-16s%s\n", $$1, $$2 }'

app: $(READY) ## serve the explorer on http://localhost:5006/app (PORT=..., ARGS="--show" opens a tab)
	@echo "Spark: http://localhost:$(PORT)/app (stop with Ctrl+C)"
	@exec $(BIN)/python -m app --port $(PORT) $(ARGS)

test: browser programs lint types ## everything: lint, types, all tests with a real browser
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal $(ARGS)

thorough: browser programs lint types ## what `make test` has no time for as well: other browsers (Firefox, WebKit), every hand, preset and picture
	$(BIN)/python tests/ensure_engines.py
	$(BIN)/python -m pytest --thorough -m thorough $(ARGS)

unit: $(READY) programs ## the tests that need no browser
	$(BIN)/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal -m "not browser" $(ARGS)

browser: $(READY) ## find a browser for the tests, or install one
	$(BIN)/python tests/ensure_browser.py

programs: $(READY) ## find what else the tests need (nginx, a Redis server), or install it
	$(BIN)/python tests/programs.py

lint: $(READY) ## rules and format: ruff, and deno for the page's code
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(DENO) lint --quiet
	$(DENO) fmt --check --quiet

types: $(READY) ## mypy, and deno for the page's code
	$(BIN)/mypy
	$(DENO) check --quiet app/client

newest: ## all tests with the newest versions that pyproject.toml allows (PYTHON=..., ARGS="-m 'not browser'")
	rm -rf build
	$(PYTHON) -m venv $(NEWEST)
	$(NEWEST)/bin/python -m pip --disable-pip-version-check install --quiet ".[app,io,progress,redis,test]"
	$(NEWEST)/bin/python -m pip --disable-pip-version-check list
	$(NEWEST)/bin/python tests/ensure_browser.py
	$(NEWEST)/bin/python tests/programs.py
	$(NEWEST)/bin/python -m pytest -n $(WORKERS) --maxprocesses 4 --dist worksteal $(ARGS)

format: $(READY) ## let ruff and deno rewrite what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(DENO) lint --fix --quiet
	$(DENO) fmt --quiet

fidelity: $(READY) ## measure spike-time errors and the price of a step, and renew docs/fidelity.md
	$(BIN)/python -m benchmarks.fidelity

peers: ## run what spark.export writes for Brian2 and NEST, and renew docs/peers.md (PYTHON=python3.12, ARGS=--quick)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 12))' 2>/dev/null || { \
		echo "Brian2 needs Python 3.12 or newer: '$(PYTHON)' is not. Name another one: make peers PYTHON=python3.12" >&2; exit 1; }
	rm -rf $(PEERS)
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip --disable-pip-version-check install --quiet ".[peers]"
	$(PEERS)/bin/python -m pip --disable-pip-version-check install --quiet nest-simulator || echo "NEST has no wheel here: Brian2 alone"
	$(PEERS)/bin/python -m benchmarks.peers $(ARGS)

pictures: browser ## make the pictures of README.md and docs/views.md from the real app
	$(BIN)/python -m docs.make_pictures
	$(BIN)/python -m docs.make_classroom_pictures

setup: $(READY) ## only create .venv and install

$(READY): $(PINNED) pyproject.toml
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(PINNED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Spark needs Python 3.11 or newer: '$(PYTHON)' is not. Name another one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "'$(PYTHON)' cannot create environments: install its venv module (Debian, Ubuntu: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv --clear .venv
	$(PIP) install --require-hashes -r requirements.lock
	@touch $@

lock: ## renew requirements.lock from pyproject.toml (needs uv; ARGS=--upgrade for newer versions)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: install it with pip, or name it: make lock UV=path/to/uv" >&2; exit 1; }
	$(UV) pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--extra dev --output-file requirements.lock $(ARGS) pyproject.toml
	@! grep -nE '://|@ |index-url|find-links' requirements.lock || { echo "requirements.lock names an address" >&2; exit 1; }

clean: ## remove .venv and every cache
	rm -rf .venv build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
