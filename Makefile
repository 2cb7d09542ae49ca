# `make demo` and `make test` install what they need, once, and say so.
SHELL := /bin/bash
export SWIFT_BACKTRACE := enable=no

.PHONY: demo test fuzz browser build release bench models lint setup clean

demo: setup
	swift build --product sidetone
	"$$(swift build --show-bin-path)/sidetone" demo

# One test at a time: deadlines of sockets are real, and some suites keep every core busy.
test: setup
	@swift package resolve & resolving=$$!; .ci/peers && wait $$resolving
	swift test --no-parallel

# Fuzz targets of everything that reads bytes from outside, for so many seconds altogether; needs lld.
SECONDS ?= 60
fuzz: setup
	Tests/Fuzz/run.sh $(SECONDS)

# The dashboard in a real browser: installs Chromium and Playwright where they are missing.
browser:
	.ci/browser

build: setup
	swift build

release: setup
	swift build -c release --product sidetone

bench: setup
	Benchmarks/run.sh

# The Silero network for the detectors `silero` and `auto`; needs Python 3 with pip, and PyPI.
models:
	python3 Benchmarks/models/fetch-silero.py

lint:
	swift format lint --strict -r Sources Tests Package.swift

setup:
	@.ci/setup

clean:
	rm -rf .build .build-*
