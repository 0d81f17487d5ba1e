# make run     the portal on this machine, with demo data   (PORT=, HOST=, DATABASE_URL=, CELERY_BROKER_URL=)
# make test    every test: SQLite, PostgreSQL with Redis, browser   (TEST_WORKERS=)
# make check   format, lint, import contracts, types, migrations, deployment, templates
# make bench   every benchmark, or some: make bench ONLY="calendar clocks"

.DEFAULT_GOAL := help
.PHONY: help install install-dev run test test-quick check fmt bench clean

# Where the environment forbids byte code, every start would compile 1,500 modules again.
unexport PYTHONDONTWRITEBYTECODE

PY := .venv/bin/python
APPS := $(wildcard supportops tickets sla kb qa workforce)
CODE := manage.py $(APPS) $(wildcard tests benchmarks scripts)

help:
	@sed -n 's/^# //p' Makefile

install:
	@sh scripts/install.sh requirements.txt

install-dev:
	@sh scripts/install.sh requirements-dev.txt

run: install
	@$(PY) -m scripts.run

test: install-dev
	@$(PY) -m scripts.run_tests

# On SQLite only: needs no PostgreSQL, Redis or Chromium.
test-quick: install-dev
	@$(PY) -m scripts.run_tests --quick

CHECKS := check-format check-lint check-imports check-types check-migrations check-deploy check-templates
.PHONY: $(CHECKS)

# Every check runs, whatever the ones before it found.
check: install-dev
	@SUPPORTOPS_VAR=$(CURDIR)/var/check $(MAKE) --no-print-directory --keep-going $(CHECKS)

check-format:
	$(PY) -m ruff format --check --quiet $(CODE)

check-lint:
	$(PY) -m ruff check $(CODE)

check-imports:
	.venv/bin/lint-imports

check-types:
	$(PY) -m mypy $(APPS)

check-migrations:
	$(PY) manage.py makemigrations --check --dry-run

check-deploy:
	sh scripts/check_deploy.sh

check-templates:
	$(PY) -m djlint templates --lint --quiet

fmt: install-dev
	$(PY) -m ruff check --fix-only $(CODE)
	$(PY) -m ruff format $(CODE)

bench: install-dev
	@$(PY) -m scripts.run_benchmarks $(ONLY)

# Caches only: the database and the secret key in var/ stay.
clean:
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +
