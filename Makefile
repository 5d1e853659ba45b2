# 本仓库的全部入口；make 或 make help 列出说明。
.DEFAULT_GOAL := help
.PHONY: help run test test-full check bench bench-full bench-sites faults clean clean-state lock assets browser venv venv-dev
.NOTPARALLEL:
# without kept bytecode every process of the tests and of an installation translates all sources again
unexport PYTHONDONTWRITEBYTECODE

PYTHON_BIN := .venv/bin/python
PORT ?= 8000
HOST ?= 127.0.0.1
PYTEST_OPTIONS ?= -n 2 --dist loadfile --no-loadscope-reorder

help: ## 列出全部目标（默认）
	@echo "政通 make 目标："
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: export ZHENGTONG_DEMO ?= 1
run: venv assets ## 启动演示环境（PORT=8000 HOST=127.0.0.1）；Ctrl-C 停止
	@exec $(PYTHON_BIN) -m zhengtong.entry.main run --host $(HOST) --port $(PORT)

test: venv-dev assets-dev browser ## 快速测试：全部应用、接口和浏览器主流程
	@exec $(PYTHON_BIN) -m pytest -m "not full" $(PYTEST_OPTIONS) $(ARGS)

test-full: venv-dev assets-dev browser ## 完整测试：另加故障注入、大数据量和页面截图
	@exec $(PYTHON_BIN) -m pytest $(PYTEST_OPTIONS) $(ARGS)

check: venv-dev ## 静态检查：格式、类型、分层、模板、依赖
	@sh tools/check.sh

bench: venv-dev assets-dev ## 性能测量：每项与上限和同类对照
	@exec $(PYTHON_BIN) -m benchmarks $(ARGS)

bench-full: venv-dev assets-dev ## 存量一百万件时的性能测量（约一小时，需 40 GB 磁盘）
	@exec $(PYTHON_BIN) -m benchmarks --full $(ARGS)

bench-sites: venv-dev assets-dev ## 网站群的性能测量：站内检索；nginx、本平台、Wagtail 送同一个网页
	@sh tools/ensure_bench_sites.sh
	@exec $(PYTHON_BIN) -m benchmarks --sites $(ARGS)

faults: venv-dev assets-dev ## 故障演练：办件中反复强制终止、断库、写满磁盘，事后逐项清点（约 25 分钟）
	@exec $(PYTHON_BIN) -m faults $(ARGS)

lock: venv-dev ## 按 pyproject.toml 和 package.json 重写锁定文件
	@sh tools/lock.sh

assets: venv ## 获取前端文件和字体（npm）
	@$(PYTHON_BIN) tools/collect_assets.py

.PHONY: assets-dev
assets-dev: venv-dev
	@$(PYTHON_BIN) tools/collect_assets.py --dev

browser: ## 检查（root 时安装）浏览器测试所需的 Chromium 和中文字体
	@sh tools/ensure_browser.sh

venv:
	@sh tools/bootstrap.sh run

venv-dev:
	@sh tools/bootstrap.sh dev

clean: ## 删除可重新生成的文件（环境、缓存、前端文件、测试数据库）；保留 var 里的数据
	@sh tools/clean.sh generated

clean-state: ## 停止数据库并删除全部数据（var）：不可恢复
	@sh tools/clean.sh state
