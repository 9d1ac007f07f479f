# Every task of the project. Each asks first for what it needs installed; what is installed already costs nothing.

VENV ?= .venv
BIN := $(VENV)/bin
ARGS ?=
PYTEST := $(BIN)/pytest --numprocesses auto --maxprocesses 8 --dist worksteal

# pip refuses a project installed in place when it checks hashes, so the packages of others come first, with hashes.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
RUNTIME := $(VENV)/.runtime-installed
CLUSTER := $(VENV)/.cluster-installed
DEV := $(VENV)/.dev-installed

LOCK := $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--generate-hashes --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install run cluster test jars prometheus check formatted linted typed layered unit chaos bench format lock messages screenshots demo-data clean

help: ## Say what there is to do (this)
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo '  ARGS="..." is passed on by run, cluster, test, chaos, bench and lock.'

install: $(RUNTIME) ## Make .venv with all that is needed to run

run: $(RUNTIME) ## Run every service in one process
	$(BIN)/wco-kpi up $(ARGS)

cluster: $(CLUSTER) ## Run each service as a program of its own, on a real PostgreSQL and Kafka
	$(BIN)/wco-kpi cluster $(ARGS)

test: $(DEV) jars prometheus ## Run every test, on SQLite, a real PostgreSQL and a real Kafka
	$(PYTEST) $(ARGS)

jars: $(RUNTIME) ## Have Maven fetch Apache Kafka into the cache, once
	$(BIN)/python -m wco_cluster.jars

prometheus: $(DEV) ## Have Go build Prometheus into the cache, once, for the tests
	$(BIN)/python tests/prometheus.py

check: formatted linted typed layered unit ## Check format, lint, types, layers and the unit tests

formatted: $(DEV)
	$(BIN)/ruff format --check

linted: $(DEV)
	$(BIN)/ruff check

typed: $(DEV)
	$(BIN)/mypy

layered: $(DEV)
	$(BIN)/lint-imports --no-logo

unit: $(DEV)
	$(PYTEST) tests/unit

chaos: $(DEV) jars ## Kill parts of a cluster and break its connections under load, and see that nothing is lost
	PYTHONPATH=tests $(BIN)/python -m chaos $(ARGS)

bench: $(DEV) jars ## Measure it
	$(BIN)/python bench/run.py $(ARGS)

format: $(DEV) ## Format the code, and mend what lint can mend
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

lock: $(DEV) ## Write requirements/ from pyproject.toml (ARGS=--upgrade takes the newest)
	$(LOCK) --output-file requirements/runtime.txt $(ARGS)
	$(LOCK) --output-file requirements/cluster.txt --extra cluster --constraint requirements/runtime.txt $(ARGS)
	$(LOCK) --output-file requirements/dev.txt --extra cluster --group dev --constraint requirements/cluster.txt $(ARGS)

messages: $(RUNTIME) ## Have the French catalogue name every text of the dashboard
	$(BIN)/python services/dashboard/make_messages.py

screenshots: $(DEV) ## Make the pictures of the README anew, with Chromium
	$(BIN)/python docs/screenshots.py

demo-data: $(RUNTIME) ## Make the demonstration's events anew
	$(BIN)/python data/make_demonstration.py

clean: ## Remove .venv and every cache
	rm -rf $(VENV) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/pyvenv.cfg:
	@python="$${VENV_PYTHON:-$$(sh deploy/find-python.sh)}" && \
		echo "$$python -m venv --clear $(VENV)" && \
		"$$python" -m venv --clear $(VENV)

$(RUNTIME): $(VENV)/pyvenv.cfg requirements/runtime.txt pyproject.toml
	$(PIP) install --quiet --require-hashes --requirement requirements/runtime.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(CLUSTER): $(RUNTIME) requirements/cluster.txt
	$(PIP) install --quiet --require-hashes --requirement requirements/cluster.txt
	@touch $@

$(DEV): $(RUNTIME) requirements/dev.txt
	$(PIP) install --quiet --require-hashes --requirement requirements/dev.txt
	@touch $@
