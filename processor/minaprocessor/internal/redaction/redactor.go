package redaction

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/mina-observability/otelcol-mina/processor/minaprocessor/internal/names"
)

// Action is what happens to a hit.
type Action string

// The actions.
const (
	// Mask replaces a hit by [REDACTED:rule].
	Mask Action = "mask"
	// Hash replaces a hit by [HASHED:rule:…] with the first 16 hexadecimal digits
	// of its HMAC-SHA-256, so that equal values stay equal.
	Hash Action = "hash"
	// Drop removes the attribute that has a hit, and from a body the hit itself.
	Drop Action = "drop"
)

// MinHashKey is the length in bytes of the shortest key for Hash.
const MinHashKey = 32

// maxDepth is how deep attributes are looked into. What lies deeper goes whole.
const maxDepth = 64

// Options say what to remove and how.
type Options struct {
	Action  Action
	HashKey []byte
	// Rules names the rules to apply; nil is all.
	Rules []string
	// SensitiveKeys are words and phrases besides the default ones.
	SensitiveKeys []string
	// AllowedKeys are keys that are not sensitive, as they are written.
	AllowedKeys []string
}

// Redactor redacts records. It may be used by several goroutines at once.
type Redactor struct {
	action   Action
	hashKey  []byte
	anchors  *anchors
	keyWords *keyWords
	names    []string
	scanners sync.Pool
}

// New returns a redactor. The options must be valid; see Options.Validate.
func New(o Options) *Redactor {
	r := &Redactor{action: o.Action, hashKey: o.HashKey, keyWords: newKeyWords(o.SensitiveKeys, o.AllowedKeys)}
	var chosen []*rule
	for _, candidate := range rules {
		if o.Rules == nil || slices.Contains(o.Rules, candidate.name) {
			chosen = append(chosen, candidate)
		}
	}
	chosen = append(chosen, keyValue)
	for _, c := range chosen {
		r.names = append(r.names, c.name)
	}
	r.anchors = newAnchors(append(chosen, placeholder))
	r.scanners.New = func() any {
		return &scanner{
			Redactor: r,
			keys:     names.NewIndex(func(key string) attribute { return attribute{sensitive: r.keyWords.isSensitive(key)} }),
			textKeys: names.NewIndex(r.keyWords.isSensitive),
			counts:   make([]int64, len(r.names)),
		}
	}
	return r
}

// Validate reports an unknown action or rule, and a hash without a proper key.
func (o *Options) Validate() error {
	switch o.Action {
	case Mask, Drop:
	case Hash:
		if len(o.HashKey) < MinHashKey {
			return fmt.Errorf("hash_key must have at least %d bytes for action hash (got %d)", MinHashKey, len(o.HashKey))
		}
	default:
		return fmt.Errorf("action must be mask, hash or drop (got %q)", o.Action)
	}
	for _, name := range o.Rules {
		if !slices.Contains(RuleNames(), name) {
			return fmt.Errorf("rules: there is no rule %q; there are %s", name, strings.Join(RuleNames(), ", "))
		}
	}
	return nil
}

// Names returns the names that Session.Counts counts by.
func (r *Redactor) Names() []string { return r.names }

// Session redacts the records of one batch.
type Session struct{ s *scanner }

// Begin starts a session. End it when the batch is done.
func (r *Redactor) Begin() Session { return Session{r.scanners.Get().(*scanner)} }

// End calls count with the number of hits of each rule that had any, and ends
// the session.
func (s Session) End(count func(rule string, hits int64)) {
	for i, n := range s.s.counts {
		if n > 0 {
			count(s.s.names[i], n)
			s.s.counts[i] = 0
		}
	}
	s.s.text = ""
	s.s.scanners.Put(s.s)
}

// Resource redacts the attributes of a resource.
func (s Session) Resource(resource pcommon.Resource) { s.s.attributes(resource.Attributes(), 0) }

// Scope redacts a scope's name and attributes.
func (s Session) Scope(scope pcommon.InstrumentationScope) {
	if name, changed := s.s.redact(scope.Name()); changed {
		scope.SetName(name)
	}
	s.s.attributes(scope.Attributes(), 0)
}

