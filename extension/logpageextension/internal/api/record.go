package api

import (
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/mina-observability/otelcol-mina/extension/logpageextension/internal/engine"
	"github.com/mina-observability/otelcol-mina/internal/pytrace"
)

// record is a record as the page has it.
type record struct {
	ID             string            `json:"id"`
	Time           string            `json:"time"`
	Severity       string            `json:"severity"`
	Level          string            `json:"level"`
	SeverityNumber int               `json:"severity_number"`
	Logger         string            `json:"logger"`
	Host           string            `json:"host"`
	Service        string            `json:"service"`
	Body           string            `json:"body"`
	Fields         map[string]string `json:"fields"`
	// Traceback are the lines of the traceback, if there is one.
	Traceback []tracebackLine `json:"traceback,omitempty"`

	at   time.Time
	hash uint64
	// unique says that no two records have the hash, so that another with it is the same
	// record once more.
	unique bool
	size   int
}

type tracebackLine struct {
	Text string `json:"text"`
	// Application says that the line shows a call of the application.
	Application bool `json:"application"`
}

// uid is the attribute by which a record is known, also when it has been sent again.
const uid = "log.record.uid"

// ofTheStore are fields that the store makes itself. Others may begin so.
var ofTheStore = []string{"_time", "_msg", "_stream", "_stream_id"}

// newRecord returns the record of a row. The row becomes its fields.
func newRecord(row engine.Row) (*record, error) {
	at, err := engine.Time(row["_time"])
	if err != nil {
		return nil, err
	}
	r := &record{
		Time: row["_time"], Body: row["_msg"], Severity: row["severity_text"], Logger: row["scope.name"],
		Host: row["host.name"], Service: row["service.name"], Fields: row, at: at,
	}
	r.SeverityNumber, _ = strconv.Atoi(row["severity_number"])
	r.Level = levelOf(r.SeverityNumber)
	for name, value := range row {
		r.size += len(name) + len(value)
	}
	r.hash, r.unique = identity(row)
	r.ID = idOf(r.at, r.hash)
	for _, name := range ofTheStore {
		delete(row, name)
	}
	if trace := row["exception.stacktrace"]; trace != "" {
		for text, application := range pytrace.Marked(trace) {
			r.Traceback = append(r.Traceback, tracebackLine{text, application})
		}
	}
	return r, nil
}

// identity returns a hash of what tells a record from others of its time, and whether no
// other record has the same.
func identity(row engine.Row) (hash uint64, unique bool) {
	if value, ok := row[uid]; ok {
		return hashOf(uid, value), true
	}
	for name, value := range row {
		hash += hashOf(name, value) // a sum, since the fields come in no order
	}
	return hash, false
}

// hashOf is FNV-1a of a name and its value.
func hashOf(name, value string) uint64 {
	const offset, prime = 14695981039346656037, 1099511628211
	hash := uint64(offset)
	for i := range len(name) {
		hash = (hash ^ uint64(name[i])) * prime
	}
	hash *= prime // a zero in between
	for i := range len(value) {
		hash = (hash ^ uint64(value[i])) * prime
	}
	return hash
}

// levels are the names of the ranges of severity numbers, in OpenTelemetry's order.
var levels = [...]string{"trace", "debug", "info", "warn", "error", "fatal"}

func levelOf(number int) string {
	if number < 1 || number > 4*len(levels) {
		return ""
	}
	return levels[(number-1)/4]
}

// idOf returns the name of a record: its time, by which it is found, and its hash.
func idOf(at time.Time, hash uint64) string {
	var id [16]byte
	binary.BigEndian.PutUint64(id[:8], uint64(at.UnixNano()))
	binary.BigEndian.PutUint64(id[8:], hash)
	return base64.RawURLEncoding.EncodeToString(id[:])
}

func readID(text string) (at time.Time, hash uint64, ok bool) {
	id, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(id) != 16 {
		return time.Time{}, 0, false
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(id[:8]))).UTC(), binary.BigEndian.Uint64(id[8:]), true
}
