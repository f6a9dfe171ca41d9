package contract

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// Fault is how a request is treated that would be taken.
type Fault struct {
	Status     int
	RetryAfter int
}

// Double stands for a vendor.
type Double struct {
	*httptest.Server
	vendor Vendor

	mu sync.Mutex
	// fault says how a request is treated, by its number.
	fault    func(request int) Fault
	requests int
	// revoked says that no credentials are right any more.
	revoked bool

	taken      map[string]int
	samples    map[string]Sample
	violations []string
	longest    int
}

// Sample is a record as the vendor got it.
type Sample struct {
	Resource, Attributes map[string]any
	Scope                string
	Body                 string
	Severity             plog.SeverityNumber
}

// New starts a double on loopback.
func New(v Vendor) *Double {
	d := &Double{vendor: v, taken: map[string]int{}, samples: map[string]Sample{}}
	d.Server = httptest.NewServer(d)
	return d
}

// Env returns what the overlay needs to send to the double.
func (d *Double) Env() []string {
	env := append(slices.Clone(d.vendor.Env), d.vendor.Address+"="+d.URL+d.vendor.Base)
	if d.vendor.Tokens != nil {
		env = append(env, d.vendor.Tokens.Variable+"="+d.URL+tokenPath)
	}
	return env
}

// SetFault says how requests are treated from now on; nil takes them.
func (d *Double) SetFault(fault func(request int) Fault) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fault = fault
}

// Revoke makes credentials wrong, or right again.
func (d *Double) Revoke(revoked bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.revoked = revoked
}

// Requests returns how many requests have come.
func (d *Double) Requests() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.requests
}

// Taken returns how many different bodies have been taken, and how many records.
func (d *Double) Taken() (different, records int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, n := range d.taken {
		records += n
	}
	return len(d.taken), records
}

// Sample returns the record with a body.
func (d *Double) Sample(body string) (Sample, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s, ok := d.samples[body]
	return s, ok
}

// Violations returns what has broken the contract, and the longest request in bytes.
func (d *Double) Violations() (violations []string, longest int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string{}, d.violations...), d.longest
}

const (
	// maxBody bounds what is read of a request, in bytes.
	maxBody = 64 << 20
	// tokenPath is where tokens are had of those that hand them out.
	tokenPath = "/token"
	// maxViolations is how many violations are remembered.
	maxViolations = 20
)

func (d *Double) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.vendor.Tokens != nil && r.URL.Path == tokenPath {
		if err := d.vendor.Tokens.serveToken(w, r); err != nil {
			d.mu.Lock()
			defer d.mu.Unlock()
			d.violate(err.Error())
		}
		return
	}
	sent, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	d.mu.Lock()
	defer d.mu.Unlock()
	d.requests++
	if err != nil {
		return // the sender has gone
	}
	status, err := d.answer(r, sent)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(d.fault(d.requests).RetryAfter))
	}
	w.WriteHeader(status)
	if err != nil {
		if _, is := errors.AsType[*intendedError](err); !is {
			d.violate(err.Error())
		}
		_, _ = io.WriteString(w, err.Error())
	}
}

// quoted returns what servers quote of credentials, also in clear.
func quoted(r *http.Request) string {
	user, password, _ := r.BasicAuth()
	return fmt.Sprint(user, " ", password, " ", r.Header)
}

// intendedError is an error that a test asked for, and no violation.
type intendedError struct{ error }

func (d *Double) violate(what string) {
	if len(d.violations) < maxViolations {
		d.violations = append(d.violations, what)
	}
}

// answer checks a request in the order in which servers do.
func (d *Double) answer(r *http.Request, sent []byte) (status int, err error) {
	switch {
	case r.URL.Path != d.vendor.Path:
		return http.StatusNotFound, fmt.Errorf("path %s instead of %s", r.URL.Path, d.vendor.Path)
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, fmt.Errorf("method %s", r.Method)
	case d.revoked:
		return d.vendor.Refused, &intendedError{errors.New("invalid credentials: " + quoted(r))}
	}
	if err := d.vendor.authorized(r, sent); err != nil {
		return d.vendor.Refused, err
	}
	if r.Header.Get("Content-Type") != "application/x-protobuf" {
		return http.StatusUnsupportedMediaType, fmt.Errorf("content type %q", r.Header.Get("Content-Type"))
	}
	if r.ContentLength != int64(len(sent)) {
		return http.StatusLengthRequired, fmt.Errorf("content length %d of %d", r.ContentLength, len(sent))
	}
	var body []byte
	if encoding := r.Header.Get("Content-Encoding"); encoding != "gzip" {
		return http.StatusUnsupportedMediaType, fmt.Errorf("content encoding %q", encoding)
	}
	if body, err = gunzip(sent); err != nil {
		return http.StatusBadRequest, err
	}
	if d.fault != nil {
		if f := d.fault(d.requests); f.Status != 0 {
			return f.Status, &intendedError{fmt.Errorf("fault %d", f.Status)}
		}
	}
	request := plogotlp.NewExportRequest()
	if err := request.UnmarshalProto(body); err != nil {
		return http.StatusBadRequest, err
	}
	records := request.Logs().LogRecordCount()
	size := len(body) + records*d.vendor.PerRecord
	d.longest = max(d.longest, size)
	if size > d.vendor.MaxBytes || d.vendor.MaxRecords > 0 && records > d.vendor.MaxRecords {
		return http.StatusRequestEntityTooLarge, fmt.Errorf("%d bytes and %d records", size, records)
	}
	if err := d.check(request.Logs()); err != nil {
		return http.StatusBadRequest, err
	}
	return d.vendor.Taken, nil
}

func gunzip(sent []byte) ([]byte, error) {
	text, err := gzip.NewReader(bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(text, maxBody))
}

// check checks the records of a request, and remembers them if all are as they must be.
func (d *Double) check(logs plog.Logs) error {
	samples := []Sample{}
	for _, rl := range logs.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, record := range sl.LogRecords().All() {
				if err := d.checkRecord(record); err != nil {
					return err
				}
				if d.vendor.Record != nil {
					if err := d.vendor.Record(rl.Resource(), sl.Scope().Name(), record); err != nil {
						return err
					}
				}
				samples = append(samples, Sample{
					rl.Resource().Attributes().AsRaw(), record.Attributes().AsRaw(), sl.Scope().Name(), record.Body().AsString(), record.SeverityNumber(),
				})
			}
		}
	}
	for _, s := range samples {
		d.taken[s.Body]++
		d.samples[s.Body] = s
	}
	return nil
}

// checkRecord checks what every vendor needs.
func (d *Double) checkRecord(record plog.LogRecord) error {
	switch {
	case d.vendor.Past > 0 && record.Timestamp() != 0 && time.Since(record.Timestamp().AsTime()) > d.vendor.Past:
		return errors.New("a record is too old")
	case record.Body().Type() != pcommon.ValueTypeStr:
		return fmt.Errorf("a body is %s", record.Body().Type())
	case !utf8.ValidString(record.Body().Str()):
		return errors.New("a body is not UTF-8")
	case record.ObservedTimestamp() == 0:
		return errors.New("a record has no observed time")
	case record.Timestamp().AsTime().After(time.Now().Add(2 * time.Hour)):
		return errors.New("a record is of the future")
	}
	for key, value := range record.Attributes().All() {
		if !utf8.ValidString(key) || value.Type() == pcommon.ValueTypeStr && !utf8.ValidString(value.Str()) {
			return fmt.Errorf("attribute %q is not UTF-8", key)
		}
	}
	return nil
}
