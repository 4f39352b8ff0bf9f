# keywire's everyday commands. A machine needs Rust and make; servers for tests and demo are installed into .keywire/.

.DEFAULT_GOAL := help
.PHONY: help demo test contract bench server servers clients fmt lint check

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: server ## Run the whole loop on this machine, with a server of its own
	@echo "Building keywire, a worker and a mock of its provider (two to four minutes the first time), then running the demo."
	@# At a terminal cargo shows how far it is; in a log its hundreds of lines would hide the demo.
	@cargo build $$([ -t 2 ] || echo --quiet) --bins -p keywire -p spot_worker -p massive_client
	@"$${CARGO_TARGET_DIR:-target}/debug/keywire" demo

test: servers clients ## Run all tests, those against servers on Redis and on Valkey
	@echo "Building keywire with all features and its tests (about four minutes the first time), then running them."
	@cargo test --workspace --all-features

contract: server ## Run every worker of the repo under contract
	@tools/run-workers

bench: servers ## Measure verify, watch, proxy, infer, extract and the worker, each against a floor that does the same and looks at nothing
	@cargo bench --bench verify --bench rdb --bench traffic --bench proxy --bench infer --bench extract --bench ci
	@cargo bench -p spot_worker --bench publish

server: ## Make sure of one server, Redis or Valkey (tools/install-server)
	@tools/install-server

servers: ## Make sure of both a Redis and a Valkey server, where they can be had
	@tools/install-server --all

clients: ## Make sure of the client libraries that programs in tests use (Python, Node)
	@tools/install-clients

fmt: ## Format the code
	@cargo fmt --all

lint: ## Run clippy on everything; a warning is an error
	@cargo clippy --workspace --all-targets --all-features -- -D warnings

check: ## Check that everything is formatted and compiles, without building it
	@cargo fmt --all --check
	@cargo check --workspace --all-targets --all-features
