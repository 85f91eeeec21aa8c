# Two commands do everything: `make run` and `make test`. `make` alone lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run import screen test check fix demo bench screenshots lock wheelhouse hooks clean

PY := .venv/bin/python
PORT ?= 8501
WALL ?= 8502
DESK ?= 8503
SERVE ?= streamlit run governance/server.py
RUNTIME := .venv/requirements.stamp
DEV := .venv/requirements-dev.stamp

help:  ## 列出命令 · list the commands
	@echo '社会治理一张图 — make 命令 · commands'
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: $(RUNTIME)  ## 启动看板 http://127.0.0.1:8501 · set up, make the demo if there are no data, serve
	@$(PY) -m governance snapshots >/dev/null 2>&1 || $(MAKE) --no-print-directory demo
	@echo '▸ 看板地址 http://127.0.0.1:$(PORT)  （按 Ctrl+C 停止）'
	@exec $(PY) -m $(SERVE) --server.port $(PORT)

import: $(RUNTIME)  ## 启动导入台 http://127.0.0.1:8503 · serve the import desk: files in, snapshots out, no cases shown
	@echo '▸ 导入台地址 http://127.0.0.1:$(DESK)  （按 Ctrl+C 停止）'
	@GOVERNANCE_ROLE=importer exec $(PY) -m $(SERVE) --server.port $(DESK) --server.maxUploadSize 300

screen: $(RUNTIME)  ## 启动大屏 http://127.0.0.1:8502 · serve the wall from the public bundle
	@$(PY) -m governance snapshots >/dev/null 2>&1 || $(MAKE) --no-print-directory demo
	@test -e "$${GOVERNANCE_DATA:-data}/public/CURRENT" || $(PY) -m governance public
	@exec $(PY) -m governance.screen --port $(WALL)

test: $(DEV)  ## 全部测试（含真实浏览器）· set up, Chromium and database servers included, and run all tests
	@tools/setup.sh browser
	@tools/setup.sh servers
	@echo '▸ 运行全部测试'
	@$(PY) -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

check: $(DEV)  ## 规范、格式、类型检查 · lint, format, types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

fix: $(DEV)  ## 自动修正格式 · repair what can be repaired
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

demo: $(RUNTIME)  ## 生成演示数据 · make the demo snapshots
	@echo '▸ 生成演示数据（不到 1 分钟）'
	@$(PY) -m governance demo

bench: $(DEV)  ## 性能测量 · measure (about 10 minutes)
	@tools/setup.sh browser
	@$(PY) -m benchmarks

screenshots: $(DEV)  ## 重做 docs/screenshots · retake the screenshots
	@tools/setup.sh browser
	@$(PY) -m tools.screenshots --parameters region=141122000000 --pages map overview satisfaction workload cases dictionary

lock:  ## 重新锁定依赖版本 · pin requirements anew
	@tools/lock.sh

wheelhouse: $(DEV)  ## 下载全部依赖到 wheelhouse/，供离线机器安装 · everything an offline machine needs
	@$(PY) -m pip download --require-hashes -r requirements-dev.lock -d wheelhouse

hooks: $(DEV)  ## 安装提交前检查 · install the pre-commit hooks
	@$(PY) -m pre_commit install

clean:  ## 删除环境与缓存，不动 data/ · remove environment and caches, keep data/
	@rm -rf .venv .cache .mypy_cache .ruff_cache .pytest_cache

$(RUNTIME): requirements.lock
	@tools/setup.sh environment
	@tools/setup.sh install requirements.lock
	@touch $@

# The development lock holds everything of the runtime lock, in the same versions.
$(DEV): requirements.lock requirements-dev.lock
	@tools/setup.sh environment
	@tools/setup.sh install requirements-dev.lock
	@touch $(RUNTIME) $@
