# Two commands are enough: `make demo` and `make test`. Each says what it does and can be run again.
PYTHON ?= python3
# One more than processors: browsers, databases and waiting leave them idle.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')
ARGS ?=
BIN := .venv/bin
# Development settings with data of their own, so that a check never touches a database in use.
MEASURED = EVERY_TEST=1 COVERAGE_FILE=$(CURDIR)/var/coverage $(BIN)/pytest -n $(WORKERS) --cov=vault --cov=audit --cov=treasury \
  --cov-report=term --cov-fail-under=100 tests/vault tests/audit tests/treasury tests/accounts tests/donations \
  tests/config/test_backup.py $(ARGS)
APART := DEBUG=1 DATA_DIR=var/check

.DEFAULT_GOAL := help
.PHONY: help env tools demo test check fix bench faults coverage

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "make %-8s %s\n", $$1, $$2}' Makefile

env: ## build the environment in .venv, exactly as locked, and compile the translations
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make env PYTHON=python3.11")'
	@test -x $(BIN)/python || { echo "Creating .venv"; $(PYTHON) -m venv .venv; }
	@cmp -s requirements.txt .venv/installed.txt || { echo "Installing the locked packages (a minute or two)"; \
	  $(BIN)/pip install -qq --disable-pip-version-check --require-hashes -r requirements.txt && cp requirements.txt .venv/installed.txt; }
	@$(BIN)/python -m config.messages

tools: ## install the programs that some tests use (Chromium, hledger, ...) where that is possible
	@$(PYTHON) tests/plugins/programs.py

demo: env ## an installation with invented people, ready to look at: make demo ARGS="--port 8001"
	@DEBUG=1 exec $(BIN)/python manage.py demo $(ARGS)

test faults coverage: export PYTHONDONTWRITEBYTECODE := # dozens of processes would each compile all of it anew
test: env tools ## the whole suite, on SQLite and then on PostgreSQL: make test ARGS="tests/vault"
	TEST_ENGINE=sqlite $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)
	TEST_ENGINE=postgresql $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: env ## format, lint, types, layers, templates, migrations, deployment settings, lock
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/djlint --quiet --check .
	$(BIN)/djlint --quiet --lint .
	$(APART) $(BIN)/mypy .
	$(APART) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m tests.plugins.deployment
	$(BIN)/python -m tests.plugins.lock

fix: env ## format, and repair what can be repaired without thinking
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djlint --quiet --reformat .

coverage: env tools ## branches of vault, audit and treasury that tests take, on both engines: all of them, or it fails
	NOT_HERE=PostgreSQL TEST_ENGINE=sqlite $(MEASURED)
	NOT_HERE=SQLite TEST_ENGINE=postgresql $(MEASURED) --cov-fail-under=0
	NOT_HERE=SQLite TEST_ENGINE=postgresql COVERAGE_FILE=$(CURDIR)/var/coverage $(BIN)/pytest --cov-append --cov=vault \
	  --cov=audit --cov=treasury --cov-report=term --cov-fail-under=100 tests/accounts/test_erasure_bytes.py # needs the server alone

faults: env tools ## the long loops of tests/faults on both engines: kill -9 and races, 150 rounds each
	FAULT_ROUNDS=150 TEST_ENGINE=sqlite $(BIN)/pytest tests/faults $(ARGS)
	FAULT_ROUNDS=150 TEST_ENGINE=postgresql $(BIN)/pytest tests/faults tests/accounts/test_erasure_bytes.py $(ARGS)

bench: env ## measure the work that must be fast, beside a yardstick
	@$(BIN)/python -m tests.bench $(ARGS)
