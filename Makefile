# `make setup` once, then `make run`; `make test` and `make lint` before a commit.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n 3 --dist loadfile
MINUTES ?= 10
RESULTS := tests/benchmarks/results
STAMP := .venv/.installed-$(shell cksum < requirements.txt | tr -s ' ' '-')

.PHONY: setup run test torture bench lint clean

setup: $(STAMP)

# The stamp is named after the content of requirements.txt: installed once, it needs no network.
$(STAMP):
	@test -n "$(PYTHON)" || { echo "No python3 found: install Python 3.11 or newer." >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is too old: Python 3.11 or newer is needed (make PYTHON=/path/to/it)." >&2; exit 1; }
	"$(PYTHON)" -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps -r requirements.txt
	@touch $@

run: setup
	@exec $(BIN)/python -m config.supervisor

# Once on what runs without any server, once on PostgreSQL and Redis, with real processes. These
# are many, and each would compile the project's modules anew.
test: export PYTHONDONTWRITEBYTECODE =
test: setup
	TEST_BACKEND=sqlite $(PYTEST) -m "not acceptance"
	TEST_BACKEND=postgresql $(PYTEST)

# Kills processes, broker and database all the time, and compares with an undisturbed run.
torture: setup
	$(BIN)/python -m tests.torture --backend servers --minutes $(MINUTES)
	$(BIN)/python -m tests.torture --backend embedded --minutes $(MINUTES)

# Ratios to what else the machine can do; `make bench ONLY=engine,posting` for some, and no chart.
bench: setup
	$(BIN)/python -m tests.benchmarks --only "$(ONLY)" $(if $(ONLY),,--json $(RESULTS)/results.json)
	$(if $(ONLY),,$(BIN)/python -m tests.benchmarks.chart $(RESULTS)/results.json $(RESULTS)/chart.svg)

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python manage.py check
	$(BIN)/python manage.py makemigrations --check --dry-run

clean:
	rm -rf .venv .cache .hypothesis
