# Two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/sh
UV_VERSION := 0.13.9
UV := .tools/bin/uv
PY := .venv/bin/python
BOT := bot/.venv/bin/python
MODEL := bot/models/daoban.tar.gz
THEME ?= open-restaurant
export UV_NO_PROGRESS := 1
export RASA_TELEMETRY_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help setup run test lint format bench lint-catalogue theme-report theme-examples lock clean

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: .venv/.done bot/.venv/.done $(MODEL) ## Both environments, and the model if it is stale

run: setup ## Start everything and print the address
	@$(PY) -m deploy.run

test: setup ## Check and test everything
	@rm -rf var/test-logs && mkdir -p var && date +%s > var/test-started
	@$(MAKE) --no-print-directory lint
	@cd bot && .venv/bin/python -m pytest -q tests
	@$(PY) -m pytest -n 2 --dist loadgroup tests
	@$(PY) -m tests.no_secrets
	@echo $$(( $$(date +%s) - $$(cat var/test-started) )) > var/test-seconds

lint: .venv/.done ## Style, types, import rules, content
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@$(PY) -m guidance lint
	@$(PY) -m miniapp_api.sites check
	@$(PY) -m miniapp_api.appointments
	@$(PY) -m miniapp_api.papers check
	@$(PY) -m miniapp_api.cases check

format: .venv/.done ## Mend the style
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: setup ## Measure all figures; ONLY=guide for a part, ONLY=guide.nlu for a module of it
	@$(PY) -m benchmarks $(if $(ONLY),--only $(ONLY))

lint-catalogue: .venv/.done ## Check the content of the catalogue
	@$(PY) -m guidance lint
	@$(PY) -m miniapp_api.sites check
	@$(PY) -m miniapp_api.appointments
	@$(PY) -m miniapp_api.papers check
	@$(PY) -m miniapp_api.cases check

theme-report: .venv/.done ## Diagram, sign-off table and question budget of THEME
	@$(PY) -m guidance report $(THEME)

theme-examples: .venv/.done ## Mutation score of THEME's examples, and the examples that it lacks
	@$(PY) -m guidance examples $(THEME)

lock: $(UV) ## Resolve the lock files anew
	@$(UV) pip compile -q pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements.lock
	@cd bot && ../$(UV) pip compile -q pyproject.toml --group dev --universal --python-version 3.10 --generate-hashes --no-emit-index-url --no-header -o requirements.lock

clean: ## Remove everything that can be made again, and the data of the demonstration
	@rm -rf .venv .tools bot/.venv bot/models var .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(UV):
	@echo "· uv $(UV_VERSION)"
	@python3 -m venv .tools && .tools/bin/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)

.venv/.done: requirements.lock | $(UV)
	@echo "· main environment"
	@$(UV) venv -q --allow-existing --python '>=3.11,<3.14' .venv
	@$(UV) pip sync -q --python $(PY) --require-hashes requirements.lock
	@touch $@

bot/.venv/.done: bot/requirements.lock | $(UV)
	@echo "· Rasa's environment (about 1 GB, once)"
	@$(UV) venv -q --allow-existing --python "$$(sh deploy/python310.sh)" bot/.venv
	@$(UV) pip sync -q --python $(BOT) --require-hashes bot/requirements.lock
	@touch $@

$(MODEL): config.yml bot/domain.yml bot/rules.yml $(wildcard nlu_data/*.yml bot/components/*.py) bot/.venv/.done
	@echo "· training the language model"
	@OMP_NUM_THREADS=2 $(BOT) -m rasa train --force --config config.yml --domain bot/domain.yml --data nlu_data bot/rules.yml --out bot/models --fixed-model-name daoban > bot/models.log 2>&1 || (tail -40 bot/models.log; exit 1)
	@touch $@
