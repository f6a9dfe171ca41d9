# The first target prints what there is.
.DEFAULT_GOAL := help
SHELL := /bin/sh

BINARY := _build/otelcol-mina
STORE := _build/victoria-logs
MINA := _build/mina
TOOL := go tool -modfile='$(CURDIR)/internal/tools/go.mod'
SOURCES := $(shell find connector converter exporter extension internal processor provider receiver -name '*.go' -not -name '*_test.go' -o -path '*/web/*' -type f 2>/dev/null)
MINA_SOURCES := $(shell find cmd internal -name '*.go' -not -name '*_test.go')
# As in the collector's own manifest, if a release does not say another.
VERSION ?= $(shell sed -n 's/^  version: //p' builder-config.yaml)
PACKAGES := python3-flask gunicorn python3-pythonjsonlogger python3-loguru python3-structlog logrotate rsyslog rsyslog-gnutls python3-sentry-sdk buildah podman runc prometheus prometheus-alertmanager nftables iproute2 chromium jq rpm
IMAGE ?= otelcol-mina
FUZZTIME ?= 30s
# What make packages packs, for which machine, and where it puts that.
PROGRAMS ?= _build
ARCH ?= $(shell go env GOARCH)
DIST ?= dist

.PHONY: help run build sources image image-archive image-from-source packages chart release cross test test-compose test-engines test-kubernetes test-packages test-release unit lint lint-page format generate changelog changelog-check bench bench-e2e bench-gateways bench-redaction bench-alerts bench-explore screenshots chaos chaos-kafka fuzz clean

help: ## print the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## read MINA_LOGS, or the example application's log, print the records, and show them on http://localhost:8320
	@sh examples/run.sh

build: $(BINARY) $(STORE) $(MINA) ## assemble the collector with ocb, and build the store of the page and the program mina beside it

$(BINARY): builder-config.yaml go.mod go.sum $(SOURCES)
	$(TOOL) builder --config builder-config.yaml
	@touch $@

$(MINA): go.mod go.sum $(MINA_SOURCES)
	CGO_ENABLED=0 go build -trimpath -ldflags='-s -w -X main.version=$(VERSION)' -o $@ ./cmd/mina
	@touch $@

sources: ## write the collector's main package, for another platform's build
	$(TOOL) builder --config builder-config.yaml --skip-compilation

image: ## build the container image IMAGE from source, with docker, podman or buildah
	@sh packaging/image.sh '$(IMAGE)' '$(VERSION)'

image-archive: $(addprefix $(PROGRAMS)/,otelcol-mina mina) ## pack the programs in PROGRAMS, for ARCH, into an OCI archive of the image VERSION, in DIST
	@sh packaging/image-archive.sh '$(VERSION)' '$(ARCH)' '$(PROGRAMS)' '$(DIST)'

image-from-source: ## build all stages of the Dockerfile as root, from a base that is made here, and run the image
	@sh test/debian-packages.sh buildah podman runc debootstrap
	MINA_IMAGE_FROM_SOURCE=1 go test -count=1 -timeout 40m -v -run TestImageFromSource ./test/image

packages: $(addprefix $(PROGRAMS)/,otelcol-mina mina victoria-logs) ## build the Debian and the RPM package VERSION of the programs in PROGRAMS, for ARCH, in DIST
	@sh packaging/packages.sh '$(VERSION)' '$(ARCH)' '$(PROGRAMS)' '$(DIST)'

chart: ## pack the chart VERSION for Kubernetes, in DIST
	@sh packaging/chart.sh '$(VERSION)' '$(DIST)'

release: ## build the archives, packages, bills of materials and checksums of a release in DIST, from the commit: VERSION=0.2.0
	@test -n "$(ASKED)" || { echo "make release needs VERSION=0.2.0" >&2; exit 1; }
	@sh packaging/release.sh '$(VERSION)' '$(DIST)'

# The tests of other modules run each time: go test does not see what changes outside of one.
test: build ## run every test, also end to end on the built binary
	@sh test/debian-packages.sh $(PACKAGES)
	go test -timeout 20m -parallel 4 ./... # many wait more than they work
	cd bench && go test -count=1 ./...
	cd test/compose && go test -count=1 ./...
	cd test/opamp && go test -count=1 ./...
	cd test/page && go test -count=1 ./...
	cd test/kubernetes && go test -count=1 .

test-engines: build _build/loki ## run the tests against the real Loki, whose first build takes long, and VictoriaLogs
	go test -count=1 -timeout 20m -v ./test/engines

test-compose: build ## run compose.yaml with podman-compose, as root, with images that are made here
	@sh test/debian-packages.sh buildah podman podman-compose runc debootstrap golang-github-containernetworking-plugin-dnsname prometheus-alertmanager
	cd test/compose && MINA_COMPOSE=1 go test -count=1 -timeout 20m -v ./...

test-packages: build ## have a real systemd install, run, upgrade and remove the packages, as root
	@sh test/debian-packages.sh systemd-container rpm acl logrotate lintian
	MINA_SYSTEMD=1 go test -count=1 -timeout 10m -v ./test/packages

test-kubernetes: $(BINARY) _build/kube-apiserver _build/helm _build/kubectl ## have the real API server and helm judge the chart, and run its pods under podman
	@sh test/debian-packages.sh buildah podman runc catatonit
	cd test/kubernetes && go test -count=1 -timeout 20m -v ./...

