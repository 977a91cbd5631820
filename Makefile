# `make` builds, `make test` checks the code (minutes), `make prove` runs what takes longer, `make bench` measures, `make docs` refreshes examples in the docs, `make shots` their pictures of pages (Chromium).
PYTHON ?= python3
BIN := .venv/bin
MODERN := import sys; sys.exit(0 if sys.version_info >= (3, 11) else "pbgraph needs Python 3.11 or newer: make PYTHON=python3.12")
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable

.PHONY: build test prove bench docs shots format clean
.DEFAULT_GOAL := build

.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c '$(MODERN)'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { echo "Making a virtual environment in .venv (once)"; rm -rf .venv; $(PYTHON) -m venv .venv; }
	@$(INSTALL) .
	@touch $@

.venv/installed-test: .venv/installed
	@echo "Installing what the tests need (once)"
	@$(INSTALL) ".[test]"
	@touch $@

.venv/installed-prove: .venv/installed-test
	@echo "Installing what the longer tests need (once)"
	@$(INSTALL) ".[test,prove]"
	@touch $@

build: .venv/installed
	@$(BIN)/pbgraph build

test: .venv/installed-test
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy
	$(BIN)/pytest --numprocesses 2 --dist loadscope -m "not prove"

prove: .venv/installed-prove tests/editor/node_modules tests/browser/node_modules tests/gephi/node_modules
	$(BIN)/pytest -m prove

tests/%/node_modules: tests/%/package-lock.json
	@npm ci --prefix tests/$* --no-audit --no-fund --loglevel=error
	@touch $@

bench: .venv/installed
	$(BIN)/python bench/bars.py
	$(BIN)/python bench/check.py
	$(BIN)/python bench/gexf.py
	$(BIN)/python bench/lists.py
	$(BIN)/python bench/metrics.py
	$(BIN)/python bench/layout.py
	$(BIN)/python bench/pages.py
	$(BIN)/python bench/questions.py
	$(BIN)/python bench/ratios.py
	$(BIN)/python bench/search.py

docs: .venv/installed-test build
	$(BIN)/python tests/docs.py

shots: .venv/installed-test build tests/gephi/node_modules
	$(BIN)/python tests/shots.py

format: .venv/installed-test
	$(BIN)/ruff format --quiet
	$(BIN)/ruff check --quiet --fix

clean:
	rm -rf build .build
