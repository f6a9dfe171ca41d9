package destination

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configauth"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
)

func TestHeadersAreSentAsTheyWereMeant(t *testing.T) {
	for value, want := range map[string]string{
		secret:                              secret,
		secret + "\n":                       secret,
		"\ufeff" + secret + "\r\n":          secret,
		"\t\"" + secret + "\"":              secret,
		"Bearer " + secret + "\n":           "Bearer " + secret,
		"Bearer  \t" + secret:               "Bearer " + secret,
		"Bearer \ufeff'" + secret + "'\r\n": "Bearer " + secret,
		"Digest a=\"b\", c=\"d\"":           "Digest a=\"b\", c=\"d\"",
		"":                                  "",
	} {
		cfg := confighttp.ClientConfig{Headers: configopaque.MapList{{Name: " authorization\n", Value: configopaque.String(value)}}}
		CleanClient(&cfg)
		require.NoError(t, ValidateClient(&cfg))
		got, _ := cfg.Headers.Get("authorization")
		assert.Equal(t, want, string(got), "%q", value)
	}
}

func TestAnAddressInPlaceOfAHostHasOneScheme(t *testing.T) {
	for address, want := range map[string]string{
		"https://https://s1.example.com": "https://s1.example.com", "https://http://localhost:4318": "http://localhost:4318",
		"https://s1.example.com": "https://s1.example.com", "https://s1.example.com/?to=http://a": "https://s1.example.com/?to=http://a", "s1.example.com": "s1.example.com",
	} {
		cfg := confighttp.ClientConfig{Endpoint: address}
		CleanClient(&cfg)
		assert.Equal(t, want, cfg.Endpoint)
	}
}

func TestWhatHasNoValueIsNotSent(t *testing.T) {
	cfg := confighttp.ClientConfig{
		Headers: configopaque.MapList{{Name: "x-dataset", Value: " \n"}, {Name: "api-key", Value: secret}},
		Auth:    configoptional.Some(configauth.Config{}),
	}
	CleanClient(&cfg)
	assert.Equal(t, configopaque.MapList{{Name: "api-key", Value: secret}}, cfg.Headers)
	assert.False(t, cfg.Auth.HasValue())
	cfg.Auth = configoptional.Some(configauth.Config{AuthenticatorID: component.MustNewID("basicauth")})
	CleanClient(&cfg)
	assert.True(t, cfg.Auth.HasValue())
}

func TestHeaderThatCannotBeSentIsNamed(t *testing.T) {
	for name, tt := range map[string]struct{ header, value, want string }{
		"two lines":          {"api-key", "a\n" + secret, "headers::api-key holds a line break"},
		"a carriage return":  {"api-key", secret + "\rb", "headers::api-key holds a line break"},
		"a control":          {"api-key", secret + "\x00b", "headers::api-key holds a line break or another control character"},
		"a value for a name": {"Bearer " + secret, "authorization", "headers has a name that no header can have"},
		"no name":            {"", secret, "headers has a name that no header can have"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := confighttp.ClientConfig{Headers: configopaque.MapList{{Name: tt.header, Value: configopaque.String(tt.value)}}}
			CleanClient(&cfg)
			err := ValidateClient(&cfg)
			require.ErrorContains(t, err, tt.want)
			assert.NotContains(t, err.Error(), secret)
		})
	}
}

func TestPausesThatCannotBeMeantAreErrors(t *testing.T) {
	require.EqualError(t, ValidateClient(&confighttp.ClientConfig{Timeout: -5 * time.Second}), "timeout must not be negative (got -5s)")
	retry := DefaultRetry()
	require.NoError(t, ValidateRetry(&retry))
	retry.InitialInterval = 0
	require.EqualError(t, ValidateRetry(&retry), "retry_on_failure::initial_interval must be at least 1ms (got 0s)")
	retry.Enabled = false
	require.NoError(t, ValidateRetry(&retry))
}

func TestProxyThatIsNoURLIsNotQuoted(t *testing.T) {
	for _, address := range []string{"", "http://user:pass@proxy.example.com:3128", " http://proxy.example.com:3128\n"} {
		cfg := confighttp.ClientConfig{ProxyURL: address}
		CleanClient(&cfg)
		require.NoError(t, ValidateClient(&cfg))
	}
	for _, address := range []string{"proxy:3128", "http://user:" + secret + "@proxy:x", "http://user:" + secret + " @proxy"} {
		err := ValidateClient(&confighttp.ClientConfig{ProxyURL: address})
		require.ErrorContains(t, err, "proxy_url must be a URL")
		assert.NotContains(t, err.Error(), secret)
	}
}
