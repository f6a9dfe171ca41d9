package main

import "net/netip"

// parseAddress returns the address in a label. A port goes, since some proxies put one
// into X-Forwarded-For, and a zone, which says nothing outside of its host. An IPv4 address
// that is mapped to IPv6 is what packets have: IPv4.
func parseAddress(label string) (netip.Addr, error) {
	address, err := netip.ParseAddr(label)
	if err != nil {
		var withPort netip.AddrPort
		if withPort, err = netip.ParseAddrPort(label); err != nil {
			return netip.Addr{}, err
		}
		address = withPort.Addr()
	}
	return address.Unmap().WithZone(""), nil
}
