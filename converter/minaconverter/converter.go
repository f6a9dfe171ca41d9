package minaconverter

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/featuregate"
)

type converter struct{}

// NewFactory returns the factory of the converter, and opens the gate of component
// health. --feature-gates=-extension.healthcheck.useComponentStatus closes it again.
func NewFactory() confmap.ConverterFactory {
	_ = featuregate.GlobalRegistry().Set(componentHealth, true) // there is no such gate without a health_check
	return confmap.NewConverterFactory(func(confmap.ConverterSettings) confmap.Converter { return converter{} })
}

// Convert checks and completes a configuration after all its files have been merged.
func (converter) Convert(_ context.Context, conf *confmap.Conf) error {
	all, changed := conf.ToStringMap(), map[string]any{}
	if err := errors.Join(checkSections(all), checkEnds(all), checkReferences(all), checkDelivery(all), checkLoop(all)); err != nil {
		return err
	}
	for _, key := range allowances(all) {
		conf.Delete(key)
	}
	startNamedExtensions(all, changed)
	translateHealthCheck(all, changed)
	keepConfigurationHere(all, changed)
	return conf.Merge(confmap.NewFromStringMap(changed))
}
