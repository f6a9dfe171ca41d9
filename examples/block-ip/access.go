package main

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
)

// access says who may have addresses blocked: who knows the token or, without one, the
// programs of this host. A page in a browser of this host is none, whatever name it calls
// the host by.
type access struct {
	token string
}

// readAccess reads the token. Where other hosts can connect, there must be one.
func readAccess(tokenFile, listen string) (access, error) {
	if tokenFile == "" {
		if !isLoopback(listen) {
			return access{}, fmt.Errorf("-listen %s: other hosts could have addresses blocked; give a -token-file, or listen on localhost", listen)
		}
		return access{}, nil
	}
	text, err := os.ReadFile(tokenFile)
	if err != nil {
		return access{}, fmt.Errorf("-token-file: %w", err)
	}
	token := strings.TrimSpace(string(text))
	if token == "" {
		return access{}, fmt.Errorf("-token-file: %s is empty", tokenFile)
	}
	return access{token: token}, nil
}

func (a access) check(request *http.Request) error {
	if a.token == "" {
		if !isLoopback(request.Host) {
			return errors.New("without a token, only http://localhost is served")
		}
		return nil
	}
	given, found := strings.CutPrefix(request.Header.Get("Authorization"), "Bearer ")
	if !found || subtle.ConstantTimeCompare([]byte(given), []byte(a.token)) == 0 {
		return errors.New("the token is missing or wrong")
	}
	return nil
}

// isLoopback tells if an address with a port is one of this host alone.
func isLoopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}
