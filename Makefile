# Everything a machine with Python 3.11 or newer, its venv module and make needs.
#   make setup   the virtual environment
#   make run     a demonstration city on http://127.0.0.1:8000 (ACCOUNTS=n for another size)
#   make check   format, lint, types, contracts, tests without database or browser
#   make test    everything that .ci/run runs

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# The first of these that is 3.11 or newer; name another with `make PYTHON=...`.
PYTHON ?= $(shell setup/find_python)
ACCOUNTS ?= 5000
PYTEST_OPTIONS ?=
PG15_BIN ?= /usr/lib/postgresql/15/bin

.PHONY: help setup setup-dev run check format test tests test-postgres15 browser lock clean

help:
	@sed -n 's/^#   //p' Makefile

setup: $(VENV)/stamp-run

setup-dev: $(VENV)/stamp-dev

$(VENV)/stamp-run: requirements/run.txt pyproject.toml setup/make_venv
	@setup/make_venv "$(PYTHON)" "$(VENV)" requirements/run.txt
	@touch $@

$(VENV)/stamp-dev: requirements/dev.txt pyproject.toml setup/make_venv
	@setup/make_venv "$(PYTHON)" "$(VENV)" requirements/dev.txt
	@touch $@ $(VENV)/stamp-run

run: setup
	@exec $(BIN)/fisc serve --demonstration --accounts $(ACCOUNTS)

format: setup-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: setup-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --lint --quiet src
	$(BIN)/python -m pytest -q $(PYTEST_OPTIONS) \
	  -m "not database and not browser and not faults and not gates"

browser: setup-dev
	@setup/find_chromium --install

# The tools of `check` run as tests here, so that one line counts everything.
test: setup-dev browser
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

tests: test

# The oldest server that is supported, where its programs are installed.
test-postgres15: setup-dev
	@if [ ! -x "$(PG15_BIN)/postgres" ]; then \
	  echo "PostgreSQL 15 is not in $(PG15_BIN); name it with PG15_BIN=..."; exit 1; fi
	FISC_PG_BIN="$(PG15_BIN)" FISC_HOME="$${FISC_HOME:-$(CURDIR)/var}/postgres15" \
	  $(BIN)/python -m pytest $(PYTEST_OPTIONS)

# From the names in *.in to exact versions with the hashes of every platform's files.
lock: setup-dev
	cd requirements && for name in run dev; do \
	  ../$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header \
	    --quiet --upgrade $$name.in -o $$name.txt; done

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
