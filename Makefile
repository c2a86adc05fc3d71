# Dossierkluis: everything by one word. `make` alone lists the words.
# Only python3 (3.11 or newer), make, git and apt are expected; the rest is brought in by dms/install.

PYTHON ?= python3
WORKERS ?= 2
SETUP ?=

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:

BIN := .venv/bin
# Programs that were unpacked beside the project, if any, come first.
TOOLS := if [ -r .tools/env.sh ]; then . ./.tools/env.sh; fi;
CODE := dms storage indexing rights retention ingest
UV := $(BIN)/uv
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command "make lock" $(if $(UPGRADE),--upgrade)
FAST := not slow and not browser and not postgres and not s3

.PHONY: help run setup setup-dev setup-tests check static test bench prove lock i18n clean

help: ## deze lijst
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

run: setup ## zet alles klaar en start de demoschool; zegt op welk adres
	@$(TOOLS) exec $(BIN)/python -m dms run

setup: ## installeer wat nodig is om te draaien
	@$(PYTHON) -m dms.install $(SETUP)

setup-dev:
	@$(PYTHON) -m dms.install --dev $(SETUP)

setup-tests: ## installeer ook PostgreSQL, Chromium en de rest voor de tests
	@$(PYTHON) -m dms.install --tests $(SETUP)

check: setup-dev static ## snelle controle: stijl, typen, lagen en de snelle tests
	$(TOOLS) $(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal -m "$(FAST)"

static:
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: setup-tests static ## alles: wat check doet, en alle tests met echte servers
	@mkdir -p build
	$(TOOLS) $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal --junitxml=build/tests.xml

bench: setup-tests ## meet de snelheid; uitkomst in build/bench.json
	@$(TOOLS) $(BIN)/python -m benchmarks.bench

prove: setup-tests ## de volledige proeven; uitkomst in docs/proof
	@$(TOOLS) $(BIN)/python -m benchmarks.prove

lock: setup-dev ## leg de versies en controlegetallen van alle pakketten opnieuw vast (UPGRADE=1: neem nieuwere)
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(COMPILE) --output-file requirements.lock pyproject.toml
	$(COMPILE) --no-annotate --group dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

i18n: setup-dev ## verzamel de teksten op de schermen en werk de vertalingen bij
	@mkdir -p build
	$(BIN)/pybabel -q extract --mapping-file=dms/locale/babel.cfg --keyword=N_ --ignore-dirs='.* build' --sort-by-file --no-wrap \
		--project=Dossierkluis --output-file=build/messages.pot .
	@test -e dms/locale/en/LC_MESSAGES/messages.po || \
		$(BIN)/pybabel -q init --input-file=build/messages.pot --output-dir=dms/locale --locale=en --no-wrap
	$(BIN)/pybabel -q update --input-file=build/messages.pot --output-dir=dms/locale --ignore-pot-creation-date \
		--no-fuzzy-matching --no-wrap
	$(BIN)/pybabel compile --directory=dms/locale --statistics

clean: ## verwijder wat gebouwd en onthouden is (niet .venv, .tools, var en keys)
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(CODE) tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
