package destination

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOnlyTheHostOfAnAddressIsShown(t *testing.T) {
	for address, want := range map[string]string{
		"https://otlp.example.com":                    "https://otlp.example.com",
		"https://otlp.example.com:4318/":              "https://otlp.example.com:4318/",
		"http://127.0.0.1:4318/v1/logs":               "http://127.0.0.1:4318/…",
		"http://[::1]:4318/v1/logs":                   "http://[::1]:4318/…",
		"https://a.example.com/" + secret:             "https://a.example.com/…",
		"https://a.example.com?api_key=" + secret:     "https://a.example.com?…",
		"https://user:" + secret + "@a.example.com":   "https://a.example.com",
		"https://" + secret + "@a.example.com@b.com/": "https://b.com/",
		"example.com":                                  "example.com",
		"logs.example.com:6514":                        "logs.example.com:6514",
		"logs.example.com:6514?token=" + secret:        "logs.example.com:6514?…",
		"https:///v1/logs":                             "https:///…",
		"https://a.example.com:" + secret:              "https://…",
		"http s://a.example.com/?key=" + secret:        "…://a.example.com/…",
		secret:                                         "…",
		secret + "://a.example.com":                    "…://a.example.com",
		"eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJlIHRva2Vu": "…",
		"": "",
	} {
		assert.Equal(t, want, ShownAddress(address), address)
	}
}

func FuzzShownAddress(f *testing.F) {
	f.Add("https://user@host:80/path?query#fragment")
	f.Add("://\x00@")
	f.Fuzz(func(t *testing.T, address string) {
		for _, with := range []string{address + "?k=" + secret, address + "/" + secret, address + "#" + secret} {
			require.NotContains(t, ShownAddress(with), secret)
		}
	})
}
