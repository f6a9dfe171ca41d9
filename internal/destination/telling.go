package destination

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Some destinations keep the good records of a request that they refuse, and tell which
// ones they have not kept. Loki does (3.7, pkg/validation/validate.go and
// pkg/ingester/stream.go), in the words below; so do those that are built on it.

// criterion tells the records that an answer refuses by a number or a time in it.
type criterion struct {
	pattern *regexp.Regexp
	refuses func(told string) (func(place) bool, bool)
}

var criteria = []criterion{
	{regexp.MustCompile(`has timestamp too old: \S+, oldest acceptable timestamp is: ([^\s,;']+)`), olderThan},
	{regexp.MustCompile(`entry too far behind, entry timestamp is: \S+, oldest acceptable timestamp is: ([^\s,;']+)`), olderThan},
	{regexp.MustCompile(`has timestamp too new: ([^\s,;']+)`), asNewAs},
	{regexp.MustCompile(`max entry size '(\d+)' bytes exceeded`), longerThan},
	{regexp.MustCompile(`structured metadata too large: '\d+' bytes, limit: '(\d+)'`), metadataLongerThan},
	{regexp.MustCompile(`too many structured metadata labels: '\d+', limit: '(\d+)'`), moreMetadataThan},
}

var (
	// keepsTheRest tells such answers, also where no criterion does.
	keepsTheRest = regexp.MustCompile(`\bfor stream '?\{|^stream '\{|total ignored: \d+ out of \d+`)
	// counted are the numbers of records in front of the reasons, and ignored that of one stream.
	counted = regexp.MustCompile(`(?:^|; )(\d+) errors like: `)
	ignored = regexp.MustCompile(`total ignored: (\d+) out of \d+`)
	// ofStream says that the labels of a stream are refused, and all of its records.
	ofStream = regexp.MustCompile(`has \d+ label names; limit|has label (?:name|value) too long|has duplicate label name|^missing required labels`)
	// label is one of a stream.
	label = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

// Told returns the records of a request that its answer refuses, if it tells that the
// others have been kept. What it does not tell clearly is among them: a record that is
// kept twice, here and there, is better than one that is lost or sent twice.
func (a *Answer) Told(logs plog.Logs) (*Partial, bool) {
	text := a.message()
	if !keepsTheRest.MatchString(text) {
		return nil, false
	}
	letters, told := refusedBy(text, logs), tellsOf(text)
	switch found := letters.LogRecordCount(); {
	case found < told && told >= logs.LogRecordCount(), ofStream.MatchString(text) && !ofSeveralStreams(logs, text):
		return nil, false // nothing was kept
	case found < told, ignored.MatchString(text) && ofSeveralStreams(logs, text):
		letters = logs
	}
	return a.partial(letters, text), true
}

// LeftOut returns the records of a request that was taken which have not been, if the
// answer tells which ones: so many, for what its message says.
func (a *Answer) LeftOut(logs plog.Logs, rejected int64, message string) (*Partial, bool) {
	letters := refusedBy(message, logs)
	return a.partial(letters, message), int64(letters.LogRecordCount()) == rejected
}

func (a *Answer) partial(letters plog.Logs, text string) *Partial {
	return &Partial{Refused: letters, Cause: Cause{Reason: refused, Status: a.Status, Answer: a.Printable(text)}}
}

// RejectedAll is the error of a request that was taken, and none of its records.
func (a *Answer) RejectedAll(message string) error {
	shown := a.Printable(message)
	return &Refusal{verdict: ContentRefused, status: a.Status, answer: shown, text: fmt.Sprintf("the destination answered %d and rejected all records of the request: %s", a.Status, shown)}
}

// refusedBy returns the records that a text refuses.
func refusedBy(text string, logs plog.Logs) plog.Logs {
	var refuses []func(place) bool
	for _, c := range criteria {
		for _, match := range c.pattern.FindAllStringSubmatch(text, -1) {
			if told, ok := c.refuses(match[1]); ok {
				refuses = append(refuses, told)
			}
		}
	}
	return where(logs, func(_ int, p place) bool {
		return slices.ContainsFunc(refuses, func(refuses func(place) bool) bool { return refuses(p) })
	})
}

// ofSeveralStreams reports whether records are of more streams than the one whose labels
// an answer has: of several that are refused, Loki names the last.
func ofSeveralStreams(logs plog.Logs, text string) bool {
	stream := map[string]string{}
	for _, label := range label.FindAllStringSubmatch(text, -1) {
		stream[label[1]] = label[2]
	}
	for _, rl := range logs.ResourceLogs().All() {
		for name, value := range rl.Resource().Attributes().All() {
			if told, ok := stream[strings.ReplaceAll(name, ".", "_")]; ok && told != value.AsString() {
				return true
			}
		}
	}
	return false
}

// tellsOf returns how many records an answer says that it refuses.
func tellsOf(text string) (records int) {
	for _, pattern := range []*regexp.Regexp{counted, ignored} {
		for _, match := range pattern.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(match[1])
			records += n
		}
	}
	return max(records, 1)
}

// olderThan is told in whole seconds, cut.
func olderThan(told string) (func(place) bool, bool) {
	cutoff, err := time.Parse(time.RFC3339, told)
	return func(p place) bool { return timeOf(p.record).AsTime().Before(cutoff.Add(time.Second)) }, err == nil
}

func asNewAs(told string) (func(place) bool, bool) {
	refused, err := time.Parse(time.RFC3339, told)
	return func(p place) bool { return !timeOf(p.record).AsTime().Before(refused) }, err == nil
}

func longerThan(told string) (func(place) bool, bool) {
	most, err := strconv.Atoi(told)
	return func(p place) bool { return len(p.record.Body().AsString()) > most }, err == nil
}

func metadataLongerThan(told string) (func(place) bool, bool) {
	most, err := strconv.Atoi(told)
	return func(p place) bool { bytes, _ := metadataOf(p); return bytes > most }, err == nil
}

func moreMetadataThan(told string) (func(place) bool, bool) {
	most, err := strconv.Atoi(told)
	return func(p place) bool { _, entries := metadataOf(p); return entries > most }, err == nil
}

// metadataOf returns the most that Loki may count as a record's structured metadata:
// all attributes, some of which may be labels, and seven fields of the record.
func metadataOf(p place) (bytes, entries int) {
	for _, attributes := range []pcommon.Map{p.resource.Attributes(), p.scope.Attributes(), p.record.Attributes()} {
		b, n := flattened("", attributes)
		bytes, entries = bytes+b, entries+n
	}
	const fields = "severity_numberseverity_textobserved_timestamptrace_idspan_idflagsscope_namescope_version"
	const values = 19 + 19 + 32 + 16 + 3
	return bytes + len(fields) + values + len(p.record.SeverityText()) + len(p.scope.Name()) + len(p.scope.Version()), entries + 8
}

func flattened(prefix string, attributes pcommon.Map) (bytes, entries int) {
	for name, value := range attributes.All() {
		name = strings.TrimPrefix(prefix+"_"+name, "_")
		if value.Type() == pcommon.ValueTypeMap {
			b, n := flattened(name, value.Map())
			bytes, entries = bytes+b, entries+n
			continue
		}
		bytes, entries = bytes+len(name)+len(value.AsString()), entries+1
	}
	return bytes, entries
}
