# Everything runs in .venv, which is made here when it is missing or out of date.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
PEER := .venv-peer
PEER_STAMP := $(PEER)/.ready
PEER_PINS := nba_pipeline_tests/bench/peer/requirements.txt
ARCHIVES ?= ../shared/data
PORT ?= 3000

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-real lint bench bench-peer soak ui lock docs snapshots clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

setup: $(STAMP) ## virtual environment with the pinned dependencies

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $(STAMP)

demo: $(STAMP) ## replay the incident of 2026-01-03 offline: refusal and repair
	$(BIN)/nba demo

test: $(STAMP) lint ## lint, types, definitions and the tests that need no five seasons
	$(BIN)/dagster definitions validate
	$(BIN)/dg check defs
	$(BIN)/python -m pytest -n 3 --dist loadfile

test-real: $(STAMP) ## tests on five real seasons, built here or taken from NBA_REAL_HOME
	$(BIN)/python -m pytest -m real -n 2 --dist loadfile

lint: $(STAMP) ## ruff, mypy and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(STAMP) ## seconds, memory and disk of history, one new date and verbs
	$(BIN)/python -m nba_pipeline_tests.bench $(ARCHIVES)

bench-peer: $(STAMP) $(PEER_STAMP) ## the derived tables in SQLMesh, beside ours
	$(BIN)/python -m nba_pipeline_tests.bench.peer $(ARCHIVES) $(PEER)/bin/python

$(PEER_STAMP): $(PEER_PINS)
	$(PYTHON) -m venv $(PEER)
	$(PEER)/bin/python -m pip install --quiet --disable-pip-version-check --requirement $(PEER_PINS)
	touch $(PEER_STAMP)

soak: $(STAMP) ## the long campaigns: kills at every failpoint, many rounds
	NBA_SOAK_ROUNDS=30 $(BIN)/python -m pytest -m soak nba_pipeline_tests/incidents

ui: $(STAMP) ## Dagster on http://127.0.0.1:3000, or PORT=, over NBA_HOME
	$(BIN)/nba ui --port $(PORT)

docs: $(STAMP) ## write the reference and README's list of tables from the contracts
	$(BIN)/python -m nba_pipeline.contracts.page

snapshots: $(STAMP) ## accept the DDL and the definitions as they are now
	$(BIN)/python -m pytest -q --snapshot-update nba_pipeline_tests/unit/contracts/test_contracts.py \
	  nba_pipeline_tests/e2e/test_definitions.py

lock: ## resolve requirements.lock again (needs uv)
	uv pip compile pyproject.toml --group pyproject.toml:dev --python-version 3.11 --universal \
	  --no-header --no-annotate --output-file requirements.lock

clean: ## remove the virtual environments and all local state
	rm -rf $(VENV) $(PEER) .nba .tmp_dagster_home_*
