package main

import (
	"context"
	"log/slog"
	"net/netip"
	"os"
	"regexp"
	"strconv"
	"time"
)

// dryRun says what would be done.
type dryRun struct {
	timeout time.Duration
	logger  *slog.Logger
}

func (d dryRun) block(_ context.Context, address netip.Addr) error {
	d.logger.Info("would block", "address", address, "timeout", d.timeout, "nft", blockScript(address, d.timeout))
	return nil
}

// effective are the capabilities of a process, proc(5).
var effective = regexp.MustCompile(`(?m)^CapEff:\s*([0-9a-f]+)$`)

// capNetAdmin is the number of CAP_NET_ADMIN, capabilities(7).
const capNetAdmin = 12

func mayChangeNftables() bool {
	status, err := os.ReadFile("/proc/self/status")
	return err == nil && hasNetAdmin(status)
}

func hasNetAdmin(status []byte) bool {
	match := effective.FindSubmatch(status)
	if match == nil {
		return false
	}
	set, err := strconv.ParseUint(string(match[1]), 16, 64)
	return err == nil && set&(1<<capNetAdmin) != 0
}
