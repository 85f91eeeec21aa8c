#!/usr/bin/env bash
# Prepares what the Makefile needs: setup.sh environment | install LOCK | browser | servers.
# Prints a line before every long step; stops with one sentence that says what to do.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '▸ %s\n' "$*"; }
stop() {
    printf '✗ %s\n' "$*" >&2
    exit 1
}

# The first Python ≥ 3.11 there is; PYTHON=… chooses another one.
find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    stop "需要 Python 3.11 或更高版本，没有找到；安装后再执行，或用 PYTHON=路径 指定。"
}

can_use_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_install() {
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# A server must not be started for the whole machine merely because its package is installed.
apt_install_quiet() {
    local policy=/usr/sbin/policy-rc.d made='' done=0
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy" && made=$policy
    fi
    apt_install "$@" || done=1
    if [ -n "$made" ]; then rm -f "$made"; fi
    return "$done"
}

environment() {
    local python
    if [ -x .venv/bin/python ] && .venv/bin/python -m pip --version >/dev/null 2>&1; then return; fi
    python=$(find_python)
    say "建立 Python 环境 .venv（$("$python" --version)）"
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 && return
    rm -rf .venv
    if can_use_apt; then
        say "系统的 Python 缺少 venv，正在用 apt-get 安装 python3-venv"
        apt_install python3-venv && "$python" -m venv .venv >/dev/null 2>&1 && return
        rm -rf .venv
    fi
    stop "这个 Python 缺少 venv 或 ensurepip：请安装系统的 python3-venv 软件包后再执行。"
}

install() {
    say "安装依赖（$1，按哈希校验；首次约 1 分钟）"
    PYTHONUNBUFFERED=1 .venv/bin/python -m pip install --disable-pip-version-check --no-input --require-hashes \
        --progress-bar off -r "$1" | { grep --line-buffered -E '^ *(Downloading|Installing|Successfully)' || true; } |
        cut -c 1-100 ||
        stop "依赖没有装全。离线机器请先准备软件包目录，再设置 PIP_NO_INDEX=1 PIP_FIND_LINKS=目录（见 docs/operating.md）。"
}

has_cjk_font() {
    [ "$(uname)" = Darwin ] || { command -v fc-list >/dev/null && fc-list ':lang=zh-cn' family | grep -q .; }
}

browser() {
    local missing=()
    .venv/bin/python -m tools.browser >/dev/null || missing+=(chromium)
    has_cjk_font || missing+=(fonts-noto-cjk)
    [ ${#missing[@]} = 0 ] && return
    if can_use_apt; then
        say "安装浏览器测试所需的系统软件包：${missing[*]}（约 1–2 分钟）"
        apt_install fontconfig "${missing[@]}" && return
    fi
    stop "缺少 ${missing[*]}：浏览器测试需要它，请用系统的软件包管理器安装（Debian/Ubuntu：sudo apt-get install ${missing[*]}），浏览器也可用 CHROMIUM=路径 指定。"
}

# The database servers of the import tests, which start and stop them in a folder of their own.
servers() {
    local missing
    missing=$(.venv/bin/python -m tools.databases) && return
    if can_use_apt; then
        say "安装数据库测试所需的系统软件包：$missing（约 1–2 分钟）"
        # shellcheck disable=SC2086
        apt_install_quiet $missing && return
    fi
    printf '! 缺少 %s：从数据库导入的测试需要它（Debian/Ubuntu：sudo apt-get install %s）。\n' "$missing" "$missing"
}

"$@"
