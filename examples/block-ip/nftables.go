package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// blocker has the packets of an address dropped for a while.
type blocker interface {
	block(ctx context.Context, address netip.Addr) error
}

const (
	// table is block-ip's own, so that it changes nobody else's rules.
	table = "inet mina_block"
	// setSize is how many addresses of a family are blocked at the same time.
	setSize = 65536
	// nftTimeout is how long one run of nft may take.
	nftTimeout = 5 * time.Second
	// maxMessage is how much of what nft says is logged.
	maxMessage = 1024
)

// The packets are dropped before they are routed, since those for a container are
// forwarded, and never come to the hook input.
const ruleset = `add table ` + table + `
add set ` + table + ` ipv4 { type ipv4_addr; flags timeout; size %[1]d; }
add set ` + table + ` ipv6 { type ipv6_addr; flags timeout; size %[1]d; }
add chain ` + table + ` prerouting { type filter hook prerouting priority raw; policy accept; }
add rule ` + table + ` prerouting ip saddr @ipv4 drop
add rule ` + table + ` prerouting ip6 saddr @ipv6 drop
`

// command runs nft with a script, and returns what it printed.
type command func(ctx context.Context, script string) (string, error)

// nft returns the real program.
func nft(path string) command {
	return func(ctx context.Context, script string) (string, error) {
		ctx, cancel := context.WithTimeout(ctx, nftTimeout)
		defer cancel()
		cmd := exec.CommandContext(ctx, path, "--terse", "-f", "-")
		cmd.Env = append(os.Environ(), "LC_ALL=C")
		cmd.Stdin = strings.NewReader(script)
		var output, message bytes.Buffer
		cmd.Stdout, cmd.Stderr = &output, &message
		if err := cmd.Run(); err != nil {
			return "", fmt.Errorf("nft: %w: %s", err, message.Next(maxMessage))
		}
		return output.String(), nil
	}
}

// nftables blocks addresses in sets of nftables, whose elements expire.
type nftables struct {
	run     command
	size    int
	timeout time.Duration
	logger  *slog.Logger

	mu sync.Mutex
}

func (t *nftables) block(ctx context.Context, address netip.Addr) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	script := blockScript(address, t.timeout)
	_, err := t.run(ctx, script)
	if err != nil && strings.Contains(err.Error(), missing) {
		if err = t.prepare(ctx); err == nil {
			_, err = t.run(ctx, script)
		}
	}
	if err != nil {
		return err
	}
	t.logger.Info("blocked", "address", address, "timeout", t.timeout)
	return nil
}

// missing is what nft says when the table is gone, as after a reload of /etc/nftables.conf.
const missing = "No such file or directory"

// prepare makes what is missing of the table, in one transaction. To look takes more than a
// second when the sets are full.
func (t *nftables) prepare(ctx context.Context) error {
	rules, err := t.run(ctx, "list chain "+table+" prerouting\n")
	if err == nil && strings.Contains(rules, "@ipv4 drop") && strings.Contains(rules, "@ipv6 drop") {
		return nil
	}
	_, err = t.run(ctx, fmt.Sprintf(ruleset, t.size))
	return err
}

// blockScript puts an address into its set. The time of an element that is there already
// cannot be changed in all kernels, so that it is taken out and put in anew, in one
// transaction; the first line is for the delete, which fails without an element.
func blockScript(address netip.Addr, timeout time.Duration) string {
	set := "ipv4"
	if address.Is6() {
		set = "ipv6"
	}
	return fmt.Sprintf(`add element %[1]s %[2]s { %[3]s }
delete element %[1]s %[2]s { %[3]s }
add element %[1]s %[2]s { %[3]s timeout %[4]ds }
`, table, set, address, int64(math.Ceil(timeout.Seconds())))
}
