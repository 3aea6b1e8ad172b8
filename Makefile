# Communiqué: `make help` lists what can be asked of it.

HOST ?= 127.0.0.1
PORT ?= 8000
DATABASE_URL ?= sqlite:///data/communique.db
export HOST PORT DATABASE_URL

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# Stamps are named after the content they stand for, and after this directory because a
# virtual environment does not survive being moved: what has not changed is never installed again.
stamp = .venv/.$(1)-$(firstword $(shell (pwd; cat requirements/$(1).lock pyproject.toml) | cksum))
DEV := $(call stamp,dev)
# What tests need includes what running needs, in the same versions.
RUNTIME := $(or $(wildcard $(DEV)),$(call stamp,runtime))

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

.PHONY: help run test fuzz torture differential lengths bench-questions bench-search bench-exports bench-suggest clients check format lock openapi docs install-dev clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUNTIME) ## Install what is needed, migrate, seed and serve on HOST:PORT
	@exec $(BIN)/communique serve --migrate --seed

test: $(DEV) ## Run the whole test suite, on all cores (ARGS="-n 0 -k name" narrows it)
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

fuzz: $(DEV) ## Ask everything that the OpenAPI document allows, and much that it does not (EXAMPLES=500)
	@FUZZ_EXAMPLES=$(or $(EXAMPLES),500) $(BIN)/python -m pytest tests/test_fuzz.py

torture: $(DEV) ## Start two workers on an empty database, again and again (STARTS=50)
	@STARTS=$(or $(STARTS),50) $(BIN)/python -m pytest tests/test_starts.py

differential: $(DEV) ## Ask both databases and plain Python the same questions (QUESTIONS=10000)
	@QUESTIONS=$(or $(QUESTIONS),10000) $(BIN)/python -m pytest tests/test_differential.py

lengths: $(DEV) ## Count again every number of every question, over drawn knowledge bases (BASES=200)
	@BASES=$(or $(BASES),200) $(BIN)/python -m pytest tests/test_lengths.py

bench-questions: $(DEV) build/peers ## Time questions across records beside Datasette on one file (STATEMENTS=100000)
	@STATEMENTS=$(or $(STATEMENTS),100000) $(BIN)/python -m benchmarks.questions

bench-search: $(DEV) build/peers ## Time searches beside Datasette's on one file (STATEMENTS=100000)
	@STATEMENTS=$(or $(STATEMENTS),100000) $(BIN)/python -m benchmarks.search

bench-exports: $(DEV) ## Time exports and their memory beside sqlite3 on one file (STATEMENTS=100000)
	@STATEMENTS=$(or $(STATEMENTS),100000) $(BIN)/python -m benchmarks.exports

bench-suggest: $(DEV) ## Time suggestions beside LIKE over the same names (STATEMENTS=100000)
	@STATEMENTS=$(or $(STATEMENTS),100000) $(BIN)/python -m benchmarks.suggest

build/peers: benchmarks/peers.lock
	@$(BIN)/python -m venv $@ && $@/bin/python -m pip --disable-pip-version-check install --quiet \
		--require-hashes --requirement $< && touch $@

clients: $(DEV) build/clients/node_modules build/clients/python ## Lint the OpenAPI document, make clients of it, and use them (needs npm)
	@CLIENTS=1 $(BIN)/python -m pytest -n 0 tests/test_clients.py

build/clients/node_modules: clients/package-lock.json
	@mkdir -p $(@D) && cp clients/package.json clients/package-lock.json clients/.npmrc $(@D) && \
		npm --prefix $(@D) ci --silent && touch $@

build/clients/python: clients/python.lock
	@$(BIN)/python -m venv $@ && $@/bin/python -m pip --disable-pip-version-check install --quiet \
		--require-hashes --requirement $< && touch $@

check: $(DEV) ## Formatting, lint, strict types, migrations in step, OpenAPI document valid and committed
	@echo "Formatting"; $(BIN)/ruff format --quiet --check . || { echo "Run: make format"; exit 1; }
	@echo "Lint"; $(BIN)/ruff check --quiet .
	@echo "Types"; $(BIN)/python -m mypy
	@echo "Migrations"; scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
		export DATABASE_URL="sqlite:///$$scratch/scratch.db" && \
		$(BIN)/communique migrate && $(BIN)/python -m alembic check
	@echo "OpenAPI document"; $(BIN)/communique openapi --check docs/openapi.json && \
		found=$$($(BIN)/python -m openapi_spec_validator docs/openapi.json 2>&1) || \
		{ echo "$$found" | cut -c 1-300; exit 1; }

format: $(DEV) ## Format the code and mend what the linter can mend
	@$(BIN)/ruff check --quiet --fix-only . ; $(BIN)/ruff format .

openapi: $(DEV) ## Write docs/openapi.json from the code
	@$(BIN)/communique openapi --output docs/openapi.json

docs: $(DEV) ## Write what is generated: examples, OpenAPI, settings, bundle schema, tables of docs/api.md
	@$(BIN)/python docs/examples.py
	@$(MAKE) openapi
	@$(BIN)/python -m app.settings > docs/settings.md
	@$(BIN)/python -m seeds.schema > docs/bundle.schema.json
	@$(BIN)/python docs/tables.py
	@$(BIN)/python -m benchmarks.ranking

lock: ## Resolve the dependencies again (needs uv); UPGRADE=1 takes newer versions
	@command -v uv > /dev/null || { echo "make lock needs uv: https://docs.astral.sh/uv"; exit 1; }
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --group build -o requirements/runtime.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) pyproject.toml --group dev -c requirements/runtime.lock -o requirements/dev.lock
	$(LOCK) $(if $(UPGRADE),--upgrade) clients/python.in -o clients/python.lock

install-dev: $(DEV) ## Install what tests and checks need, and run nothing

clean: ## Remove the virtual environment and caches; data/ is kept
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .schemathesis build dist *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Every package comes by hash from the lock; only then is this project linked in, which resolves nothing.
.venv/.runtime-% .venv/.dev-%: | .venv
	@name=$(patsubst .venv/.%,%,$(firstword $(subst -, ,$@))); \
	echo "Installing requirements/$$name.lock, once"; \
	$(PIP) install --quiet --require-hashes --requirement requirements/$$name.lock && \
	$(PIP) install --quiet --no-deps --no-build-isolation --editable . && \
	rm -f .venv/.$$name-* && touch $@

.venv:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		command -v $$python > /dev/null || continue; \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null && found=$$python && break; \
	done; \
	[ -n "$$found" ] || { echo "Communiqué needs Python 3.11 or newer, and found none. On Debian or Ubuntu: apt install python3 python3-venv. A Python of your own: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }; \
	$$found -c 'import venv, ensurepip' 2> /dev/null || { echo "$$found has no venv module. On Debian or Ubuntu: apt install python3-venv" >&2; exit 1; }; \
	echo "Making .venv with $$($$found --version)"; $$found -m venv .venv || { rm -rf .venv; exit 1; }
