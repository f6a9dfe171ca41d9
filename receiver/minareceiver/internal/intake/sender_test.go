package intake

import (
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/config/confighttp"
)

var loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8319}

func TestHosts(t *testing.T) {
	for host, taken := range map[string]bool{"localhost:8319": true, "mina.example:8319": true, "evil.example:8319": false} {
		s := NewSenders(loopback, "localhost:8319", []string{"mina.example"}, nil)
		r := &http.Request{Method: http.MethodPost, Host: host, Header: http.Header{}}
		assert.Equal(t, taken, s.Refusal(r) == "", host)
	}
}

func TestOrigins(t *testing.T) {
	page := &confighttp.CORSConfig{AllowedOrigins: []string{"https://app.example", "https://*.shop.example"}}
	any := &confighttp.CORSConfig{AllowedOrigins: []string{"*"}}
	for name, tt := range map[string]struct {
		header map[string]string
		cors   *confighttp.CORSConfig
		post   bool
		get    bool
	}{
		"a program":                    {nil, nil, true, true},
		"curl":                         {map[string]string{"User-Agent": "curl/8.5.0", "Accept": "*/*"}, nil, true, true},
		"another site":                 {map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, nil, false, false},
		"another site, old browser":    {map[string]string{"Origin": "https://evil.example"}, nil, false, false},
		"no Origin":                    {map[string]string{"Sec-Fetch-Site": "cross-site"}, nil, false, false},
		"another port of this host":    {map[string]string{"Origin": "http://localhost:3000", "Sec-Fetch-Site": "same-site"}, nil, false, false},
		"a file, or a sandbox":         {map[string]string{"Origin": "null"}, nil, false, false},
		"Origin that cannot be read":   {map[string]string{"Origin": "::"}, nil, false, false},
		"this origin":                  {map[string]string{"Origin": "http://localhost:8319", "Sec-Fetch-Site": "same-origin"}, nil, true, false},
		"an image of another site":     {map[string]string{"Referer": "http://evil.example/"}, nil, true, false},
		"an image without Referer":     {map[string]string{"User-Agent": "Mozilla/5.0 (X11)"}, nil, true, false},
		"an image of another language": {map[string]string{"User-Agent": "Browser", "Accept-Language": "de"}, nil, true, false},
		"an address typed in":          {map[string]string{"Sec-Fetch-Site": "none"}, nil, true, false},
		"allowed":                      {map[string]string{"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"}, page, true, true},
		"allowed by pattern":           {map[string]string{"Origin": "https://de.shop.example"}, page, true, true},
		"not allowed":                  {map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, page, false, false},
		"all allowed":                  {map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, any, true, true},
		"none allowed":                 {map[string]string{"Origin": "https://evil.example"}, &confighttp.CORSConfig{AllowedHeaders: []string{"*"}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := NewSenders(loopback, "localhost:8319", nil, tt.cors)
			for method, taken := range map[string]bool{http.MethodPost: tt.post, http.MethodGet: tt.get} {
				r := &http.Request{Method: method, Host: "localhost:8319", Header: http.Header{}}
				for name, value := range tt.header {
					r.Header.Set(name, value)
				}
				assert.Equal(t, taken, s.Refusal(r) == "", method)
			}
		})
	}
}
