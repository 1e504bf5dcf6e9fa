# One word for each thing a person types; CI types the same words. Every word does the set-up it needs.
#   make lab        copy new lessons into work/ and open JupyterLab there  (RESET=03, ARGS="--no-browser")
#   make test       the linter and all the quick tests
#   make soak       the long tests, and those that `make test` tries on a sample, on everything
#   make notebooks  generate notebooks/ from solutions/                   (CHECK=1 only compares)
#   make site       the course as a static site that needs no installation (OUT=site, ARGS="--pyodide WHERE")
#   make docs       the guide as pages, with every warning an error       (OUT=docs/_build)
#   make lint       the linter alone
#   make bench      the benchmarks, in an environment of their own  (ARGS="--against PATH" times another checkout too)
#   make stock      the hostile and broken submissions on stock nbgrader and here, side by side
#   make lock       pin the dependencies again, with uv                   (UPGRADE=1 for newer versions)
VENV ?= .venv
BIN := $(VENV)/bin

# nbgrader starts `alembic` by name, so the environment's programs must come first.
export PATH := $(CURDIR)/$(BIN):$(PATH)

# Hundreds of Python processes import the course: what one of them compiled, the others need not.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help venv lab test soak notebooks site docs lint bench stock lock
help:
	@sed -n 's/^#   //p' Makefile

venv:
	@sh .ci/venv $(VENV) "$(PYTHON)"

lab: venv
	@$(BIN)/python -m grading lab $(ARGS) $(if $(RESET),--reset $(RESET))

# The tests are compiled once, or each process would do it at the same time; what fails in that fails once more, aloud.
test: lint
	@test -d tests/__pycache__ || $(BIN)/python -m pytest -q --collect-only >/dev/null || true
	@$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

soak: venv
	@WHOLE=1 $(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "soak or sampled" $(ARGS)

notebooks: venv
	@$(BIN)/python -m grading notebooks $(if $(CHECK),--check)

site:
	@sh .ci/venv .venv-site "$(PYTHON)" site
	@.venv-site/bin/python -m grading site $(if $(OUT),$(OUT),site) $(ARGS)

docs:
	@sh .ci/venv .venv-docs "$(PYTHON)" docs
	@.venv-docs/bin/python -m sphinx -q -W --keep-going -b dirhtml docs $(if $(OUT),$(OUT),docs/_build)

lint: venv
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .

# The peers are heavy, so they get an environment of their own.
bench:
	@sh .ci/venv .venv-bench "$(PYTHON)" bench
	@.venv-bench/bin/python -m tests.bench $(ARGS)

stock: venv
	@$(BIN)/python -m tests.stock $(ARGS)

# uv resolves for every supported Python and system at once; the build backend is locked with the rest. What builds the
# site stands beside that: in one environment with JupyterLab its kernel would be one of JupyterLab's extensions.
lock:
	printf 'hatchling\neditables\n' | uv pip compile pyproject.toml - --extra grading --extra test --extra hub --universal \
	    --python-version 3.11 --generate-hashes --no-header --no-annotate $(if $(UPGRADE),--upgrade) \
	    --quiet -o requirements.lock
	sed -n 's/^site = \[\(.*\)\]/\1/p' pyproject.toml | tr -d '" ' | tr , '\n' | uv pip compile - -c requirements.lock --universal \
	    --no-emit-package jupyter-core --no-emit-package platformdirs --no-emit-package traitlets \
	    --python-version 3.11 --generate-hashes --no-header --no-annotate $(if $(UPGRADE),--upgrade) \
	    --quiet -o requirements-site.lock
