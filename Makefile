# `make` shows what there is. Everything works in a virtual environment here, .venv.

PYTHON ?= python3
VENV   := $(CURDIR)/.venv
BIN    := $(VENV)/bin
export VENV
export HOST     ?= 127.0.0.1
export PORT     ?= 8000
export DATA_DIR ?= $(CURDIR)/var

.DEFAULT_GOAL := help
.PHONY: help run demo staff test fuzz bench check format openapi lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: $(VENV)/base ## VidWiz on http://localhost:8000; HOST, PORT and DATA_DIR by environment
	@mkdir -p -m 700 $(DATA_DIR)
	@$(BIN)/python scripts/can_start.py
	@exec $(BIN)/supervisord -c supervisord.conf

demo: $(VENV)/base ## a demo user, and a demo video to look at, also without a network
	@$(BIN)/python manage.py prepare
	@$(BIN)/python manage.py demo

staff: $(VENV)/base ## a user for /admin/
	@$(BIN)/python manage.py prepare
	@$(BIN)/python manage.py createsuperuser

test: $(VENV)/dev ## all tests: on SQLite, then on PostgreSQL
	$(BIN)/python -m pytest -n 2
	$(BIN)/python -m tests.postgres -n 2

fuzz: $(VENV)/dev ## every call of the API as its document allows and as it does not; FUZZ_EXAMPLES=500 FUZZ_SEED=2 for more
	$(BIN)/python -m tests.fuzz

bench: $(VENV)/dev ## what things cost: a login
	$(BIN)/python -m bench

check: $(VENV)/dev ## format, lint, types, migrations, OpenAPI drift, who may import whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy vidwiz apps manage.py
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file $(VENV)/openapi.json
	diff -u docs/openapi.json $(VENV)/openapi.json || { echo "docs/openapi.json is out of date: make openapi"; exit 1; }
	$(BIN)/lint-imports

format: $(VENV)/dev ## format the code, and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

openapi: $(VENV)/dev ## write docs/openapi.json anew
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --format openapi-json --file docs/openapi.json

lock: $(VENV)/dev ## pin requirements/*.in anew
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --universal --generate-hashes requirements/base.in -o requirements/base.txt
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --universal --generate-hashes requirements/dev.in -c requirements/base.txt -o requirements/dev.txt

clean: ## remove the environment; your data in var/ stays
	rm -rf $(VENV)

# --- The environment: made once, and again when the pins change. uv if it can be had, else pip.

# dev has all that base has; whoever has installed dev needs nothing for `make run`.
$(VENV)/base: requirements/base.txt
	@if [ -e $(VENV)/dev ] && [ ! requirements/dev.txt -nt $(VENV)/dev ]; then touch $@; \
	else scripts/install.sh base; fi

$(VENV)/dev: requirements/base.txt requirements/dev.txt
	@scripts/install.sh dev
