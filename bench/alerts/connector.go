package main

import (
	"context"
	_ "embed" // the rules
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.yaml.in/yaml/v3"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector"
	"github.com/mina-observability/otelcol-mina/extension/statestorageextension"
)

//go:embed rules.yaml
var tenRules []byte

// alerts is the connector with its storage. It counts the transitions that it hands on.
type alerts struct {
	connector.Logs
	storage     extension.Extension
	transitions atomic.Int64
}

// start starts the connector, with a storage in a folder if one is named.
func start(rules []byte, folder string) (*alerts, error) {
	section, extensions := map[string]any{}, map[component.ID]component.Component{}
	if err := yaml.Unmarshal(rules, &section); err != nil {
		return nil, err
	}
	a := &alerts{}
	if folder != "" {
		var err error
		if a.storage, err = openStorage(folder); err != nil {
			return nil, err
		}
		section["storage"] = "state_storage"
		extensions[component.MustNewID("state_storage")] = a.storage
	}
	factory := alertconnector.NewFactory()
	config := factory.CreateDefaultConfig()
	if err := confmap.NewFromStringMap(section).Unmarshal(config); err != nil {
		return nil, err
	}
	if err := confmap.Validate(config); err != nil {
		return nil, err
	}
	next, err := consumer.NewLogs(func(_ context.Context, logs plog.Logs) error {
		a.transitions.Add(int64(logs.LogRecordCount()))
		return nil
	})
	if err != nil {
		return nil, err
	}
	settings := connector.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
	if a.Logs, err = factory.CreateLogsToLogs(context.Background(), settings, config, next); err != nil {
		return nil, err
	}
	return a, a.Start(context.Background(), host{extensions: extensions})
}

func openStorage(folder string) (extension.Extension, error) {
	factory := statestorageextension.NewFactory()
	config := factory.CreateDefaultConfig().(*statestorageextension.Config)
	config.Directory = folder
	settings := extension.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
	storage, err := factory.Create(context.Background(), settings, config)
	if err != nil {
		return nil, err
	}
	return storage, storage.Start(context.Background(), componenttest.NewNopHost())
}

func (a *alerts) stop() error {
	err := a.Shutdown(context.Background())
	if a.storage != nil && err == nil {
		err = a.storage.Shutdown(context.Background())
	}
	return err
}

type host struct {
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }
