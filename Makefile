# The front of Meson and Ninja: `make help` says what there is.

.DEFAULT_GOAL := build
.PHONY: build run test fuzz tsan bench reference arrows format install-build install-test clean help

build: install-build ## the release build, at build/polydrive
	@tools/build.sh release
	@ln -sfn release/polydrive build/polydrive

run: build ## builds, then runs `polydrive demo`; more words by ARGS="..."
	@exec build/polydrive demo $(ARGS)

test: install-test ## all tests, or by T=pattern those whose name matches
	@tools/test.sh '$(T)'

fuzz: install-test ## each fuzz target for FUZZ_SECONDS (600), or by T=pattern those that match
	@tools/build.sh fuzz
	@tools/fuzz.sh '$(or $(FUZZ_SECONDS),600)' '$(T)'

tsan: install-test ## the unit tests under the thread sanitizer
	@tools/test.sh --threads '$(T)'

bench: build ## the benchmarks of bench/README.md; more words by ARGS="..."
	@tools/install.sh bench
	@exec bench/run.sh $(ARGS)

reference: build ## docs/pds.md anew, from the rows of the program
	@build/polydrive openapi pds | node tools/reference.mjs >docs/pds.md

arrows: ## prints every #include that points up or sideways; silence is good
	@find src -name '*.[ch]' | sort | xargs awk -f tools/arrows.awk

format: ## clang-format on the function bodies of changed C files
	@tools/install.sh format
	@tools/format.sh

install-build: ## the Debian packages that building needs (packages.txt)
	@tools/install.sh build

install-test: ## and those that testing needs
	@tools/install.sh build test

clean: ## removes build/
	@rm -rf build

help: ## this list
	@awk -F ' *:.*## *' '/^[a-z-]+:.*## /{ printf "make %-14s %s\n", $$1, $$2 }' Makefile
