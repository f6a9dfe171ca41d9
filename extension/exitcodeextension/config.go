package exitcodeextension

import "go.opentelemetry.io/collector/component"

// Config of the extension, which has no settings.
type Config struct {
	_ struct{}
}

func createDefaultConfig() component.Config { return &Config{} }
