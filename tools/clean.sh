#!/bin/sh
# Usage: tools/clean.sh generated|state. Databases are stopped before their folders go.
set -eu
cd "$(dirname "$0")/.."

stop_database() {
    [ -d "$1/postgres" ] || return 0
    if [ -x .venv/bin/python ]; then
        .venv/bin/python -m zhengtong.entry.main database stop --var "$1"
    elif [ -e "$1/postgres/cluster/data/postmaster.pid" ]; then
        echo "错误：$1 里的数据库可能还在运行，而 Python 环境已不在。请先 make venv 再重试。" >&2
        exit 1
    fi
}

stop_database var/test
case "$1" in
generated)
    rm -rf var/test .venv node_modules src/zhengtong/kernel/ui/static/vendor build dist
    rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
    find src tests tools benchmarks faults -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true
    echo "已删除可重新生成的文件；var 里的数据保留（全部删除：make clean-state）。"
    ;;
state)
    stop_database var
    rm -rf var
    echo "已删除 var 里的全部数据。"
    ;;
esac
