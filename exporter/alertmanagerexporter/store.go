package alertmanagerexporter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/storageclient"
)

const (
	// keyPrefix stands in front of an alert's fingerprint.
	keyPrefix = "alert."
	// saveAgain is the pause before a save that failed is tried again.
	saveAgain = time.Second
)

// store keeps the table's alerts in a storage, each under its fingerprint.
type store struct {
	client storage.Client
	table  *table
	logger *zap.Logger

	mu sync.Mutex
	// changed are the fingerprints of alerts that may be otherwise in the storage.
	changed map[string]bool
	// saved is closed when what has changed until now is saved, or could not be.
	saved chan struct{}
	// err is why the last save failed, if it did.
	err error

	wake chan struct{}
}

// openStore returns the store of an exporter, or nil without a storage.
func openStore(ctx context.Context, host component.Host, storageID *component.ID, of component.ID, t *table, logger *zap.Logger) (*store, error) {
	if storageID == nil {
		return nil, nil
	}
	client, err := storageclient.Open(ctx, host, *storageID, storageclient.Owner{Kind: component.KindExporter, ID: of, Name: "alerts"})
	if err != nil {
		return nil, err
	}
	s := newStore(client, t, logger)
	if err := s.load(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("storage %q: %w", storageID, err), client.Close(ctx))
	}
	return s, nil
}

func newStore(client storage.Client, t *table, logger *zap.Logger) *store {
	return &store{client: client, table: t, logger: logger, changed: map[string]bool{}, saved: make(chan struct{}), wake: make(chan struct{}, 1)}
}

// load puts the alerts of the last run into the table. One that cannot be read is passed
// over, and nothing is known of it.
func (s *store) load(ctx context.Context) error {
	items, err := storageclient.Items(ctx, s.client)
	if err != nil {
		return fmt.Errorf("cannot load the alerts: %w", err)
	}
	var alerts []*alert
	for _, item := range items {
		fingerprint, ok := strings.CutPrefix(item.Key, keyPrefix)
		if !ok {
			continue
		}
		a, err := parseAlert(fingerprint, item.Value)
		if err != nil {
			s.logger.Warn("A stored alert cannot be read and is passed over", zap.String("key", item.Key), zap.Error(err))
			s.changed[fingerprint] = true
			continue
		}
		alerts = append(alerts, a)
	}
	s.putAll(alerts)
	return nil
}

// putAll puts loaded alerts into the table, those that fire first: there may be less room
// than there was.
func (s *store) putAll(alerts []*alert) {
	slices.SortFunc(alerts, func(a, b *alert) int {
		if a.Resolved != b.Resolved {
			if b.Resolved {
				return -1
			}
			return 1
		}
		return a.Received.Compare(b.Received)
	})
	left := 0
	for _, a := range alerts {
		if _, dropped := s.table.put(a); dropped != nil {
			s.changed[a.Fingerprint] = true
			left++
		}
	}
	if left > 0 {
		s.logger.Error("There are more stored alerts than max_alerts; the others are not sent", zap.Int("alerts", left), zap.Int("max_alerts", s.table.most))
	}
}

var (
	errMissing    = errors.New("it is damaged")
	errNewer      = errors.New("a newer release has written it")
	errImpossible = errors.New("it has no name or no times")
)

// parseAlert reads an alert as it is stored.
func parseAlert(fingerprint string, value []byte) (*alert, error) {
	if value == nil {
		return nil, errMissing
	}
	stored := struct {
		alert
		// Version is for a release that stores something else.
		Version int `json:"version"`
	}{}
	if err := json.Unmarshal(value, &stored); err != nil {
		return nil, err
	}
	switch {
	case stored.Version != 0:
		return nil, errNewer
	case stored.name() == "" || stored.Starts.Unix() <= 0 || stored.Received.IsZero() || stored.Resolved == stored.Ends.IsZero():
		return nil, errImpossible
	}
	stored.Fingerprint = fingerprint
	return &stored.alert, nil
}

// save has alerts stored as they are, and returns what is closed when that is done, or
// could not be.
func (s *store) save(alerts []*alert) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range alerts {
		s.changed[a.Fingerprint] = true
	}
	s.signal()
	return s.saved
}

// signal wakes keep, if it has not been woken yet.
func (s *store) signal() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// keep saves what changes until the context ends. Those that wait for the same save share
// a transaction.
func (s *store) keep(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.wake:
		}
		if s.write(ctx) == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(saveAgain):
			s.signal()
		}
	}
}

// write stores what has changed, in one transaction.
func (s *store) write(ctx context.Context) error {
	s.mu.Lock()
	changed, saved := s.changed, s.saved
	s.changed, s.saved = map[string]bool{}, make(chan struct{})
	s.mu.Unlock()
	operations := make([]*storage.Operation, 0, len(changed))
	for fingerprint := range changed {
		operations = append(operations, s.operation(fingerprint))
	}
	var err error
	if len(operations) > 0 {
		err = s.client.Batch(ctx, operations...)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	if err != nil {
		for fingerprint := range changed {
			s.changed[fingerprint] = true
		}
	}
	close(saved)
	return err
}

func (s *store) operation(fingerprint string) *storage.Operation {
	a := s.table.get(fingerprint)
	if a == nil {
		return storage.DeleteOperation(keyPrefix + fingerprint)
	}
	value, _ := json.Marshal(a) // texts and times always marshal
	return storage.SetOperation(keyPrefix+fingerprint, value)
}

// failure returns why the last save failed, if it did.
func (s *store) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.err
}

// close saves what has changed, and lets go of the storage.
func (s *store) close(ctx context.Context) error {
	return errors.Join(s.write(ctx), s.client.Close(ctx))
}
