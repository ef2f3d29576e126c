# The commands of the project. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
PERIOD ?= 2024-02
BIN := .venv/bin
COMPILE := .venv/uv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --custom-compile-command 'make lock' --no-annotate

.PHONY: help demo test check bench golden lock serve docs guide clean

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

demo: .venv/run.stamp ## Set everything up and run one made-up month, from workbooks to mail (PERIOD=2024-02)
	@$(BIN)/ketnghia demo $(PERIOD)

test: .venv/dev.stamp ## Set everything up and run all tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=10

check: .venv/dev.stamp ## Lint, types, import contracts and the fast tests
	@$(BIN)/ruff check . && $(BIN)/ruff format --check -q .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not slow"

bench: .venv/dev.stamp ## Time the program against its peers, an hour or more; benchmarks/README.md explains
	@for name in $(patsubst benchmarks/%.py,%,$(sort $(wildcard benchmarks/[a-z]*.py))); do \
	    echo "== $$name"; $(BIN)/python -m benchmarks.$$name || exit 1; done

serve: .venv/run.stamp ## Server, monthly schedule and worker on this machine
	@$(BIN)/ketnghia serve

docs: .venv/dev.stamp ## Write docs/rules.md and docs/form.md anew from the rules and the form
	@$(BIN)/python -m scripts.handbook

guide: .venv/dev.stamp ## Write docs/clerk_guide.pdf anew, with pictures of the form (needs LibreOffice)
	@$(BIN)/python -m scripts.clerk_guide

golden: .venv/dev.stamp ## Agree anew on the figures of the frozen months, listing what changed, and on the pages
	@$(BIN)/python -m tests.golden.agree
	@AGREE_ON_PAGES=1 $(BIN)/pytest -q tests/reports/test_golden_pages.py

lock: ## Pin every dependency anew, with hashes and without addresses
	@[ -x .venv/uv/bin/uv ] || { $(PYTHON) -m venv .venv/uv && .venv/uv/bin/python -m pip install -q --disable-pip-version-check uv; }
	$(COMPILE) --extra all --group build pyproject.toml -o requirements.lock
	$(COMPILE) --extra all --group build --group dev --constraints requirements.lock pyproject.toml -o requirements-dev.lock
	@$(PYTHON) scripts/lock_tools.py requirements.lock requirements-dev.lock

clean: ## Remove the virtual environment and what was built; data/ stays
	rm -rf .venv build dist *.egg-info

.venv/system.stamp: scripts/system_packages.sh
	@bash scripts/system_packages.sh $(PYTHON)
	@[ -x $(BIN)/python ] || { echo "Creating the virtual environment .venv"; $(PYTHON) -m venv .venv; }
	@touch $@

.venv/run.stamp: .venv/system.stamp requirements.lock pyproject.toml
	@echo "Installing the pinned dependencies (a few minutes the first time)"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock scripts/system_packages.sh
	@bash scripts/system_packages.sh $(PYTHON) tests
	@echo "Installing the pinned tools for tests"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@
