package storageclient

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/extension/extensiontest"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.uber.org/goleak"

	"github.com/mina-observability/otelcol-mina/extension/statestorageextension"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// host has extensions by their ids.
type host map[component.ID]component.Component

func (h host) GetExtensions() map[component.ID]component.Component { return h }

var (
	storageID = component.MustNewID("state_storage")
	owner     = Owner{Kind: component.KindConnector, ID: component.MustNewID("alert"), Name: "rules"}
)

func TestItemsAreThoseThatWereStored(t *testing.T) {
	factory := statestorageextension.NewFactory()
	cfg := factory.CreateDefaultConfig().(*statestorageextension.Config)
	cfg.Directory = t.TempDir()
	extension, err := factory.Create(t.Context(), extensiontest.NewNopSettings(factory.Type()), cfg)
	require.NoError(t, err)
	require.NoError(t, extension.Start(t.Context(), nil))
	defer func() { require.NoError(t, extension.Shutdown(t.Context())) }()

	client, err := Open(t.Context(), host{storageID: extension}, storageID, owner)
	require.NoError(t, err)
	defer func() { require.NoError(t, client.Close(t.Context())) }()
	items, err := Items(t.Context(), client)
	require.NoError(t, err)
	assert.Empty(t, items)
	require.NoError(t, client.Set(t.Context(), "b", []byte("2")))
	require.NoError(t, client.Set(t.Context(), "a", []byte("1")))
	items, err = Items(t.Context(), client)
	require.NoError(t, err)
	assert.ElementsMatch(t, []Item{{"a", []byte("1")}, {"b", []byte("2")}}, items)
}

func TestAStorageThatCannotBeUsedIsNamed(t *testing.T) {
	_, err := Open(t.Context(), host{}, storageID, owner)
	require.EqualError(t, err, `storage: there is no extension "state_storage" in service::extensions`)
	_, err = Open(t.Context(), host{storageID: nil}, storageID, owner)
	require.EqualError(t, err, `storage: the extension "state_storage" is no storage`)
	_, err = Items(t.Context(), struct{ storage.Client }{})
	require.ErrorIs(t, err, errNoList)
}
