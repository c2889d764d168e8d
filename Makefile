# MesChain. `make` lists what there is.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo demo-stop test lint fmt test-rust test-php test-phpt test-browser test-opencart bench bench-ai bench-storefront package clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | awk -F'\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

setup: ## Install the Debian packages that are missing (asks sudo where it is not root)
	@bash scripts/setup.sh

build: setup ## Build target/release/libmeschain.so and the pages' assets
	@bash scripts/build.sh

demo: setup ## Run a sample shop with the console; DETACH=1, OPENCART_DIR=..., OPENCART_VERSION=4.0.2.3
	@bash scripts/demo.sh start

demo-stop: ## Stop what `make demo` started
	@bash scripts/demo.sh stop

test: setup ## Everything: lint, Rust, phpt, PHPUnit, browser
	@bash scripts/test.sh all

lint: setup ## Formatting and clippy, warnings denied; PHP and shell syntax
	@bash scripts/test.sh lint

fmt: ## Format the Rust code
	@cargo fmt --all

test-rust: setup ## Rust unit and property tests
	@bash scripts/test.sh rust

test-phpt: setup ## Engine edge cases through the real extension
	@bash scripts/test.sh phpt

test-php: setup ## PHPUnit through the real extension
	@bash scripts/test.sh php

test-browser: setup ## Playwright on the console; BROWSER_ARGS=... goes to Playwright
	@bash scripts/test.sh browser

test-opencart: setup ## The same pages in a real OpenCart: OPENCART_DIR=<an upload folder>
	@bash scripts/test.sh opencart

bench: setup ## Measure against the rivals and write docs/benchmarks.md
	@bash benches/run.sh general

bench-ai: setup ## Measure the models on every set under MESCHAIN_DATA
	@bash benches/run.sh ai

bench-storefront: setup ## Measure the shop's module in a real OpenCart: OPENCART_DIR=<an upload folder>
	@bash benches/run.sh storefront

package: setup ## Build dist/meschain.ocmod.zip
	@bash scripts/build.sh assets
	@bash scripts/package.sh

clean: ## Remove what was built and the demo's data
	@bash scripts/demo.sh stop
	@cargo clean
	@rm -rf .run .cache dist node_modules
