package condition

import (
	"context"
	"errors"
	"strings"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/contexts/ottllog"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/ottl/ottlfuncs"
	"go.opentelemetry.io/collector/component"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/field"
)

// Condition is an OTTL condition on a log record.
type Condition struct {
	ottl  *ottl.Condition[*ottllog.TransformContext]
	guard guard
}

// Parse reads a condition, in which paths may be written with the name of their context
// (log.body) or, if it is log, without.
func Parse(text string, set component.TelemetrySettings) (*Condition, error) {
	if set.Logger == nil {
		set.Logger = zap.NewNop()
	}
	parser, err := ottllog.NewParser(ottlfuncs.StandardConverters[*ottllog.TransformContext](), set)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseCondition(text)
	if err != nil {
		return nil, errors.New(strings.Join(strings.Fields(err.Error()), " "))
	}
	return &Condition{ottl: parsed, guard: guardOf(text)}, nil
}

// Match reports whether a record meets the condition. One of which OTTL cannot tell does
// not.
func (c *Condition) Match(ctx context.Context, s field.Source) (bool, error) {
	if met, known := c.guard.decides(&s); known {
		return met, nil
	}
	return c.decide(ctx, s)
}

// decide asks OTTL alone.
func (c *Condition) decide(ctx context.Context, s field.Source) (bool, error) {
	tCtx := ottllog.NewTransformContextPtr(s.Resource, s.Scope, s.Record)
	defer tCtx.Close()
	met, err := c.ottl.Eval(ctx, tCtx)
	return met && err == nil, err
}
