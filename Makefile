# `make run` needs nothing else; `make test` and `make lint` before a commit.

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$name -c '$(FITS)' 2>/dev/null && { command -v $$name; break; }; done)
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-cache-dir --require-hashes
PYTEST := $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder
QUICK ?= tests/unit tests/integration -m 'not processes'
MARIADB ?= $(addprefix tests/integration/guests/test_,key_kinds.py field_kinds.py many.py model_rows.py \
	own_mode.py own_type.py parts.py saving.py to_field.py values.py) tests/integration/engine/writers/test_contract.py
DJANGO6 ?= tests/unit tests/integration/guests tests/host/test_project.py
DEPRECATED := -W ignore::DeprecationWarning -W ignore::PendingDeprecationWarning
PYTHON6 ?= $(shell for name in python3.13 python3.14 python3.12; do \
	$$name -c '' 2>/dev/null && { command -v $$name; break; }; done)
MINUTES ?= 10
RESULTS := tests/benchmarks/results
ROUNDS ?= 5
SCALE ?= full
# Only a whole run is kept.
PARTLY = $(ONLY)$(filter-out full,$(SCALE))
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras \
	--python-version 3.11 --custom-compile-command 'make lock' $(UPGRADE)

# Named after the content of what was installed: a second call installs nothing and asks no network.
SERVICE := $(VENV)/.service-$(shell cksum < requirements.txt | tr -s ' ' '-')
TOOLS := $(VENV)/.tools-$(shell cat requirements.txt tests/requirements.txt | cksum | tr -s ' ' '-')

.PHONY: help setup tools run test test-quick test-mariadb test-django6 lint format coverage lock hooks bench torture clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-13s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(SERVICE) ## Install what the service runs on into .venv; everything below does it by itself

$(SERVICE):
	@test -n "$(PYTHON)" || { echo "No Python from 3.11 to 3.14 found: install one," \
		"or name it: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c '$(FITS)' || { echo "$(PYTHON) is no Python from 3.11 to 3.14;" \
		"name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	"$(PYTHON)" -m venv --clear $(VENV)
	$(PIP) -r requirements.txt
	@touch $@

tools: $(TOOLS) ## Add what tests and lint need; they do it by themselves, too

# Most of it is never imported, and to compile it takes longer than all else of the installation.
$(TOOLS): $(SERVICE)
	$(PIP) --no-compile -r tests/requirements.txt
	@touch $@

run: $(SERVICE) ## Serve the API and the admin, with a worker, on this machine
	@exec $(BIN)/python -m config.supervisor

# Many processes are started, and each would compile the project's modules anew.
test test-quick torture: export PYTHONDONTWRITEBYTECODE =
# Tests with processes wait for most of their time: more of them than there are cores.
test: test-quick ## Run all tests: test-quick, then those with processes and what can differ on PostgreSQL and Redis
	TEST_BACKEND=postgresql $(PYTEST) -n 4 -m 'processes or backend or not once'

test-quick: $(TOOLS) ## Run the unit and integration tests on SQLite, without those that start processes
	TEST_BACKEND=sqlite $(PYTEST) $(QUICK)

test-mariadb: $(TOOLS) ## Test the ORM's writer on the MariaDB of TEST_MARIADB_URL, or of this machine
	TEST_BACKEND=mariadb $(PYTEST) $(MARIADB)

# Not what is pinned: the packages of the tests with another Django, on the newest Python that has it.
test-django6: ## Run the unit tests, those of foreign models and those of a foreign project on Django 6, in a .venv-django6 of its own
	@test -n "$(PYTHON6)" || { echo "No Python from 3.12 to 3.14 found." >&2; exit 1; }
	test -x .venv-django6/bin/pytest || "$(PYTHON6)" -m venv --clear .venv-django6
	sed -n '/^[a-z].*==/s/ *\\$$//p' requirements.txt tests/requirements.txt | sed '/^django==/d' \
		| sort -u > .venv-django6/requirements.txt
	.venv-django6/bin/python -m pip install --quiet --disable-pip-version-check \
		-r .venv-django6/requirements.txt 'Django>=6,<7'
	TEST_BACKEND=sqlite .venv-django6/bin/pytest -n 3 $(DEPRECATED) $(DJANGO6)

coverage: $(TOOLS) ## Run all tests and fail unless they cover 95 % of imports_app
	$(BIN)/coverage erase
	$(MAKE) test PYTEST='$(PYTEST) --cov --cov-append --cov-report='
	$(BIN)/coverage report --fail-under=95

lint: $(TOOLS) ## Check format, style, types, dependencies, Django's checks and migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/deptry .
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

format: $(TOOLS) ## Format the code and mend what ruff can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

hooks: $(TOOLS) ## Let git check each commit
	$(BIN)/pre-commit install

lock: $(TOOLS) ## Pin what pyproject.toml names; UPGRADE=--upgrade takes the newest versions
	$(LOCK) pyproject.toml --extra service --output-file requirements.txt
	$(LOCK) --group dev --group bench --constraints requirements.txt \
		--output-file tests/requirements.txt

bench: $(TOOLS) ## Measure, as ratios to what else the machine can do; ONLY=engine,posting ROUNDS=1 SCALE=small
	$(BIN)/python -m tests.benchmarks --only "$(ONLY)" --rounds $(ROUNDS) --scale $(SCALE) \
		$(if $(PARTLY),,--json $(RESULTS)/results.json)
	$(if $(PARTLY),,$(BIN)/python -m tests.benchmarks.chart $(RESULTS)/results.json $(RESULTS)/chart.svg)

torture: $(TOOLS) ## Kill processes, broker and database for MINUTES=10 on each kind of set-up
	$(BIN)/python -m tests.torture --backend servers --minutes $(MINUTES)
	$(BIN)/python -m tests.torture --backend embedded --minutes $(MINUTES)

clean: ## Remove .venv and the caches
	rm -rf .venv .venv-* .cache .hypothesis
