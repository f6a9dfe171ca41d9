package servername

import (
	"net"
	"testing"

	"github.com/stretchr/testify/assert"
)

var (
	loopback = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8319}
	anywhere = &net.TCPAddr{IP: net.IPv6zero, Port: 8319}
)

func TestNames(t *testing.T) {
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
		names := Of(tt.address, tt.endpoint, tt.allowed)
		assert.Equal(t, tt.taken, names.Include(tt.host), "%s at %s, %v", tt.host, tt.endpoint, tt.allowed)
	}
}

func TestWhoCanReachAHost(t *testing.T) {
	for _, host := range []string{"localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"} {
		assert.True(t, OfThisHost(host), host)
	}
	for _, host := range []string{"", "0.0.0.0", "::", "192.0.2.1", "mina.example", "localhost.example", "[::1]"} {
		assert.False(t, OfThisHost(host), host)
	}
}

// FuzzNames holds that no name but the server's own is taken, however it is written.
func FuzzNames(f *testing.F) {
	for _, host := range []string{"localhost:8319", "[::1]:8319", "evil.example", "127.1", "[localhost]:1", "..", "[", "::1%lo"} {
		f.Add(host)
	}
	names := Of(loopback, "localhost:8319", nil)
	f.Fuzz(func(t *testing.T, host string) {
		name := hostname(host)
		if ip := net.ParseIP(name); names.Include(host) && name != "" && name != "localhost" && ip == nil && !net.ParseIP(beforeZone(name)).IsLoopback() {
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
