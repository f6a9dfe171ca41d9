package destination

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// TestUpstreamStillSaysThatItDropsWhatItGivesBack fails when exporterhelper does not say
// so of a batch whose sender has the error, and the records.
func TestUpstreamStillSaysThatItDropsWhatItGivesBack(t *testing.T) {
	core, logged := observer.New(zapcore.ErrorLevel)
	set := exportertest.NewNopSettings(component.MustNewType("any"))
	set.Logger = zap.New(core)
	refuse := func(context.Context, plog.Logs) error { return consumererror.NewPermanent(errors.New("refused")) }
	e, err := exporterhelper.NewLogs(t.Context(), set, struct{}{}, refuse, exporterhelper.WithQueue(DefaultQueue()))
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	require.ErrorContains(t, e.ConsumeLogs(t.Context(), logs), "refused")
	require.NoError(t, e.Shutdown(t.Context()))
	assert.NotZero(t, logged.FilterMessageSnippet("Dropping data").Len(),
		"exporterhelper says what is true: look at docs/decisions/008-exporter-messages.md again")
}
