# make setup, run, test, lint, bench: see README.md
HOST ?= 127.0.0.1
PORT ?= 8000
SITE_URL ?= http://$(HOST):$(PORT)
PY := .venv/bin/python
STAMP := .venv/.locked
export DJANGO_SETTINGS_MODULE := config.settings

.PHONY: setup run test lint bench

setup: $(STAMP)

$(STAMP): requirements.txt requirements-dev.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	touch $@

run: setup var/.sampled
	DEBUG=1 $(PY) manage.py migrate --verbosity 0
	@export SITE_URL=$(SITE_URL); \
		DEBUG=1 nice -n 10 $(PY) manage.py db_worker --no-reload --no-startup-delay --interval 0.5 & worker=$$!; \
		DEBUG=1 $(PY) manage.py send_letters --watch & sender=$$!; \
		trap 'kill $$worker $$sender 2>/dev/null' EXIT INT TERM; \
		DEBUG=1 $(PY) manage.py runserver --noreload $(HOST):$(PORT)

var/.sampled: | setup
	DEBUG=1 $(PY) manage.py migrate --verbosity 0
	DEBUG=1 $(PY) manage.py import_archive samples
	DEBUG=1 $(PY) manage.py seed_demo
	touch $@

test: setup
	$(PY) tests/packages.py
	DEBUG=1 .venv/bin/pytest -n 4 --dist worksteal -m "not server"
	DEBUG=1 $(PY) tests/with_postgres.py .venv/bin/pytest -n 4 --dist worksteal -m db

lint: setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/djade --target-version 5.2 --check $$(git ls-files 'templates/*.html')
	DEBUG=1 $(PY) manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(PY) -c "import secrets; print(secrets.token_urlsafe(60))") \
		$(PY) manage.py check --deploy --fail-level WARNING

bench: setup
	$(PY) -m bench.import_wxr
	$(PY) -m bench.readers
	$(PY) -m bench.queue
	$(PY) -m bench.approve
	$(PY) -m bench.decisions
	$(PY) -m bench.screening
	$(PY) -m bench.rehearsal
