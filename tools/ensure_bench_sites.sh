#!/bin/sh
# Has what `make bench-sites` needs beside Python: nginx with precompressed files, and wrk to ask it.
set -eu

packages="nginx-light wrk"

missing() {
    lacks=""
    command -v nginx >/dev/null 2>&1 || [ -x /usr/sbin/nginx ] || lacks="$lacks nginx"
    command -v wrk >/dev/null 2>&1 || lacks="$lacks wrk"
    echo "$lacks"
}

lacks=$(missing)
[ -z "$lacks" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "网站测量缺少：$lacks；正在安装 $packages ……"
    export DEBIAN_FRONTEND=noninteractive
    # the package must not start a server of its own
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d && chmod +x /usr/sbin/policy-rc.d
    apt-get update -qq || echo "软件包列表没有更新成功，先用现有列表安装。" >&2
    # shellcheck disable=SC2086  # a list of words on purpose
    apt-get install -y -qq --no-install-recommends $packages >/dev/null || true
    rm -f /usr/sbin/policy-rc.d
    lacks=$(missing)
    [ -z "$lacks" ] && exit 0
fi
echo "错误：网站测量缺少：$lacks。请先运行：" >&2
echo "sudo apt-get install -y $packages" >&2
exit 1
