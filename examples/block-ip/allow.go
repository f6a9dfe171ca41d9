package main

import (
	"bufio"
	"fmt"
	"net/netip"
	"os"
	"strings"
)

// allowList are the networks that are never blocked.
type allowList []netip.Prefix

// alwaysAllowed are the networks of no client on the internet: those of this host, of its
// neighbours, which a proxy has too, and what is no sender's address.
func alwaysAllowed() allowList {
	var l allowList
	for _, network := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/4", "255.255.255.255/32",
		"::/127", "fc00::/7", "fe80::/10", "ff00::/8",
	} {
		l = append(l, netip.MustParsePrefix(network))
	}
	return l
}

// add takes an address or a network.
func (l *allowList) add(text string) error {
	network, err := netip.ParsePrefix(text)
	if err != nil {
		address, err := netip.ParseAddr(text)
		if err != nil {
			return fmt.Errorf("%q is neither an address nor a network: write 198.51.100.7 or 198.51.100.0/24", text)
		}
		network = netip.PrefixFrom(address, address.BitLen())
	}
	if address := network.Addr(); address.Is4In6() {
		return fmt.Errorf("%q is IPv4 written as IPv6: write %s", text, address.Unmap())
	}
	*l = append(*l, network.Masked())
	return nil
}

// addFile takes those of a file, one a line, with comments after a #.
func (l *allowList) addFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		text, _, _ := strings.Cut(lines.Text(), "#")
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if err := l.add(text); err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
	}
	return lines.Err()
}

func (l allowList) contains(address netip.Addr) bool {
	for _, network := range l {
		if network.Contains(address) {
			return true
		}
	}
	return false
}
