package opamp

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/open-telemetry/opamp-go/client/types"
	"github.com/open-telemetry/opamp-go/protobufs"
	"github.com/open-telemetry/opamp-go/server"
	servertypes "github.com/open-telemetry/opamp-go/server/types"
	"github.com/stretchr/testify/require"
	"google.golang.org/protobuf/encoding/protojson"
)

// fleet is an OpAMP server that keeps what a collector tells it.
type fleet struct {
	url string

	mu sync.Mutex
	// description, components, health and configuration are the last that have come, or nil.
	description   *protobufs.AgentDescription
	components    *protobufs.AvailableComponents
	health        *protobufs.ComponentHealth
	configuration *protobufs.EffectiveConfig
	instance      []byte
	capabilities  protobufs.AgentCapabilities
	connection    servertypes.Connection
	// all is everything, as text.
	all strings.Builder
}

// silent is what the server's own messages go to.
type silent struct{}

func (silent) Debugf(context.Context, string, ...any) {}
func (silent) Errorf(context.Context, string, ...any) {}

var _ types.Logger = silent{}

func startFleet(t *testing.T) *fleet {
	t.Helper()
	f := &fleet{}
	s := server.New(silent{})
	callbacks := servertypes.ConnectionCallbacks{OnMessage: f.take}
	require.NoError(t, s.Start(server.StartSettings{
		ListenEndpoint: "localhost:0",
		Settings: server.Settings{Callbacks: servertypes.Callbacks{OnConnecting: func(*http.Request) servertypes.ConnectionResponse {
			return servertypes.ConnectionResponse{Accept: true, ConnectionCallbacks: callbacks}
		}}},
	}))
	t.Cleanup(func() { require.NoError(t, s.Stop(context.Background())) })
	f.url = "ws://" + s.Addr().String() + "/v1/opamp"
	return f
}

func (f *fleet) take(_ context.Context, connection servertypes.Connection, message *protobufs.AgentToServer) *protobufs.ServerToAgent {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.connection, f.instance = connection, message.GetInstanceUid()
	f.capabilities = protobufs.AgentCapabilities(message.GetCapabilities())
	keep(&f.description, message.GetAgentDescription())
	keep(&f.components, message.GetAvailableComponents())
	keep(&f.health, message.GetHealth())
	keep(&f.configuration, message.GetEffectiveConfig())
	f.all.WriteString(protojson.Format(message))
	return &protobufs.ServerToAgent{InstanceUid: message.GetInstanceUid()}
}

// keep takes what a message has: those that have not changed are left out of it.
func keep[T any](last **T, next *T) {
	if next != nil {
		*last = next
	}
}

// sees asks for something that has come.
func (f *fleet) sees(condition func() bool) func() bool {
	return func() bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return condition()
	}
}

// send tells the collector to do something.
func (f *fleet) send(t *testing.T, message *protobufs.ServerToAgent) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	message.InstanceUid = f.instance
	require.NoError(t, f.connection.Send(t.Context(), message))
}

// attributes returns attributes by their keys.
func attributes(pairs []*protobufs.KeyValue) map[string]string {
	values := map[string]string{}
	for _, pair := range pairs {
		values[pair.GetKey()] = pair.GetValue().GetStringValue()
	}
	return values
}
