#!/bin/sh
# Has what the browser tests need: Chromium, a Chinese font, poppler (pages, signatures), openssl and certutil (independent verification), Java (the W3C checker of pages).
set -eu

packages="chromium fonts-noto-cjk poppler-utils openssl libnss3-tools default-jre-headless"

missing() {
    lacks=""
    command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 ||
        command -v google-chrome >/dev/null 2>&1 || lacks="$lacks Chromium"
    [ -n "$(fc-list :lang=zh 2>/dev/null | head -n 1)" ] || lacks="$lacks 中文字体"
    command -v pdftoppm >/dev/null 2>&1 || lacks="$lacks pdftoppm"
    command -v pdfsig >/dev/null 2>&1 || lacks="$lacks pdfsig"
    command -v certutil >/dev/null 2>&1 || lacks="$lacks certutil"
    command -v openssl >/dev/null 2>&1 || lacks="$lacks openssl"
    command -v java >/dev/null 2>&1 || lacks="$lacks Java"
    echo "$lacks"
}

lacks=$(missing)
[ -z "$lacks" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "浏览器测试缺少：$lacks；正在安装 $packages ……"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq || echo "软件包列表没有更新成功，先用现有列表安装。" >&2
    # shellcheck disable=SC2086  # a list of words on purpose
    apt-get install -y -qq --no-install-recommends $packages >/dev/null || true
    lacks=$(missing)
    [ -z "$lacks" ] && exit 0
fi
echo "错误：浏览器测试缺少：$lacks。请先运行：" >&2
echo "sudo apt-get install -y $packages" >&2
exit 1
