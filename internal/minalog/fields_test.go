package minalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestConfigNamesTheKeyOfAMistake(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"format":          {func(c *Config) { c.Format = "xml" }, `format must be auto, json, text or otlp_json (got "xml")`},
		"timezone":        {func(c *Config) { c.Timezone = "Mars/Olympus" }, `timezone must be an IANA name such as Europe/Berlin (got "Mars/Olympus")`},
		"empty name":      {func(c *Config) { c.Fields.Level = []string{""} }, `fields::level: "" is not a field name`},
		"a name twice":    {func(c *Config) { c.Fields.Logger = []string{"msg"} }, `fields::logger: "msg" is already listed under message`},
		"half a dot name": {func(c *Config) { c.Fields.Logger = []string{"log."} }, `fields::logger: "log." is not a field name`},
	} {
		t.Run(name, func(t *testing.T) {
			config := DefaultConfig()
			tt.change(&config)
			assert.ErrorContains(t, config.Check(), tt.want)
		})
	}
}
