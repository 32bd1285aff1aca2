# What one does here. `make help` lists it.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
ROUNDS ?= 3
BIN := .venv/bin
PO := examsite/locale/ja/LC_MESSAGES/django.po
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

.DELETE_ON_ERROR:
.PHONY: help run install test bench bench-reports bench-bank lint format messages lock clean

help: ## what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

run: $(BIN)/run.stamp $(PO:.po=.mo) ## start the site on this machine, with demo people (PORT=8000)
	@MOGI_LOCAL=1 $(BIN)/python manage.py demo fixtures/* --port $(PORT)
	@MOGI_LOCAL=1 exec $(BIN)/gunicorn examsite.wsgi --bind 127.0.0.1:$(PORT) --worker-class gthread --threads 8 \
		--no-control-socket --log-level warning

install: $(BIN)/run.stamp $(PO:.po=.mo) ## what running needs, and nothing else

test: $(BIN)/dev.stamp $(PO:.po=.mo) lint ## everything: lint, then the tests on SQLite, PostgreSQL and in a browser
	@$(BIN)/python .ci/test.py

bench: $(BIN)/dev.stamp $(PO:.po=.mo) ## what saving, opening, starting and finishing cost (ROUNDS=3, OUT=file)
	@PYTHONPATH=.ci $(BIN)/python -m tests.load.bench --rounds $(ROUNDS) --out "$(OUT)"

bench-reports: $(BIN)/dev.stamp $(PO:.po=.mo) ## what an instructor's pages cost, on both databases (OUT=file)
	@PYTHONPATH=.ci $(BIN)/python -m tests.load.reports --out "$(OUT)"

bench-bank: $(BIN)/dev.stamp $(PO:.po=.mo) ## what the author's desk costs with 10,000 questions, on both databases (OUT=file)
	@PYTHONPATH=.ci $(BIN)/python -m tests.load.bank --out "$(OUT)"

lint: $(BIN)/dev.stamp $(PO:.po=.mo) ## style, types, layers, templates, translations, settings
	@.ci/lint

format: $(BIN)/dev.stamp ## put code and templates into the one form that lint asks for
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .
	@find templates -name '*.html' -exec $(BIN)/djade --target-version 5.2 {} +

messages: $(BIN)/dev.stamp ## bring the Japanese catalogue up to date; what is new waits there for its translation
	@$(BIN)/python .ci/messages.py update

lock: $(BIN)/dev.stamp ## lock the requirements anew (UPGRADE=--upgrade takes newer versions)
	@for name in run dev; do $(BIN)/uv pip compile --quiet $(UPGRADE) --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-header --no-annotate --output-file requirements/$$name.txt requirements/$$name.in; done

clean: ## remove what is installed and generated; the data stays
	@rm -rf .venv static htmlcov test-results .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .coverage*

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. On Debian: apt-get install python3 python3-venv"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with PYTHON=."; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }

# The stamps are younger than the locks they were installed from, so a second start installs nothing and needs no network.
$(BIN)/run.stamp: requirements/run.txt | $(BIN)/python
	@echo "Installing what the site needs …"
	@$(PIP) -r requirements/run.txt
	@touch $@

$(BIN)/dev.stamp: requirements/dev.txt | $(BIN)/python
	@echo "Installing what the tests need …"
	@$(PIP) -r requirements/dev.txt
	@touch $@ $(BIN)/run.stamp

%.mo: %.po | $(BIN)/run.stamp
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@ --locale ja
