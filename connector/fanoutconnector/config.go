package fanoutconnector

import "go.opentelemetry.io/collector/component"

// Config has no options.
type Config struct {
	_ struct{}
}

func createDefaultConfig() component.Config { return &Config{} }
