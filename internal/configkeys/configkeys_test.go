package configkeys

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/confmap"
	"go.yaml.in/yaml/v3"
)

type config struct {
	shared   `mapstructure:",squash"`
	Section  configoptional.Optional[section] `mapstructure:"section"`
	Pointer  *section                         `mapstructure:"pointer"`
	Sections []section                        `mapstructure:"sections"`
	Named    map[string]section               `mapstructure:"named"`
	Free     map[string]any                   `mapstructure:"free"`
	_        struct{}
}

type shared struct {
	Endpoint string `mapstructure:"endpoint"`
}

type section struct {
	Action string        `mapstructure:"action"`
	Number int           `mapstructure:"number"`
	Pause  time.Duration `mapstructure:"pause"`
}

func (c *config) Unmarshal(conf *confmap.Conf) error { return Unmarshal(conf, c) }

func TestUnmarshal(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"outermost":     {"{secton: {}}", "there is no key secton; did you mean section?"},
		"squashed":      {"{endpont: a}", "there is no key endpont; did you mean endpoint?"},
		"in a section":  {"{section: {acton: a}}", "there is no key section::acton; did you mean section::action?"},
		"in a pointer":  {"{pointer: {acton: a}}", "there is no key pointer::acton; did you mean pointer::action?"},
		"in a list":     {"{sections: [{action: a}, {acton: a}]}", "there is no key sections::1::acton; did you mean sections::1::action?"},
		"by name":       {"{named: {x: {acton: a}}}", "there is no key named::x::acton; did you mean named::x::action?"},
		"like none":     {"{section: {xyz: a}}", "there is no key section::xyz; there are action, number, pause"},
		"another error": {"{section: {number: ten}}", "expected type 'int'"},
		"no unit":       {"{sections: [{pause: 5}]}", "sections::0::pause must have a unit: 5 alone counts nanoseconds, so write 500ms or 5s"},
		"no time":       {"{section: {pause: 0}}", ""},
		"a time":        {"{pointer: {pause: 5s}}", ""},
		"correct":       {"{endpoint: a, section: {action: a}, free: {any: [1]}}", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var values map[string]any
			require.NoError(t, yaml.Unmarshal([]byte(tt.text), &values))
			err := confmap.NewFromStringMap(values).Unmarshal(&config{Section: configoptional.Default(section{})})
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}
