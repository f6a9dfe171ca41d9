package configkeys

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configopaque"
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
	Headers  configopaque.MapList             `mapstructure:"headers"`
	Storage  *component.ID                    `mapstructure:"storage"`
	_        struct{}
}

type shared struct {
	Endpoint string `mapstructure:"endpoint"`
}

type section struct {
	Action string        `mapstructure:"action"`
	Number int           `mapstructure:"number"`
	Active bool          `mapstructure:"active"`
	Pause  time.Duration `mapstructure:"pause"`
}

func (c *config) Unmarshal(conf *confmap.Conf) error { return Unmarshal(conf, c) }

func TestUnmarshal(t *testing.T) {
	for name, tt := range map[string]struct{ text, want string }{
		"outermost":           {"{secton: {}}", "there is no key secton; did you mean section?"},
		"squashed":            {"{endpont: a}", "there is no key endpont; did you mean endpoint?"},
		"in a section":        {"{section: {acton: a}}", "there is no key section::acton; did you mean section::action?"},
		"in a pointer":        {"{pointer: {acton: a}}", "there is no key pointer::acton; did you mean pointer::action?"},
		"in a list":           {"{sections: [{action: a}, {acton: a}]}", "there is no key sections::1::acton; did you mean sections::1::action?"},
		"by name":             {"{named: {x: {acton: a}}}", "there is no key named::x::acton; did you mean named::x::action?"},
		"like none":           {"{section: {xyz: a}}", "there is no key section::xyz; there are action, active, number, pause"},
		"no number":           {"{section: {number: ten}}", `section::number must be a number (got "ten")`},
		"a long text":         {"{section: {number: a text that is longer than what is quoted of it}}", `section::number must be a number (got "a text that is longer th")`},
		"no truth value":      {"{section: {active: maybe}}", `section::active must be true or false (got "maybe")`},
		"an optional section": {"{section: {enabled: true, number: ten}}", `section::number must be a number (got "ten")`},
		"no text":             {"{endpoint: 5}", "endpoint must be a text: put it in quotes"},
		"no header's text":    {"{headers: {x-scope-orgid: 1}}", "headers::x-scope-orgid must be a text: put it in quotes"},
		"no headers":          {"{headers: 'Authorization: Bearer hunter2'}", `headers must be a map: {name: "value"}`},
		"headers in a list":   {"{headers: [{name: a, value: b}]}", ""},
		"headers":             {"{headers: {a: b, c: null}}", ""},
		"no section":          {"{pointer: a}", "pointer must be a section, with keys of action, active, number, pause"},
		"a component's":       {"{storage: file_storage/a}", ""},
		"another error":       {"{storage: /a}", "id"},
		"no duration":         {"{section: {pause: soon}}", `section::pause must be a duration such as 500ms, 30s or 24h (got "soon")`},
		"no unit at all":      {"{section: {pause: '47'}}", `section::pause must be a duration such as 500ms, 30s or 24h (got "47")`},
		"too short":           {"{section: {pause: 5us}}", "section::pause must be at least 1ms (got 5us)"},
		"a list of times":     {"{section: {pause: [5s]}}", "section::pause must be a duration such as 500ms, 30s or 24h"},
		"no unit":             {"{sections: [{pause: 5}]}", "sections::0::pause must have a unit: 5 alone counts nanoseconds, so write 500ms or 5s"},
		"no time":             {"{section: {pause: 0}}", ""},
		"a time":              {"{pointer: {pause: 5s}}", ""},
		"correct":             {"{endpoint: a, section: {action: a}, free: {any: [1]}}", ""},
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

func FuzzUnmarshal(f *testing.F) {
	f.Add("{section: {number: ten, pause: 5}, sections: [{acton: a}], free: {any: [1]}}")
	f.Add("{endpoint: {}, pointer: [a], named: {x: null}, storage: {a: b}}")
	f.Fuzz(func(t *testing.T, text string) {
		var values map[string]any
		if yaml.Unmarshal([]byte(text), &values) != nil {
			t.Skip()
		}
		_ = confmap.NewFromStringMap(values).Unmarshal(&config{Section: configoptional.Default(section{})})
	})
}
