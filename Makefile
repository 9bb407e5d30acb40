# Everything a newcomer needs is `make demo` and `make test`: Python 3.11 or newer and make, nothing else.
# The packages come from requirements/, pinned with hashes, into .venv. `make help` lists the rest.

VENV := .venv
BIN := $(VENV)/bin
SERVICE := $(VENV)/.service-ready
READY := $(VENV)/.ready
LOG := $(VENV)/setup.log
COVERAGE := 93
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c '$(NEW_ENOUGH)' 2>/dev/null && echo $(name))))

.DEFAULT_GOAL := help
.PHONY: help demo test check format docs bench site dist lock clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 16

demo: $(SERVICE) ## a bad config, its review, its fix: on this machine, no account
	@$(BIN)/policy-bot demo $(DEMO)

# Each worker begins with a part of its own (worksteal), so that most modules' fixtures are made once. Tests start
# hundreds of processes, which compile everything each time where the environment forbids to keep bytecode. Sets have
# the same order in each run.
test: check ## all that continuous integration runs: check, and every test
	@$(BIN)/python tests/github_api/packages.py
	@PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n auto --dist worksteal \
		--cov=policy_bot --cov-report=term:skip-covered --cov-fail-under=$(COVERAGE)

check: $(READY) ## what is quick: linters, types, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy & types=$$!; $(BIN)/lint-imports --no-cache; imports=$$?; wait $$types && exit $$imports

format: $(READY) ## formatting and the linter's own fixes
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

docs: $(READY) ## what is generated: policy pages, the threat page
	@$(BIN)/policy-bot docs
	@$(BIN)/python tests/threats/page.py

bench: $(READY) ## what can be measured with this alone; tests/bench has more
	@for name in startup webhook_to_verdict intake day; do \
		echo "tests/bench/$$name.py"; PYTHONPATH=. $(BIN)/python -m tests.bench.$$name || exit 1; done

site: $(READY) ## the documentation as a site, into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

dist: $(READY) ## wheel and sdist, into dist/
	@rm -rf dist && $(BIN)/python -m pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
	@$(BIN)/hatchling build --target sdist --directory dist

PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --retries 2
define install
	@$(PIP) install --no-deps --require-hashes -r $(1) >$(LOG) 2>&1 || { \
		echo "Could not install the pinned packages: is the package index reachable? The whole story: $(LOG)" >&2; exit 1; }
	@$(PIP) install --no-deps --no-build-isolation -e . >>$(LOG) 2>&1 || { \
		echo "Could not install policy-bot into $(VENV). The whole story: $(LOG)" >&2; exit 1; }
	@touch $@
endef

# what the demo needs
$(SERVICE): requirements/demo.txt pyproject.toml
	@test -n "$(PYTHON)" && $(PYTHON) -c '$(NEW_ENOUGH)' 2>/dev/null || { \
		echo "policy-bot needs Python 3.11 or newer, and $(if $(PYTHON),$(PYTHON) is older or missing,none is on the PATH); name one: make PYTHON=python3.12" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { \
		rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment: is its venv module installed (python3-venv)?" >&2; exit 1; }
	@echo "Setting up $(VENV) from requirements/demo.txt (once, a minute or so) ..." >&2
	$(call install,requirements/demo.txt)

# and what tests it
$(READY): $(SERVICE) requirements/all.txt
	@echo "Adding what tests and checks need from requirements/all.txt (once, a minute or so) ..." >&2
	$(call install,requirements/all.txt)

UV := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-package policy-bot
LOCKED = $(UV) --constraint requirements/all.txt pyproject.toml
lock: ## resolve the versions anew (needs uv): all of them first, then the parts with the same versions
	@command -v uv >/dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv" >&2; exit 1; }
	$(UV) --all-extras --group dev pyproject.toml requirements/build.in --output-file requirements/all.txt
	$(LOCKED) --output-file requirements/cli.txt
	$(LOCKED) --extra postgres --output-file requirements/service.txt
	$(UV) --constraint requirements/all.txt requirements/build.in --output-file requirements/build.txt
	$(LOCKED) --extra lsp --output-file requirements/lsp.txt
	$(LOCKED) --extra demo requirements/build.in --output-file requirements/demo.txt

clean: ## away with the environment and all caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
