# One-word tasks. `make` lists them.
# All tools live in .venv, which is made from requirements.lock and is made again only when that file changes.

PYTHON ?= python3
VENV := .venv/bin
NEEDED := Python 3.11 or newer is needed
CHOOSE := Choose another with: make PYTHON=/path/to/python3

# Options that a task passes on, for example: make test ARGS="-k money"
ARGS ?=
# Sizes for `make bench`, for example: make bench SIZES="1000 10000" ARGS="--tools jixiao,hugo --runs 1"
SIZES ?=
# How many builds `make torture` kills; 200 when empty
KILLS ?=

.PHONY: help site ready browser test test-office check format shape serve shots lighthouse golden fuzz linear mutate bench bench-full saving sharing past torture lock clean

help: ## list these tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

site: .venv/.installed ## check the content and build the site into build/
	@$(VENV)/jixiao build

ready: .venv/.installed browser ## install what check and test need, where it may

browser:
	@sh tests/install_browser.sh

# A file of tests stays in one process: what its tests share is built once.
PARALLEL := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder
test: ready ## run all tests, on all cores; ARGS="-k word" runs some
	@$(VENV)/pytest $(PARALLEL) $(ARGS)

# Every step runs, also after one has failed: whoever reads the output sees everything that is to be mended.
check: .venv/.installed ## check code and content: style, types, direction of imports, declarations
	@failed=; \
	step() { echo "== $$*"; "$(VENV)/$$@" || failed="$$failed, $$*"; }; \
	step ruff check; \
	step ruff format --check; \
	step mypy; \
	step lint-imports --no-logo; \
	step jixiao check; \
	if [ -n "$$failed" ]; then echo "make check: failed: $${failed#, }" >&2; exit 1; fi

# Fixes come first, because they can leave lines that the formatter then lays out. `make check` names the rest.
format: .venv/.installed ## fix what ruff can fix, then lay out code and content; no meaning changes
	@$(VENV)/ruff check --fix --exit-zero --quiet
	@$(VENV)/ruff format
	@$(VENV)/jixiao fmt

shape: .venv/.installed ## measure the package: names, lengths, docstrings; ARGS="--only names" chooses
	@$(VENV)/python -m tests.shape $(ARGS)

serve: .venv/.installed ## show the site on this machine, and again after every change
	@$(VENV)/jixiao serve

shots: site browser ## photograph every kind of page into build/shots/; ARGS="glossary en/" chooses
	@$(VENV)/python -m tests.browser.contact_sheet $(ARGS)

lighthouse: site ## ask Lighthouse for the scores of home, declaration and search on a phone; needs node and npm
	@$(VENV)/python -m tests.lighthouse $(ARGS)

test-office: .venv/.installed ## open the files of data in LibreOffice: nothing is computed; installs it where it may
	@sh tests/install_office.sh
	@$(VENV)/pytest tests/office/opened.py $(ARGS)

golden: .venv/.installed ## rewrite expected files of tests; the diff is the review; ARGS="-k rules" or a path chooses
	@$(VENV)/pytest --rewrite-golden $(PARALLEL) $(ARGS)

fuzz: .venv/.installed ## fuzz the readers with atheris for long; ARGS="--seconds 600 loader" chooses
	@nice -n 10 $(VENV)/python -m tests.fuzz $(ARGS)

linear: .venv/.installed ## feed every reader 1 MiB of every sign; two hours; ARGS="page import" chooses
	@nice -n 10 $(VENV)/python -m tests.linear $(ARGS)

mutate: .venv/.installed ## change the program in one place at a time; ARGS="values.py" chooses files; an hour
	@nice -n 10 $(VENV)/python -m tests.mutation $(ARGS)

bench: .venv/.installed ## compare builds with Hugo, Zensical, MkDocs; SIZES=1000 chooses; ARGS=--help teaches
	@$(VENV)/python -m tests.benchmarks $(SIZES) $(ARGS)

bench-full: .venv/.installed ## build 1,500 invented declarations with data and packs; SIZES=5000 chooses
	@$(VENV)/python -m tests.benchmarks.everything $(SIZES)

saving: .venv/.installed ## time from a saved file to the open browser under serve; SIZES=1000
	@$(VENV)/python -m tests.benchmarks.saving $(SIZES)

sharing: .venv/.installed ## a cold build by two Dask workers beside two processes; SIZES=1000
	@$(VENV)/python -m tests.benchmarks.sharing $(SIZES)

past: .venv/.installed ## what a history costs a cold build; SIZES="10000 20000" declarations and commits
	@$(VENV)/python -m tests.benchmarks.past $(SIZES)

torture: .venv/.installed ## kill builds, fill the disk, cut its power; half an hour; ARGS="--only steps"
	@$(VENV)/python -m tests.torture $(KILLS) $(ARGS)

# The lock must be the same wherever it is made: settings of uv and additional package sources of this machine
# stay out, because they would pin files that nobody else has. Pins that still fit are kept.
# fewest: one version of a library for every Python, so that every machine builds the same site.
lock: .venv/.installed ## write requirements.lock from pyproject.toml; ARGS=--upgrade for newer versions
	@unset UV_INDEX UV_EXTRA_INDEX_URL UV_FIND_LINKS; \
	$(VENV)/uv --no-config pip compile --quiet pyproject.toml --group dev --output-file requirements.lock \
		--universal --fork-strategy fewest --python-version 3.11 --generate-hashes --no-annotate \
		--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)

clean: ## remove all that is generated; .venv stays
	@rm -rf build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find generator tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Two stamps, each written last: a step that failed or was stopped leaves none and is done again from the start.
# --clear also takes away packages that are no longer locked.
.venv/.locked: requirements.lock
	@command -v "$(PYTHON)" >/dev/null || \
		{ echo "$(NEEDED), and there is no $(PYTHON). $(CHOOSE)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(NEEDED); $(PYTHON) is $$("$(PYTHON)" --version 2>&1). $(CHOOSE)" >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "Making .venv from requirements.lock (once, a minute or two)"
	@"$(PYTHON)" -m venv --clear .venv
	@$(VENV)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

# --no-deps: everything that is needed comes from the lock, and nothing else.
.venv/.installed: .venv/.locked pyproject.toml
	@$(VENV)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
