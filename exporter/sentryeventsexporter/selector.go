package sentryeventsexporter

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
)

// breadcrumbsKey is the attribute that takes the breadcrumbs of an event through the
// queue, as JSON.
const breadcrumbsKey = "sentry.breadcrumbs"

// selector stands in front of the queue: it remembers breadcrumbs and lets through
// the records that become events. Behind the queue it would be too late, since
// batches overtake each other there.
type selector struct {
	exporter.Logs // the queue
	sender        *sender
	logger        *zap.Logger
	trails        *trails
	condition     *ottl.Condition[*ottllog.TransformContext]
}

func newSelector(s *sender, set exporter.Settings, queue exporter.Logs) (*selector, error) {
	condition, err := newCondition(s.cfg.Before, set.TelemetrySettings)
	if err != nil {
		return nil, fmt.Errorf("before is no condition: %w", err)
	}
	return &selector{Logs: queue, sender: s, logger: set.Logger, trails: newTrails(s.cfg.Breadcrumbs), condition: condition}, nil
}

// newCondition reads a condition; none is nil.
func newCondition(text string, set component.TelemetrySettings) (*ottl.Condition[*ottllog.TransformContext], error) {
	if text == "" {
		return nil, nil
	}
	if set.Logger == nil {
		set.Logger = zap.NewNop()
	}
	parser, err := ottllog.NewParser(ottlfuncs.StandardConverters[*ottllog.TransformContext](), set, ottllog.EnablePathContextNames())
	if err != nil {
		return nil, err
	}
	return parser.ParseCondition(text)
}

// ConsumeLogs takes all records and hands the events among them to the queue.
func (s *selector) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	events := plog.NewLogs()
	for _, rl := range logs.ResourceLogs().All() {
		var resource plog.ResourceLogs
		for _, sl := range rl.ScopeLogs().All() {
			var scope plog.ScopeLogs
			for _, record := range sl.LogRecords().All() {
				if record.SeverityNumber() < plog.SeverityNumberInfo {
					continue
				}
				trail := trailOf(rl.Resource(), record)
				if record.SeverityNumber() >= plog.SeverityNumberError && s.wanted(ctx, rl, sl, record) {
					if resource == (plog.ResourceLogs{}) {
						resource = events.ResourceLogs().AppendEmpty()
						rl.Resource().CopyTo(resource.Resource())
					}
					if scope == (plog.ScopeLogs{}) {
						scope = resource.ScopeLogs().AppendEmpty()
						sl.Scope().CopyTo(scope.Scope())
					}
					event := scope.LogRecords().AppendEmpty()
					record.CopyTo(event)
					attachBreadcrumbs(event, s.trails.before(trail, timeOf(record)))
				}
				s.trails.add(trail, newBreadcrumb(sl.Scope().Name(), record))
			}
		}
	}
	if events.LogRecordCount() == 0 {
		return nil
	}
	return s.Logs.ConsumeLogs(ctx, events)
}

// wanted reports whether a record becomes an event. One of which the condition cannot
// tell does.
func (s *selector) wanted(ctx context.Context, rl plog.ResourceLogs, sl plog.ScopeLogs, record plog.LogRecord) bool {
	if s.condition == nil {
		return true
	}
	tCtx := ottllog.NewTransformContextPtr(rl, sl, record)
	defer tCtx.Close()
	wanted, err := s.condition.Eval(ctx, tCtx)
	if err != nil {
		s.logger.Warn("The condition in before cannot be told of a record, which becomes an event", zap.Error(err))
		return true
	}
	if !wanted {
		s.sender.counters.ExporterSentryEventsSampledOut.Add(ctx, 1)
	}
	return wanted
}

func attachBreadcrumbs(event plog.LogRecord, crumbs []breadcrumb) {
	if len(crumbs) == 0 {
		return
	}
	if text, err := json.Marshal(crumbs); err == nil {
		event.Attributes().PutEmptyBytes(breadcrumbsKey).FromRaw(text)
	}
}

// timeOf returns when a record was made.
func timeOf(record plog.LogRecord) pcommon.Timestamp {
	if record.Timestamp() != 0 {
		return record.Timestamp()
	}
	return record.ObservedTimestamp()
}
