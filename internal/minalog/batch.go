package minalog

import (
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/internal/pyjson"
)

// Batch gathers decoded records: one ResourceLogs a process of a host or container, in
// it one ScopeLogs a logger. Within each, records stay in the order of the file;
// over all of them the observed timestamps, which differ by a nanosecond, keep it.
//
// A Batch must not be used by several goroutines at once.
type Batch struct {
	logs      plog.Logs
	resources map[process]plog.ScopeLogsSlice
	scopes    map[scope]plog.LogRecordSlice
	// containers are those that records come from, first that of no container, and
	// container is the place of the one that the next come from.
	containers []Container
	container  int
	last       scope
	lastSlice  plog.LogRecordSlice
	len        int
	observed   pcommon.Timestamp
	text       arena

	// Lines counts the lines by format, of records that are in this batch.
	Lines [FormatCount]int64
	// Failures counts by reason the lines that could not be read.
	Failures [FailureCount]int64
	// Cut counts the records that are a piece of what had to be cut.
	Cut int64
	// NULs counts the NULs that were passed over.
	NULs int64
}

type process struct {
	container int
	host, pid string
}

type scope struct {
	process
	logger string
}

// NewBatch returns an empty batch of records that are observed now.
func NewBatch(now time.Time) *Batch {
	return &Batch{
		logs:       plog.NewLogs(),
		containers: make([]Container, 1),
		resources:  map[process]plog.ScopeLogsSlice{},
		scopes:     map[scope]plog.LogRecordSlice{},
		observed:   pcommon.NewTimestampFromTime(now),
	}
}

// Logs returns the records. The batch must not be written to afterwards.
func (b *Batch) Logs() plog.Logs { return b.logs }

// Len returns the number of records.
func (b *Batch) Len() int { return b.len }

// from says which container the records come from that are added next.
func (b *Batch) from(container Container) {
	at := slices.Index(b.containers, container)
	if at < 0 {
		at = len(b.containers)
		b.containers = append(b.containers, container)
	}
	if at != b.container {
		b.container, b.lastSlice = at, plog.LogRecordSlice{}
	}
}

// add appends a record of the given process and logger.
func (b *Batch) add(host, pid, logger string) plog.LogRecord {
	if b.lastSlice == (plog.LogRecordSlice{}) || b.last.logger != logger || b.last.pid != pid || b.last.host != host {
		b.selectScope(host, pid, logger)
	}
	b.len++
	record := b.lastSlice.AppendEmpty()
	record.SetObservedTimestamp(b.observed)
	b.observed++
	return record
}

// adopt appends records with resources and scopes of their own.
func (b *Batch) adopt(logs plog.Logs) {
	b.len += logs.LogRecordCount()
	logs.ResourceLogs().MoveAndAppendTo(b.logs.ResourceLogs())
}

func (b *Batch) selectScope(host, pid, logger string) {
	b.last = scope{process{b.container, host, pid}, logger}
	if slice, ok := b.scopes[b.last]; ok {
		b.lastSlice = slice
		return
	}
	scopeLogs, ok := b.resources[b.last.process]
	if !ok {
		rl := b.logs.ResourceLogs().AppendEmpty()
		b.containers[b.container].apply(rl.Resource().Attributes())
		scopeLogs = rl.ScopeLogs()
		b.resources[b.last.process] = scopeLogs
	}
	sl := scopeLogs.AppendEmpty()
	sl.Scope().SetName(b.last.logger)
	b.lastSlice = sl.LogRecords()
	b.scopes[b.last] = b.lastSlice
}

// arena keeps copies of texts in few, large allocations.
type arena struct{ chunk strings.Builder }

// The length in bytes of the first chunk and of the longest.
const (
	minArenaChunk = 2 << 10
	maxArenaChunk = 64 << 10
)

func (a *arena) keep(text []byte) string {
	if len(text) > maxArenaChunk/8 {
		return string(text)
	}
	start := a.reserve(len(text))
	a.chunk.Write(text)
	return a.chunk.String()[start:]
}

// unescape keeps the text of a JSON string.
func (a *arena) unescape(text string) string {
	if len(text) > maxArenaChunk/8 {
		var own strings.Builder
		own.Grow(len(text))
		pyjson.Unescape(&own, text)
		return own.String()
	}
	start := a.reserve(len(text))
	pyjson.Unescape(&a.chunk, text)
	return a.chunk.String()[start:]
}

// reserve makes room for n bytes and returns where they begin.
func (a *arena) reserve(n int) (start int) {
	if a.chunk.Cap()-a.chunk.Len() < n {
		size := min(max(2*a.chunk.Cap(), minArenaChunk, n), maxArenaChunk)
		a.chunk = strings.Builder{}
		a.chunk.Grow(size)
	}
	return a.chunk.Len()
}