# These are tools of modules of their own: what they need is none of ours.
$(STORE): PACKAGE := github.com/VictoriaMetrics/VictoriaLogs/app/victoria-logs
$(STORE): internal/tools/victorialogs/go.mod internal/tools/victorialogs/go.sum
_build/loki: PACKAGE := github.com/grafana/loki/v3/cmd/loki
_build/loki: test/engines/loki/go.mod test/engines/loki/go.sum
_build/helm: PACKAGE := helm.sh/helm/v4/cmd/helm
_build/kubectl: PACKAGE := k8s.io/kubernetes/cmd/kubectl
_build/kube-apiserver: PACKAGE := ./kube-apiserver
# Helm takes no API server that does not say which one it is.
_build/kube-apiserver: LINKED = -X k8s.io/component-base/version.gitVersion=v$(shell sed -n 's/^	k8s.io\/kubernetes v//p' internal/tools/kube/go.mod)
_build/kube-apiserver _build/helm _build/kubectl: internal/tools/kube/go.mod internal/tools/kube/go.sum $(wildcard internal/tools/kube/kube-apiserver/*.go)

$(STORE) _build/loki _build/kube-apiserver _build/helm _build/kubectl:
	cd $(<D) && CGO_ENABLED=0 go build -trimpath -ldflags='-s -w $(LINKED)' -o '$(CURDIR)/$@' $(PACKAGE)
	@touch $@

cross: sources ## compile the collector for macOS and Windows
	cd _build && CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 go build -o /dev/null .
	cd _build && CGO_ENABLED=0 GOOS=windows GOARCH=amd64 go build -o /dev/null .

test-release: cross ## build a release of the commit twice, and compare the bytes
	MINA_RELEASE=1 go test -count=1 -timeout 120m -v -run TestRelease ./test/release

unit: ## run the tests that need neither the binary nor other programs
	go test $$(go list ./... | grep -v /test/)

lint: lint-page ## report what is not formatted, and the linters' findings
	@unformatted=$$($(TOOL) gofumpt -l $$(git ls-files '*.go' ':!*generated_*')); \
	  if [ -n "$$unformatted" ]; then echo "not formatted (make format):"; echo "$$unformatted"; exit 1; fi
	$(TOOL) golangci-lint run ./...
	cd bench && $(TOOL) golangci-lint run ./...
	cd test/compose && $(TOOL) golangci-lint run ./...
	cd test/opamp && $(TOOL) golangci-lint run ./...
	cd test/page && $(TOOL) golangci-lint run ./...
	cd test/kubernetes && $(TOOL) golangci-lint run ./...

lint-page: ## check the types of the page's modules, if TypeScript's tsc is there (Debian's node-typescript)
	@if command -v tsc > /dev/null; then \
	  tsc --allowJs --checkJs --noEmit --strict --target es2022 --module es2022 --lib es2022,dom,dom.iterable $$(git ls-files 'extension/*.js'); \
	else echo "no tsc: the types of the page are not checked"; fi

format: ## format the code
	$(TOOL) gofumpt -w $$(git ls-files '*.go' ':!*generated_*')

generate: ## write the generated files anew
	go generate ./...

changelog-check: ## print what the fragments in changelog add to CHANGELOG.md
	go test -run TestChangelogFragments ./test/release
	$(TOOL) chloggen --config changelog/config.yaml update --dry --version Unreleased

# What is in builder-config.yaml is what builds between releases are called.
changelog release: ASKED := $(filter command line environment,$(origin VERSION))

changelog: changelog-check ## move the fragments in changelog into CHANGELOG.md: VERSION=0.2.0
	@test -n "$(ASKED)" || { echo "make changelog needs VERSION=0.2.0" >&2; exit 1; }
	$(TOOL) chloggen --config changelog/config.yaml update --version '$(VERSION)'

bench: ## print records per second per core and bytes per record
	GOMAXPROCS=1 go test -run '^$$' -bench . -benchmem ./internal/minalog ./processor/minaprocessor/... ./receiver/losslesskafkareceiver

screenshots: build ## draw the pictures of the page in docs/images
	@sh test/debian-packages.sh chromium
	MINA_SCREENSHOTS=1 go -C test/page test -count=1 -run TestScreenshots .

chaos: build ## let everything go wrong, and print what is lost: CHAOS="-kills 10 -faults SIGKILL"
	go run ./test/chaos $(CHAOS)

chaos-kafka: build ## let an agent, Kafka and gateways die, and print what is lost: CHAOS="-kills 30"
	go run ./test/chaos -faults kafka -kills 15 $(CHAOS)

bench-e2e: build ## compare the built binary's pipelines with contrib's: BENCH="-rounds 1"
	go -C bench run ./pipelines $(BENCH)

bench-gateways: build ## compare what Kafka and gateways cost, with our receiver and the stock one: BENCH="-rounds 1"
	go -C bench run ./gateways $(BENCH)

bench-redaction: ## print recall, false positives and cost of redaction, beside contrib's and on others' texts: BENCH="-only strangers"
	GOMAXPROCS=1 go -C bench run ./redaction $(BENCH)

bench-alerts: ## print what alerts cost: a record, many groups, a storm of them: BENCH="-only records"
	go -C bench run ./alerts $(BENCH)

bench-explore: build ## print how fast the page answers what jq does, beside its engine, and what it costs: BENCH="-only collector"
	go -C bench run ./explore $(BENCH)

fuzz: ## run every fuzz target for FUZZTIME
	@for package in $$(go list ./...); do \
	  for target in $$(go test -list '^Fuzz' $$package | grep '^Fuzz'); do \
	    echo "$$package $$target"; \
	    go test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
	  done; \
	done

clean: ## remove what was built and the state of make run
	rm -rf _build .state
