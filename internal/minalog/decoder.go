package minalog

import (
	"fmt"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/xpdata"

	"github.com/mina-observability/otelcol-mina/internal/pyformat"
)

// The values of [Config.Format].
const (
	// FormatAuto tells every line's format by the line itself, and unwraps the
	// lines of container runtimes.
	FormatAuto = "auto"
	// FormatJSON takes every line for a JSON record.
	FormatJSON = "json"
	// FormatText takes every line for a text record, one of gunicorn's lines, or
	// the continuation of the record above it.
	FormatText = "text"
	// FormatOTLPJSON takes every line for OTLP JSON, as dead-letter files have it.
	FormatOTLPJSON = "otlp_json"
)

// MaxDepth is how deep an attribute may nest. What lies deeper is kept as its JSON text.
const MaxDepth = 32

// Config says how lines are read. The zero value is not valid; see [DefaultConfig].
type Config struct {
	// Format is one of auto (default), json, text and otlp_json.
	Format string `mapstructure:"format"`
	// Fields names the fields of JSON records.
	Fields FieldNames `mapstructure:"fields"`
	// Timezone is the IANA name of the zone of timestamps without an offset, as
	// in text records. Default: UTC.
	Timezone string `mapstructure:"timezone"`
	// Text says how text records are laid out.
	Text TextConfig `mapstructure:"text"`
	// IncludeOriginal keeps the whole line as the attribute log.record.original.
	// Default: false.
	IncludeOriginal bool `mapstructure:"include_original"`
}

// TextConfig says how text records are laid out, beside the layouts that are known.
type TextConfig struct {
	// Layouts are formats of Python's logging, in "%" or "{" style, as the application
	// has them. They are tried in this order, before those that are known. Default: none.
	Layouts []string `mapstructure:"layouts"`
	_       struct{}
}

// DefaultConfig reads Mina's own log files.
func DefaultConfig() Config {
	return Config{Format: FormatAuto, Fields: DefaultFieldNames(), Timezone: "UTC"}
}

// Check reports an unknown format or time zone, a layout that is none, and contradicting field names. It is
// not called Validate, since a component's configuration that has this one among its
// own keys would have it reported twice, and under a key that does not exist.
func (c *Config) Check() error {
	switch c.Format {
	case FormatAuto, FormatJSON, FormatText, FormatOTLPJSON:
	default:
		return fmt.Errorf("format must be auto, json, text or otlp_json (got %q)", c.Format)
	}
	if _, err := time.LoadLocation(c.Timezone); err != nil {
		return fmt.Errorf("timezone must be an IANA name such as Europe/Berlin (got %q): %w", c.Timezone, err)
	}
	if _, err := compileLayouts(c.Text.Layouts); err != nil {
		return err
	}
	return c.Fields.check()
}

// Decoder turns lines into records. It keeps buffers between lines and must not
// be used by several goroutines at once.
type Decoder struct {
	format   string
	location *time.Location
	original bool
	json     jsonParser
	names    fieldLists
	// secondsRank is the rank of Google Cloud's flat form among the names of the time, 0
	// if it is none.
	secondsRank uint16
	found       candidates
	// raised is the exception of the record at hand, if it is not in the form of Mina's own.
	raised exception
	// attributes counts the members of the line's object that are no fields.
	attributes int
	// objects counts the objects, to tell the keys of one from those of another.
	objects  uint64
	builders [MaxDepth + 1]xpdata.MapBuilder
	attrs    sharedAttrs
	scratch  []byte
	line     []byte
	// form reads the records of forms, whose names nobody configures.
	form *Decoder
	// layouts are those that are configured, and values those of the last text record.
	layouts layouts
	heads   headReader
	values  pyformat.Values
	// pairs are those of the text record at hand.
	pairs []pair
}

// NewDecoder returns a decoder for a valid configuration.
func NewDecoder(c *Config) (*Decoder, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	location, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return nil, err
	}
	d := decoderOf(c.Fields.lists(), location)
	d.format, d.original = c.Format, c.IncludeOriginal
	d.heads.location = location
	d.layouts, err = compileLayouts(c.Text.Layouts)
	return d, err
}

func decoderOf(names fieldLists, location *time.Location) *Decoder {
	seconds := slices.Index(names[fieldTimestamp], timestampSeconds) + 1
	return &Decoder{location: location, json: jsonParser{keys: newKeys(names)}, names: names, secondsRank: uint16(seconds)} //nolint:gosec // a list of names is short
}

// Format is the shape of a line.
type Format uint8

// The formats of lines.
const (
	FormatOfJSON Format = iota
	FormatOfText
	FormatOfGunicorn
	FormatOfAccess
	FormatOfTraceback
	FormatOfOTLP
	FormatOfUnknown
	FormatOfBlank
	FormatCount
)

var formatNames = [FormatCount]string{"json", "text", "gunicorn", "access", "traceback", "otlp_json", "unknown", "blank"}

func (f Format) String() string { return formatNames[f] }

// Failure is a reason why a line is not a record.
type Failure uint8

// The reasons.
const (
	// InvalidJSON is a line that starts as an object and is not one, as after a crash.
	InvalidJSON Failure = iota
	// UnknownFormat is a line that none of the formats fits, as printed text.
	UnknownFormat
	// TooLong is a part of a line that is longer than a record may be.
	TooLong
	FailureCount
)

var failureNames = [FailureCount]string{"invalid_json", "unknown_format", "too_long"}

func (f Failure) String() string { return failureNames[f] }
