package minalog

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTimestamp(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	for text, want := range map[string]string{
		"2025-10-01T16:12:05.785000+00:00":   "2025-10-01T16:12:05.785Z",
		"2025-10-01T16:12:05Z":               "2025-10-01T16:12:05Z",
		"2025-10-01T16:12:05.123456789Z":     "2025-10-01T16:12:05.123456789Z",
		"2025-10-01T16:12:05.1234567891234Z": "2025-10-01T16:12:05.123456789Z",
		"2025-10-01T16:12:05.5-0330":         "2025-10-01T19:42:05.5Z",
		"2025-10-01 16:12:05,785":            "2025-10-01T14:12:05.785Z",
		"2025-12-01 16:12:05,785":            "2025-12-01T15:12:05.785Z",
		"2025-10-01 16:12:05 +02":            "2025-10-01T14:12:05Z",
		"2025-10-01 16:12:05 UTC":            "2025-10-01T16:12:05Z",
		"2024-02-29T00:00:00Z":               "2024-02-29T00:00:00Z",
		"1759335125":                         "2025-10-01T16:12:05Z",
		"1759335125.785":                     "2025-10-01T16:12:05.785Z",
		"1759335125785":                      "2025-10-01T16:12:05.785Z",
		"1759335125785001":                   "2025-10-01T16:12:05.785001Z",
		"1759335125785001002":                "2025-10-01T16:12:05.785001002Z",
		"1.759335125e9":                      "2025-10-01T16:12:05Z",
		"2025-10-01T16:12:60Z":               "2025-10-01T16:13:00Z",
		"":                                   "",
		"yesterday":                          "",
		"2025-02-29T00:00:00Z":               "",
		"2025-13-01T00:00:00Z":               "",
		"2025-10-01T25:00:00Z":               "",
		"2025-10-01T16:12:05Zx":              "",
		"2025-10-01":                         "",
		"0":                                  "",
		"-1":                                 "",
		"NaN":                                "",
		"1e300":                              "",
		"99999999999999999999":               "",
		"1025-10-01T16:12:05Z":               "",
		"9999-10-01T16:12:05Z":               "",
	} {
		got, ok := parseTimestamp([]byte(text), berlin)
		assert.Equal(t, want != "", ok, text)
		if ok {
			assert.Equal(t, want, got.AsTime().Format(time.RFC3339Nano), text)
		}
	}
}

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
