# Two commands: `make up` runs the county, `make test` proves it. Each makes its own environment first.
PYTHON ?= python3.11
BIN := .venv/bin
PORT ?= 8000
AS_OF ?= 2023-07-03

.PHONY: up test env lint clean

up: .venv/run.stamp
	$(BIN)/luoshi up --demo --as-of $(AS_OF) --port $(PORT)

test: .venv/dev.stamp
	$(BIN)/pytest -n auto -m "not slow and not browser"

lint: .venv/dev.stamp
	$(BIN)/ruff check src tests bench docs
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/lint-imports
	$(BIN)/mypy

env: .venv/dev.stamp

.venv/bin/python:
	@echo "[1/3] making the environment in .venv"
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python requirements/run.txt pyproject.toml
	@echo "[2/3] installing what the county needs (a minute or two on a first run)"
	@test -f .venv/dev.stamp || $(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	@echo "[3/3] installing Luoshi itself"
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/dev.stamp: .venv/bin/python requirements/dev.txt pyproject.toml
	@echo "[2/3] installing what the tests need (two or three minutes on a first run)"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@echo "[3/3] installing Luoshi itself"
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

clean:
	rm -rf .venv var build *.egg-info
