# Only Python 3.11+ and make are assumed; everything else installs itself into .venv.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

LOCALE := src/probity/portal/locale

.PHONY: setup spark demo test lint bench clean

setup: $(STAMP) $(LOCALE)/.compiled

$(STAMP): requirements/lock.txt pyproject.toml
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Probity needs Python 3.11 or newer; this is ' + sys.version.split()[0] + '. Set PYTHON=/path/to/newer.')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/lock.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(LOCALE)/.compiled: $(STAMP) $(wildcard $(LOCALE)/*/LC_MESSAGES/*.po)
	$(BIN)/pybabel --quiet compile --domain django --directory $(LOCALE)
	touch $@

# Optional, half a gigabyte: what probity score --engine spark needs beside Java 17.
spark: setup .venv/.spark

.venv/.spark: requirements/spark.txt | $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/spark.txt
	touch $@

demo: setup
	$(BIN)/probity demo

test: setup lint
	$(BIN)/python -m pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: setup
	$(BIN)/python -m bench

clean:
	rm -rf $(LOCALE)/.compiled $(LOCALE)/*/LC_MESSAGES/*.mo
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
