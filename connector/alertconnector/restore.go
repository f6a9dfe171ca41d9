package alertconnector

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/connector/alertconnector/internal/rule"
	"github.com/mina-observability/otelcol-mina/internal/storageclient"
)

// load takes over what the storage has.
func (r *ruler) load(ctx context.Context, host component.Host) error {
	if r.cfg.Storage == nil {
		return nil
	}
	client, err := storageclient.Open(ctx, host, *r.cfg.Storage, storageclient.Owner{Kind: component.KindConnector, ID: r.id})
	if err != nil {
		return err
	}
	if err := r.restore(ctx, client); err != nil {
		return errors.Join(fmt.Errorf("storage %q: %w", r.cfg.Storage, err), client.Close(ctx))
	}
	r.store.client = client
	return nil
}

// item is what is stored under a key.
type item struct {
	key, kind, name string
	number          uint64
	value           []byte
}

func (r *ruler) restore(ctx context.Context, client storage.Client) error {
	stored, err := storageclient.Items(ctx, client)
	if err != nil {
		return err
	}
	var items []item
	for _, each := range stored {
		if kind, name, number, err := parseKey(each.Key); err == nil {
			items = append(items, item{each.Key, kind, name, number, each.Value})
		}
	}
	slices.SortFunc(items, func(a, b item) int { return cmp.Compare(a.number, b.number) })
	rules := map[string]*rule.Rule{}
	for _, each := range r.evaluator.rules {
		rules[each.Name] = each
	}
	for _, i := range items {
		r.restoreItem(rules[i.name], i)
	}
	return nil
}

// restoreItem takes over an item. What cannot be taken over is removed, and the alert of
// a rule that is gone or is another one now ends.
func (r *ruler) restoreItem(of *rule.Rule, i item) {
	switch {
	case i.kind == transitionKind:
		if record, err := decoder.UnmarshalLogs(i.value); err == nil && r.outbox != nil {
			r.outbox.restore(i.number, record)
			return
		}
	case i.kind == seenKind && of != nil:
		of.RestoreSeen(i.number, i.value)
		return
	case i.kind == groupKind && of != nil:
		firing, err := of.Restore(i.number, i.value)
		if err == nil {
			return
		}
		r.logger.Info("The stored state of an alert is not taken over", zap.String("rule", i.name), zap.Error(err))
		r.end(i, firing)
		return
	case i.kind == groupKind:
		r.end(i, rule.FiringOf(i.value))
		return
	}
	r.gone[i.key] = nil
}

// end ends an alert whose rule does not know it, and removes what is stored of it.
func (r *ruler) end(i item, firing []byte) {
	r.gone[i.key] = nil
	if len(firing) == 0 || r.outbox == nil {
		return
	}
	if record, err := rule.Resolved(firing, r.now(), 0); err == nil {
		r.enter(r.gone, record)
	}
}
