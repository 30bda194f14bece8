# Two commands matter: `make demo` shows the program with its demo data, `make test` runs every check.
# Both set up a virtual environment in .venv first, from the lock file.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
READY := .venv/ready
SCRIPTS = $(filter-out %.md %.txt,$(sort $(dir $(wildcard packaging/*.py packaging/*/*.py))))

.PHONY: demo test lint types layers unit thorough bench pictures installer lock clean

demo: $(READY)
	$(BIN)/tailrace demo

test: lint types layers unit

lint: $(READY)
	$(BIN)/ruff check src tests packaging
	$(BIN)/ruff format --check src tests packaging

types: $(READY)
	$(BIN)/mypy
	for folder in $(SCRIPTS); do MYPYPATH=src:packaging:packaging/freeze $(BIN)/mypy $$folder/*.py || exit 1; done

layers: $(READY)
	$(BIN)/lint-imports

unit: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n auto

# The same tests with ten times the examples: an hour or so.
thorough: $(READY)
	QT_QPA_PLATFORM=offscreen TAILRACE_EXAMPLES=10 $(BIN)/python -m pytest -n auto

# Ratios to floors measured in the same run; on a machine of its own, please.
bench: $(READY)
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.bench

# The pictures of the README, made by the program from its demo data.
pictures: $(READY)
	$(BIN)/python packaging/pictures.py

# What this system can build of the installers, into dist/: see packaging/README.md.
installer:
	$(PYTHON) packaging/build.py

# One lock file for every system and Python, and one of what goes into the installers; needs uv (`pip install uv`).
lock:
	printf 'hatchling>=1.27\neditables\npip\n' | uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--extra dev --no-annotate --no-header --no-emit-index-url pyproject.toml - -o requirements.lock
	printf 'hatchling>=1.27\npip\n' | uv pip compile --quiet --universal --generate-hashes --python-version 3.12 \
		--extra packaging --no-annotate --no-header --no-emit-index-url -c requirements.lock pyproject.toml - \
		-o packaging/requirements.lock

$(READY): requirements.lock pyproject.toml
	@test -n "$(PYTHON)" || { echo "Tailrace needs Python 3.11, 3.12 or 3.13; none was found. Install one, or say 'make PYTHON=/path/to/python'."; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache out
