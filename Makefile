# Everything a developer of apigen runs. Each task sets up what it needs: a Python 3 with pip or
# venv, make, and a package index are enough.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-merge quick check format lock regen clean \
  bench bench-apigen bench-serving bench-growth bench-platform bench-profile \
  bench-serialization

BIN := .venv/bin
READY := .venv/.ready
SERVING := .cache/serving/venv
# Some machines set it; without compiled modules every start costs three times as much.
unexport PYTHONDONTWRITEBYTECODE

help:  ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1 /p' $(MAKEFILE_LIST) | awk '{printf "  make %-14s ", $$1; $$1=""; print}'

setup: $(READY)  ## Make .venv with everything pinned

# A uv on the path can be a shim that does not run, so it is tried, not looked for.
$(READY): requirements-dev.txt pyproject.toml .ci/find-uv
	uv=$$(.ci/find-uv) \
	&& "$$uv" venv --quiet --allow-existing --python '>=3.12' .venv \
	&& "$$uv" pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements-dev.txt \
	&& "$$uv" pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	$(BIN)/python -m compileall -q apigen
	touch $(READY)

demo: setup  ## Make the Chinook music store and serve it (CHECK=1: call it and leave)
	$(BIN)/python -m tests.demo.run $(if $(CHECK),--check)

test: setup  ## Run every test
	$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

test-merge: setup  ## Merge 10,000 random pairs of edits
	APIGEN_MERGE_EXAMPLES=10000 $(BIN)/python -m pytest -q tests/merge/test_properties.py $(ARGS)

quick: setup  ## Run the tests that take no minutes
	$(BIN)/python -m pytest -q -m "not slow" $(ARGS)

check: setup  ## Lint, formatting, types, imports between folders
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup  ## Format and sort
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

lock: .ci/find-uv  ## Pin what setup installs
	uv=$$(.ci/find-uv) && "$$uv" pip compile --quiet --upgrade --universal --python-version 3.12 \
	  --group runtime --group test --group build --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  pyproject.toml --output-file requirements-dev.txt
	uv=$$(.ci/find-uv) && "$$uv" pip compile --quiet --upgrade --universal --python-version 3.12 \
	  --group runtime --constraint requirements-dev.txt --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
	  tests/benchmarks/serving/requirements.in \
	  --output-file tests/benchmarks/serving/requirements.txt

regen: setup  ## Make generated_examples anew from specs
	$(BIN)/python -m tests.snapshots.regenerate

bench: bench-apigen bench-serving bench-growth bench-platform bench-profile bench-serialization  ## Measure everything

bench-apigen: setup  ## Measure apigen itself
	$(BIN)/python -m tests.benchmarks.run

bench-serving: setup $(SERVING)/.ready  ## Compare servers of one resource (ARGS="--servers a,h")
	$(SERVING)/bin/python -m tests.benchmarks.serving.run $(ARGS)

bench-growth: setup $(SERVING)/.ready  ## Measure one service with more rows, entities, connections
	$(SERVING)/bin/python -m tests.benchmarks.growth.run $(ARGS)

bench-platform: setup $(SERVING)/.ready  ## Measure each feature of the platform, and servers
	$(SERVING)/bin/python -m tests.benchmarks.platform.run $(ARGS)

bench-profile: setup $(SERVING)/.ready  ## Sample where the time of a request goes
	$(SERVING)/bin/python -m tests.benchmarks.profile.run $(ARGS)

bench-serialization: setup  ## Measure what answers take to serialize
	$(BIN)/python -m tests.benchmarks.serialization.run

$(SERVING)/.ready: tests/benchmarks/serving/requirements.txt .ci/find-uv
	uv=$$(.ci/find-uv) \
	&& "$$uv" venv --quiet --allow-existing --python '>=3.12' $(SERVING) \
	&& "$$uv" pip sync --quiet --python $(SERVING)/bin/python --require-hashes --compile-bytecode \
	  tests/benchmarks/serving/requirements.txt
	touch $@

clean:  ## Remove what the tasks made
	rm -rf .venv .cache .demo dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
