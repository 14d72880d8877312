# Everything a person does with this repository, in one word each. The shell behind it is in scripts/.

.DEFAULT_GOAL := help
.PHONY: help setup build run crash dist test soak bench golden format clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what the build needs and the machine lacks
	@scripts/setup

build: setup ## Build the program and its tests: one release build for both
	@scripts/build

run: build ## Run a venue with its demo market; data in out/venue, stop with an interrupt
	.build/release/breakwater serve --demo --data out/venue

crash: build ## Simulate the crash of January 2022 and write its report to out/crash/
	@mkdir -p out/crash
	.build/release/breakwater simulate --bars Examples/btc-perp-1m-2022-01-20-to-22.csv \
		--html out/crash/report.html --json out/crash/report.json

test: ## Build, then run every test and scenario; fails past 60 minutes
	@scripts/test

dist: build ## Make out/dist/breakwater, a folder that runs on a bare Debian
	@scripts/dist

soak: ## The same with long random runs, a debug build and a page left open; fails past 10 hours
	@BREAKWATER_SOAK=1 BREAKWATER_TEST_MINUTES=600 scripts/test
	@scripts/soak-debug
	@scripts/soak-page
	@scripts/dist
	@scripts/soak-dist

bench: ## Measure speed beside its references; minutes, and several gigabytes of memory
	@scripts/bench

golden: ## Write the golden journals and their state hashes anew, where a change of them is meant
	@scripts/golden

format: ## Rewrite every Swift file in the house layout
	swift format --in-place --parallel --recursive Sources Tests Benchmarks/Sources Benchmarks/Package.swift Package.swift

clean: ## Remove what was built and written
	rm -rf .build .build-debug Benchmarks/.build out
