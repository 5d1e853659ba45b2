#!/bin/sh
# Has .venv hold exactly what the lock file names. Usage: tools/bootstrap.sh run|dev
# A stamp (digest of the lock) makes the second call free; an environment with the dev tools also serves "run".
set -eu
cd "$(dirname "$0")/.."

wanted=${1:-run}
uv_version=0.13.9

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    found=$(python3 --version 2>/dev/null || echo "没有找到 python3")
    echo "错误：政通需要 Python 3.11 以上版本（本机：$found）。" >&2
    echo "请安装后重试，或用 PYTHON=/路径/python3.12 make run 指定。" >&2
    exit 1
}

make_venv() {
    python=$(find_python)
    echo "正在建立 Python 环境（$("$python" --version)）……"
    if "$python" -m venv --clear .venv >.venv.log 2>&1; then
        rm -f .venv.log
        return
    fi
    # Debian ships venv in a package of its own
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "正在安装系统包 python3-venv……"
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        "$python" -m venv --clear .venv
        rm -f .venv.log
        return
    fi
    cat .venv.log >&2
    rm -rf .venv .venv.log
    echo "错误：不能建立 Python 环境。在 Debian/Ubuntu 上请先运行：" >&2
    echo "sudo apt-get install -y python3-venv" >&2
    exit 1
}

digest() {
    cat "$1" pyproject.toml tools/bootstrap.sh | cksum | tr ' ' '-'
}

if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    make_venv
fi

lock=requirements.txt
[ "$wanted" = dev ] && lock=requirements-dev.txt
stamp=.venv/.synced-run
dev_stamp=.venv/.synced-dev
if [ "$wanted" = run ] && [ -e "$dev_stamp" ]; then
    lock=requirements-dev.txt
    wanted=dev
fi
[ "$wanted" = dev ] && stamp=$dev_stamp
[ "$(cat "$stamp" 2>/dev/null)" = "$(digest "$lock")" ] && exit 0

echo "正在按锁定文件 $lock 安装依赖……"
# uv does not read pip's configuration: hand a configured mirror on
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    mirror=$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)
    mirror=${PIP_INDEX_URL:-$mirror}
    [ -n "$mirror" ] && export UV_DEFAULT_INDEX="$mirror"
fi
if .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$uv_version" &&
    .venv/bin/uv pip sync --quiet --python .venv/bin/python "$lock" &&
    .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .; then
    :
else
    echo "uv 安装没有成功，改用 pip……" >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement "$lock"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
fi
rm -f .venv/.synced-run .venv/.synced-dev
digest "$lock" >"$stamp"
