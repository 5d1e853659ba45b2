#!/bin/sh
# All static checks; goes on after a failure, so that one call shows everything.
set -u
cd "$(dirname "$0")/.."
failed=""

step() {
    label=$1
    shift
    echo "== $label"
    "$@" || failed="$failed $label"
}

step ruff .venv/bin/ruff check .
step format .venv/bin/ruff format --check --quiet .
step types .venv/bin/mypy
step floors .venv/bin/lint-imports
step templates .venv/bin/djlint src --lint --quiet
step dependencies .venv/bin/deptry .
step audit .venv/bin/python tools/dependency_audit.py
step migrations .venv/bin/python tools/lint_migrations.py
step documents .venv/bin/python tools/generate_docs.py --check

if [ -n "$failed" ]; then
    echo "没有通过：$failed" >&2
    exit 1
fi
echo "静态检查全部通过。"
