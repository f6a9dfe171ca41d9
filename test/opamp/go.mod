// The collector as OpAMP's own server sees it: what that needs is nothing that ships.
module github.com/mina-observability/otelcol-mina/test/opamp

go 1.26.0

replace github.com/mina-observability/otelcol-mina => ../..

require (
	github.com/mina-observability/otelcol-mina v0.0.0-00010101000000-000000000000
	github.com/open-telemetry/opamp-go v0.23.0
	github.com/stretchr/testify v1.12.1
	go.uber.org/goleak v1.3.0
	google.golang.org/protobuf v1.36.12
)

require (
	github.com/gorilla/websocket v1.5.3 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
