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
	firing := map[string]item{}
	for _, i := range items {
		if i.kind == firingKind {
			firing[keyOf(groupKind, i.name, i.number)] = i
		}
	}
	for _, i := range items {
		switch {
		case i.kind == firingKind:
		case r.restoreItem(rules[i.name], i, firing[i.key].value):
			delete(firing, i.key)
		default:
			r.gone[i.key] = nil
		}
	}
	for _, i := range firing {
		r.end(i)
	}
	return nil
}

// restoreItem takes over an item, a group with the beginning of its alert if that fires.
// It returns false for one that cannot be taken over.
func (r *ruler) restoreItem(of *rule.Rule, i item, beginning []byte) bool {
	switch {
	case i.kind == transitionKind:
		record, err := decoder.UnmarshalLogs(i.value)
		if err != nil || r.outbox == nil {
			return false
		}
		r.outbox.restore(i.number, record)
	case of == nil:
		return false
	case i.kind == seenKind:
		of.RestoreSeen(i.number, i.value)
	case i.kind == groupKind:
		if err := of.Restore(i.number, i.value, beginning); err != nil {
			r.logger.Info("The stored state of an alert is not taken over", zap.String("rule", i.name), zap.Error(err))
			return false
		}
	default:
		return false
	}
	return true
}

// end ends an alert that no rule has taken over: its rule is gone, or another one now.
func (r *ruler) end(i item) {
	r.gone[i.key] = nil
	if r.outbox == nil {
		return
	}
	if record, err := rule.Resolved(i.value, r.now(), 0); err == nil {
		r.enter(r.gone, record)
	}
}