// Record redacts a log record.
func (s Session) Record(record plog.LogRecord) {
	s.s.keys.Begin()
	s.s.value(record.Body(), 0)
	s.s.attributes(record.Attributes(), 0)
	if text, changed := s.s.redact(record.SeverityText()); changed {
		record.SetSeverityText(text)
	}
	if name, changed := s.s.redact(record.EventName()); changed {
		record.SetEventName(name)
	}
}

// attributes redacts a map.
func (s *scanner) attributes(m pcommon.Map, depth int) {
	drop := false
	for key, value := range m.All() {
		known := &s.keys.Find(key).Known
		if known.sensitive {
			drop = s.mask(value) || drop
			continue
		}
		if known.isClean(value) {
			continue
		}
		if s.value(value, depth+1) {
			drop = true
			continue
		}
		known.setClean(value)
	}
	if drop && s.action == Drop {
		m.RemoveIf(func(_ string, value pcommon.Value) bool {
			return value.Type() == pcommon.ValueTypeStr && value.Str() == dropped
		})
	}
}

// dropped stands for an attribute until it is removed.
const dropped = "\x00dropped"

// value redacts a value of any type and reports whether it has to be dropped.
func (s *scanner) value(v pcommon.Value, depth int) bool {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		text, changed := s.redact(v.Str())
		if !changed {
			return false
		}
		if s.action == Drop && depth > 0 {
			text = dropped
		}
		v.SetStr(text)
		return true
	case pcommon.ValueTypeInt, pcommon.ValueTypeDouble:
		return s.number(v)
	case pcommon.ValueTypeBytes:
		if text, changed := s.redact(string(v.Bytes().AsRaw())); changed {
			v.SetEmptyBytes().FromRaw([]byte(text))
		}
	case pcommon.ValueTypeMap:
		if depth > maxDepth {
			return s.mask(v)
		}
		s.attributes(v.Map(), depth)
	case pcommon.ValueTypeSlice:
		if depth > maxDepth {
			return s.mask(v)
		}
		for _, element := range v.Slice().All() {
			s.value(element, depth+1)
		}
		if s.action == Drop {
			v.Slice().RemoveIf(func(e pcommon.Value) bool { return e.Type() == pcommon.ValueTypeStr && e.Str() == dropped })
		}
	default:
	}
	return false
}

// smallestNumber has as many digits as the shortest number that a rule finds.
const smallestNumber = 1e12

// number redacts the decimal form of a number.
func (s *scanner) number(v pcommon.Value) bool {
	n := int64(0)
	if v.Type() == pcommon.ValueTypeInt {
		n = v.Int()
	} else if f := v.Double(); f == math.Trunc(f) && math.Abs(f) < 1<<63 {
		n = int64(f)
	}
	if n < smallestNumber {
		return false
	}
	text, changed := s.redact(strconv.FormatInt(n, 10))
	if !changed {
		return false
	}
	if s.action == Drop {
		text = dropped
	}
	v.SetStr(text)
	return true
}

// mask replaces the whole value of a sensitive key. What says nothing stays.
func (s *scanner) mask(v pcommon.Value) bool {
	switch v.Type() {
	case pcommon.ValueTypeEmpty, pcommon.ValueTypeBool:
		return false
	case pcommon.ValueTypeStr:
		if v.Str() == "" || s.isPlaceholder(v.Str()) {
			return false
		}
	default:
	}
	text := s.replace(keyValue, v.AsString())
	if s.action == Drop {
		text = dropped
	}
	v.SetStr(text)
	return true
}

const (
	maskPrefix = "[REDACTED:"
	hashPrefix = "[HASHED:"
	// hashDigits is the number of hexadecimal digits that are kept of a hash.
	hashDigits = 16
)

// replace returns what stands in for a hit.
func (s *scanner) replace(r *rule, text string) string {
	s.counts[slices.Index(s.names, r.name)]++
	switch s.action {
	case Hash:
		mac := hmac.New(sha256.New, s.hashKey)
		mac.Write([]byte(text))
		return hashPrefix + r.name + ":" + hex.EncodeToString(mac.Sum(nil))[:hashDigits] + "]"
	case Drop:
		return ""
	default:
		return maskPrefix + r.name + "]"
	}
}
