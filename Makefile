# make run     install into .venv, run the comparison, say where the report is
# make check   what a change breaks first, in under a minute: imports, sources, pages, labels in both languages, every
#              strategy from its file to a table, the engine against the oracle on a small district
# make test    the fast tests, under three minutes on two cores: main job, invariants, the engine against the oracle,
#              every page and command
# make test-thorough  the other tests, and a minute of the fuzzer     make test-all   both, under ten minutes
# make test-slow  the slow ones, which no other target runs
#              A test says itself which of the three it is: by `@pytest.mark.thorough`, `@pytest.mark.slow`, or neither
# make fuzz    hostile and careless inputs, ten minutes (ARGS="--minutes 1", ARGS="--inputs 20000")
# make golden  write the headline numbers of now into tests/golden/headline.json
# make reliability  a study killed at 50 moments (ten minutes)
# make mutation  deliberate faults that no test notices, two at a time (an hour); FOLDER=analysis: only those in files
#              of a folder (sim/processes, experiments, …); PART=2/6: the second sixth of them
# make bench   ten speeds, into benchmarks/RESULTS.md, some minutes (ARGS=--quick: a few minutes)
# make lint, make types
# PYTHON=...   which Python to use (3.11, 3.12 or 3.13)

USABLE = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
PYTHON ?= $(shell for candidate in python3.13 python3.12 python3.11 python3 python; do \
	if "$$candidate" -c '$(USABLE)' >/dev/null 2>&1; then echo "$$candidate"; break; fi; done)
VENV ?= .venv
BIN = $(VENV)/bin
PYTEST = $(BIN)/python -m pytest -n 2 --dist worksteal -q
CHECK = tests/test_imports.py tests/sim/test_source.py tests/docs/test_pages.py tests/docs/test_lever_pages.py \
	tests/docs/test_makefile.py tests/analysis/test_labels.py tests/sim/test_oracle.py::test_whole_strategies \
	tests/conf/test_configuration.py::test_every_strategy_is_right_and_runs
TAKES_LONG = tests/docs/test_pages.py::test_commands_in_the_readme_are_accepted

.PHONY: run check test test-thorough test-all test-slow fuzz golden mutation reliability bench lint types clean

run: $(VENV)/.installed
	$(BIN)/qiangcun compare

check: $(VENV)/.installed-dev
	$(PYTEST) --deselect $(TAKES_LONG) $(CHECK)

test: $(VENV)/.installed-dev
	$(PYTEST) -m "not thorough and not slow"

test-thorough: $(VENV)/.installed-dev
	$(PYTEST) -m "thorough and not slow"
	$(BIN)/python -m tests.fuzz --minutes 1

test-all: test test-thorough

test-slow: $(VENV)/.installed-dev
	$(PYTEST) -m slow

fuzz: $(VENV)/.installed-dev
	$(BIN)/python -m tests.fuzz $(ARGS)

golden: $(VENV)/.installed-dev
	$(BIN)/python tests/golden/headline.py

reliability: $(VENV)/.installed-dev
	$(BIN)/python tests/reliability/kills.py

mutation: $(VENV)/.installed-dev
	$(BIN)/python tests/mutation/run.py $(if $(FOLDER),--folder $(FOLDER)) $(if $(PART),--part $(PART))

bench: $(VENV)/.installed-bench
	$(BIN)/python -m benchmarks.bench $(ARGS)
	$(BIN)/python docs/make_scale.py

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

clean:
	rm -rf $(VENV) build *.egg-info

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "需要 Python 3.11、3.12 或 3.13（含 venv 模块）；可用 make PYTHON=路径 指定"; \
		echo "Python 3.11, 3.12 or 3.13 (with its venv module) is needed; name it with make PYTHON=path"; exit 1; }
	@"$(PYTHON)" -c '$(USABLE)' || { echo "$(PYTHON): 须为 Python 3.11–3.13 / must be Python 3.11 to 3.13"; exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[dev]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[bench]"
	@touch $@ $(VENV)/.installed
