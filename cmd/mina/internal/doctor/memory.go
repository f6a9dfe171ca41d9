package doctor

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/mina-observability/otelcol-mina/cmd/mina/internal/cli"
	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// program is what the collector takes beside what it limits.
const program = 40 << 20

// memory holds the collector's own limit against that of its control group.
func (e *examination) memory() Check {
	configured := 0.0
	processors := e.used("processors")
	for id := range processors {
		if limit, ok := processors.Section(id)["limit_mib"].(int); ok && rawconfig.Kind(id) == "memory_limiter" {
			configured = max(configured, float64(limit)*(1<<20))
		}
	}
	if configured == 0 {
		return warn("memory", "add the processor memory_limiter, as base.yaml has it", "no limit is configured")
	}
	process := "self"
	if e.running != nil {
		process = strconv.Itoa(e.running.PID)
	}
	limit := cgroupLimit("/", process)
	switch {
	case math.IsInf(limit, 1):
		return ok("memory", "%s may be used; its control group has no limit", cli.Bytes(configured))
	case configured+program > limit:
		return warn("memory", fmt.Sprintf("set MINA_MEMORY_MIB to %.0f or less, or allow more", max(limit-program, limit/2)/(1<<20)), "%s may be used, of %s that its control group may: it could be killed", cli.Bytes(configured), cli.Bytes(limit))
	}
	return ok("memory", "%s may be used, of %s that its control group may", cli.Bytes(configured), cli.Bytes(limit))
}

// cgroupLimit returns the least memory that a process's control group or one above it may
// use, in version 2 or 1, below a root; infinite without a limit.
func cgroupLimit(root, process string) float64 {
	text, _ := os.ReadFile(filepath.Join(root, "proc", process, "cgroup"))
	least := math.Inf(1)
	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.SplitN(line, ":", 3)
		if len(fields) != 3 {
			continue
		}
		mount, file := filepath.Join(root, "sys/fs/cgroup"), "memory.max"
		switch fields[1] {
		case "":
		case "memory":
			mount, file = filepath.Join(mount, "memory"), "memory.limit_in_bytes"
		default:
			continue
		}
		for group := filepath.Join("/", fields[2]); ; group = filepath.Dir(group) {
			least = min(least, readLimit(filepath.Join(mount, group, file)))
			if group == "/" {
				break
			}
		}
	}
	return least
}

// unlimited is less than what version 1 says where there is no limit.
const unlimited = 1 << 60

func readLimit(file string) float64 {
	text, err := os.ReadFile(file)
	if err != nil {
		return math.Inf(1)
	}
	limit, err := strconv.ParseFloat(strings.TrimSpace(string(text)), 64)
	if err != nil || limit >= unlimited {
		return math.Inf(1)
	}
	return limit
}
