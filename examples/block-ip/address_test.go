package main

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAddressesAreReadAsPacketsHaveThem(t *testing.T) {
	for label, expected := range map[string]string{
		"203.0.113.9":            "203.0.113.9",
		"203.0.113.9:51234":      "203.0.113.9",
		"2001:db8::9":            "2001:db8::9",
		"2001:DB8:0:0::9":        "2001:db8::9",
		"[2001:db8::9]:443":      "2001:db8::9",
		"fe80::1%eth0":           "fe80::1",
		"::ffff:203.0.113.9":     "203.0.113.9",
		"::ffff:cb00:7109":       "203.0.113.9",
		"[::ffff:203.0.113.9]:1": "203.0.113.9",
	} {
		address, err := parseAddress(label)
		require.NoError(t, err, label)
		assert.Equal(t, netip.MustParseAddr(expected), address, label)
	}
}

func TestWhatIsNoAddressIsRefused(t *testing.T) {
	for _, label := range []string{
		"", " ", "unknown", "-", "localhost", "203.0.113.9 ", "203.0.113", "203.0.113.09", "203.0.113.256", "0xcb007109", "3405803785",
		"203.0.113.9/24", "203.0.113.9, 198.51.100.7", "203.0.113.9:port", "2001:db8::9::1", "[2001:db8::9]", "[REDACTED:ip_address]",
		"203.0.113.9 }; flush ruleset", "203.0.113.9\nflush ruleset", "203.0.113.9\x00",
	} {
		_, err := parseAddress(label)
		assert.Error(t, err, label)
	}
}

func TestTheAllowListHoldsWhatIsNoClientOnTheInternet(t *testing.T) {
	allowed := alwaysAllowed()
	require.NoError(t, allowed.add("198.51.100.0/24"))
	require.NoError(t, allowed.add("198.18.0.7"))
	require.NoError(t, allowed.add("2001:db8:1::1/48"))
	for address, expected := range map[string]bool{
		"0.0.0.0": true, "127.0.0.1": true, "127.8.9.10": true, "10.1.2.3": true, "172.16.0.1": true, "172.31.255.255": true, "192.168.1.1": true, "169.254.169.254": true,
		"100.64.0.1": true, "224.0.0.1": true, "255.255.255.255": true, "::": true, "::1": true, "fd00::1": true, "fe80::1": true, "ff02::1": true,
		"198.51.100.0": true, "198.51.100.255": true, "198.18.0.7": true, "2001:db8:1:ffff::": true,
		"203.0.113.9": false, "172.32.0.1": false, "192.169.0.1": false, "100.128.0.1": false, "198.51.101.0": false, "198.18.0.8": false, "2001:db8:2::1": false, "2a00::1": false,
	} {
		assert.Equal(t, expected, allowed.contains(netip.MustParseAddr(address)), address)
	}
}

// FuzzParseAddress holds that what goes into a script for nft is an address and nothing else.
func FuzzParseAddress(f *testing.F) {
	for _, label := range []string{"203.0.113.9", "[2001:db8::9]:443", "fe80::1%eth0 } flush ruleset", "::ffff:203.0.113.9", "203.0.113.9, 198.51.100.7"} {
		f.Add(label)
	}
	f.Fuzz(func(t *testing.T, label string) {
		address, err := parseAddress(label)
		if err != nil {
			return
		}
		assert.Regexp(t, `^[0-9a-f.:]+$`, address.String())
		assert.False(t, address.Is4In6(), "no packet has such an address")
	})
}
