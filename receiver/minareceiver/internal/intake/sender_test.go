package intake

import (
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/config/confighttp"
)

var (
	loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8319}
	anywhere = &net.TCPAddr{IP: net.IPv6zero, Port: 8319}
)

func TestHosts(t *testing.T) {
	for _, tt := range []struct {
		host     string
		address  net.Addr
		endpoint string
		allowed  []string
		taken    bool
	}{
		{"localhost:8319", loopback, "localhost:8319", nil, true},
		{"LOCALHOST.:8319", loopback, "localhost:8319", nil, true},
		{"127.0.0.1:8319", loopback, "localhost:8319", nil, true},
		{"[::1]:8319", loopback, "localhost:8319", nil, true},
		{"[::1]", loopback, "localhost:8319", nil, true},
		{"", loopback, "localhost:8319", nil, true},
		{"localhost:9999", loopback, "localhost:8319", nil, true},
		{"evil.example:8319", loopback, "localhost:8319", nil, false},
		{"evil.example", loopback, "localhost:8319", nil, false},
		{"localhost.evil.example", loopback, "localhost:8319", nil, false},
		{"127.0.0.1.evil.example", loopback, "localhost:8319", nil, false},
		{"0.0.0.0:8319", loopback, "localhost:8319", nil, false},
		{"192.168.1.5:8319", loopback, "localhost:8319", nil, false},
		{"evil.example", loopback, "localhost:8319", []string{"good.example"}, false},
		{"good.example:8319", loopback, "localhost:8319", []string{"Good.Example"}, true},
		{"192.168.1.5:8319", anywhere, "0.0.0.0:8319", nil, true},
		{"[fe80::1]:8319", anywhere, "[::]:8319", nil, true},
		{"mina:8319", anywhere, "0.0.0.0:8319", nil, false},
		{"mina:8319", anywhere, "0.0.0.0:8319", []string{"mina"}, true},
		{"mina.logs.svc.cluster.local", anywhere, "0.0.0.0:8319", []string{"*.svc.cluster.local"}, true},
		{"svc.cluster.local.evil.example", anywhere, "0.0.0.0:8319", []string{"*.svc.cluster.local"}, false},
		{"any.example", anywhere, "0.0.0.0:8319", []string{"*"}, true},
		{"mina.example", anywhere, "mina.example:8319", nil, true},
		{"evil.example", &net.UnixAddr{Name: "/run/mina.sock"}, "/run/mina.sock", nil, true},
	} {
		s := NewSenders(tt.address, tt.endpoint, tt.allowed, nil)
		r := &http.Request{Method: http.MethodPost, Host: tt.host, Header: http.Header{}}
		assert.Equal(t, tt.taken, s.Refusal(r) == "", "%s at %s, %v", tt.host, tt.endpoint, tt.allowed)
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

// FuzzHosts holds that no name but the server's own is taken, however it is written.
func FuzzHosts(f *testing.F) {
	for _, host := range []string{"localhost:8319", "[::1]:8319", "evil.example", "127.1", "[localhost]:1", "..", "[", "::1%lo"} {
		f.Add(host)
	}
	s := NewSenders(loopback, "localhost:8319", nil, nil)
	f.Fuzz(func(t *testing.T, host string) {
		name := hostname(host)
		if ip := net.ParseIP(name); s.called(host) && name != "" && name != "localhost" && ip == nil && !net.ParseIP(beforeZone(name)).IsLoopback() {
			t.Fatalf("%q is taken", host)
		}
	})
}

func beforeZone(name string) string {
	for i := range name {
		if name[i] == '%' {
			return name[:i]
		}
	}
	return name
}
