package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

const (
	// batchLen is how many records come at a time.
	batchLen = 500
	// different is how many batches are different from each other: more records than a
	// rule knows again.
	different = 200
	// rounds is how often all of them are measured: the cheapest round counts, since what
	// else the machine does makes it none cheaper.
	rounds = 10
)

// record is what the records of a measurement differ in.
type record struct {
	severity plog.SeverityNumber
	body     string
	address  string
}

// batch makes records as the processor mina hands them on, 12 attributes each, from the
// first-th on.
func batch(first, n int, each func(i int) record) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutInt("process.pid", 10177)
	rl.Resource().Attributes().PutStr("host.name", "mina-prod-01")
	scope := rl.ScopeLogs().AppendEmpty()
	scope.Scope().SetName("services.transcription")
	for i := first; i < first+n; i++ {
		r := each(i)
		l := scope.LogRecords().AppendEmpty()
		l.SetSeverityNumber(r.severity)
		l.Body().SetStr(r.body)
		attributes := l.Attributes()
		attributes.PutStr("mina.request.id", fmt.Sprintf("%08x-d9cb-469f-a165-8008ec5baf90", i))
		attributes.PutStr("code.function.name", "process")
		attributes.PutInt("code.line.number", 117)
		attributes.PutInt("thread.id", 140245896464960)
		attributes.PutStr("thread.name", "MainThread")
		attributes.PutStr("http.request.method", "POST")
		attributes.PutStr("url.path", "/api/meetings")
		attributes.PutInt("http.response.status_code", 200)
		attributes.PutStr("client.address", r.address)
		attributes.PutStr("user.id", "42")
		attributes.PutDouble("processing_time_ms", 12.5)
		attributes.PutStr("log.record.uid", fmt.Sprintf("%026d", i))
	}
	happen(logs)
	return logs
}

func address(i int) string { return fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255) }

func ordinary(int) record {
	return record{plog.SeverityNumberInfo, "Transcription of meeting 4711 finished after 12.5 s", "203.0.113.9"}
}

// failedLogin is one from so many addresses.
func failedLogin(addresses int) func(int) record {
	return func(i int) record {
		return record{plog.SeverityNumberWarn, "Login failed for ana", address(i % addresses)}
	}
}

// printRecords prints what a record costs. The rule SlowProcessing has to look at each of
// them, as it has the attribute that makes up its row.
func printRecords() error {
	fmt.Printf("\nTen rules, batches of %d records with 12 attributes:\n\n| | CPU ns a record | allocations | bytes |\n|---|---:|---:|---:|\n", batchLen)
	for _, measured := range []struct {
		name   string
		stored bool
		each   func(int) record
	}{
		{"none matches", true, ordinary},
		{"one matches, without storage", false, failedLogin(1)},
		{"one matches, of one group", true, failedLogin(1)},
		{"one matches, of a thousand groups", true, failedLogin(1000)},
	} {
		result, err := cost(measured.stored, measured.each)
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %.0f | %.3f | %.0f |\n", measured.name, result.nanoseconds, result.allocations, result.bytes)
	}
	return nil
}

// spent is what a record costs, in CPU time of the whole process.
type spent struct{ nanoseconds, allocations, bytes float64 }

// cost measures batches of records that happen as they are offered.
func cost(stored bool, each func(int) record) (s spent, err error) {
	folder := ""
	if stored {
		if folder, err = os.MkdirTemp("", "alerts"); err != nil {
			return s, err
		}
		defer func() { _ = os.RemoveAll(folder) }()
	}
	a, err := start(tenRules, folder)
	if err != nil {
		return s, err
	}
	batches := make([]plog.Logs, different)
	for i := range batches {
		batches[i] = batch(i*batchLen, batchLen, each)
	}
	offer := func(i int) error {
		happen(batches[i%different])
		return a.ConsumeLogs(context.Background(), batches[i%different])
	}
	for i := range different {
		if err := offer(i); err != nil {
			return s, err
		}
	}
	for round := range rounds {
		before := now()
		for i := range different {
			if err := offer(i); err != nil {
				return s, err
			}
		}
		if now := now().since(before, different*batchLen); round == 0 || now.nanoseconds < s.nanoseconds {
			s = now
		}
	}
	return s, a.stop()
}

// happen has the records of a batch happen now.
func happen(logs plog.Logs) {
	at := pcommon.NewTimestampFromTime(time.Now())
	for i, l := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		l.SetTimestamp(at + pcommon.Timestamp(i))
		l.SetObservedTimestamp(at + pcommon.Timestamp(i))
	}
}

// meters are what the process has used.
type meters struct {
	cpu time.Duration
	mem runtime.MemStats
}

func now() *meters {
	m := &meters{}
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	m.cpu = time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	runtime.ReadMemStats(&m.mem)
	return m
}

func (m *meters) since(before *meters, records int) spent {
	n := float64(records)
	return spent{
		nanoseconds: float64(m.cpu-before.cpu) / n,
		allocations: float64(m.mem.Mallocs-before.mem.Mallocs) / n,
		bytes:       float64(m.mem.TotalAlloc-before.mem.TotalAlloc) / n,
	}
}
