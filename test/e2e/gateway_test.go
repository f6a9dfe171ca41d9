package e2e

import (
	"bytes"
	"crypto/tls"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// gateway is the shipped set-up that takes OTLP from other collectors.
func gateway(state, endpoint, delivery string) program.Settings {
	return program.Settings{
		Configs: []string{"base.yaml", "gateway-otlp.yaml", "otlp.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + state, "OTLP_ENDPOINT=" + endpoint, "MINA_DELIVERY=" + delivery},
	}
}

func TestGatewayHandsOnWhatAgentsHaveRedacted(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t)
			g := startCollector(t, gateway(t.TempDir(), e.URL, delivery))
			path := filepath.Join(t.TempDir(), "app.log")
			appendTo(t, path, `{"timestamp": "2025-10-01T16:12:05Z", "level": "INFO", "logger": "app", "message": "password=hunter2"}`+"\n")
			startCollector(t, program.OTLP(t.TempDir(), path, "http://"+g.OTLP, delivery))
			eventually(t, func() bool { return len(e.records()) == 1 }, "the record")
			record := e.records()[0]
			assert.Equal(t, "password=[REDACTED:sensitive_key]", record.Body().AsString())
			assert.Equal(t, "mina", record.resource["service.name"])
			assert.Equal(t, "app", record.scope)
		})
	}
}

// TestGatewayAnswersWhenTheDestinationHasTheRecords, and not before, so that its end
// loses nothing.
func TestGatewayAnswersWhenTheDestinationHasTheRecords(t *testing.T) {
	t.Parallel()
	const records = 2000
	e := newEndpoint(t)
	e.setRefuse(func() int { return http.StatusServiceUnavailable })
	state := t.TempDir()
	g := startCollector(t, gateway(state, e.URL, "acknowledged"))
	path := filepath.Join(t.TempDir(), "app.log")
	appendTo(t, path, numbered(0, records))
	agent := startCollector(t, program.OTLP(t.TempDir(), path, "http://"+g.OTLP, "acknowledged"))
	eventually(t, func() bool { return agent.Health("logs/otlp") != http.StatusOK }, "the agent waits")
	assert.Equal(t, http.StatusOK, g.Health("logs"), "a balancer need not take it away")
	g.Kill()
	e.setRefuse(nil)
	again := gateway(state, e.URL, "acknowledged")
	again.Overrides = []string{"receivers::otlp::protocols::http::endpoint: " + g.OTLP}
	startCollector(t, again)
	eventually(t, func() bool { return len(e.bodies()) == records }, "all")
	eventually(t, func() bool { return agent.Health("logs/otlp") == http.StatusOK }, "healthy again")
}

func TestGatewayOverGRPC(t *testing.T) {
	t.Parallel()
	e := newEndpoint(t)
	g := startCollector(t, gateway(t.TempDir(), e.URL, "acknowledged"))
	connection, err := grpc.NewClient(g.GRPC, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	t.Cleanup(func() { _ = connection.Close() })
	request := plogotlp.NewExportRequest()
	request.Logs().ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("over gRPC")
	client := plogotlp.NewGRPCClient(connection)
	_, err = client.Export(t.Context(), request)
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"over gRPC": 1}, e.bodies())
}

// fromKafka is the shipped set-up that delivers what is in Kafka.
func fromKafka(b *broker, state, endpoint, delivery string) program.Settings {
	return program.Settings{
		Configs: []string{"base.yaml", "gateway-kafka.yaml", "otlp.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + state, "KAFKA_SOURCE_BROKERS=" + b.address, "OTLP_ENDPOINT=" + endpoint, "MINA_DELIVERY=" + delivery},
	}
}

// TestKafkaDeliversEveryRecordOnceAndKeepsWhatIsNone takes records from a file through
// Kafka, among messages that are none.
func TestKafkaDeliversEveryRecordOnceAndKeepsWhatIsNone(t *testing.T) {
	for _, delivery := range deliveries {
		t.Run(delivery, func(t *testing.T) {
			t.Parallel()
			const records = 5000
			b, e, state := newBroker(t, kfake.SeedTopics(3, kafkaTopic)), newEndpoint(t), t.TempDir()
			path := filepath.Join(t.TempDir(), "app.log")
			appendTo(t, path, numbered(0, records/2))
			startCollector(t, toKafka(b, t.TempDir(), path, delivery))
			client := b.client(t)
			for range 3 {
				require.NoError(t, client.ProduceSync(t.Context(), &kgo.Record{Topic: kafkaTopic, Value: []byte("no record")}).FirstErr())
			}
			g := startCollector(t, fromKafka(b, state, e.URL, delivery))
			appendTo(t, path, numbered(records/2, records))
			eventually(t, func() bool { return len(e.bodies()) == records }, "all")
			e.requireNumbered(t, records, 1)
			eventually(t, func() bool {
				letters, _ := os.ReadFile(filepath.Join(state, "dead-letter", "lossless_kafka.jsonl"))
				return bytes.Count(letters, []byte("unreadable")) == 3
			}, "what is no record")
			assert.Equal(t, http.StatusOK, g.Health("logs"))
		})
	}
}

// TestKafkaHoldsWhatADestinationDoesNotTake, over the end of the gateway.
func TestKafkaHoldsWhatADestinationDoesNotTake(t *testing.T) {
	t.Parallel()
	const records = 2000
	b, e, state := newBroker(t, kfake.SeedTopics(1, kafkaTopic)), newEndpoint(t), t.TempDir()
	e.setRefuse(func() int { return http.StatusServiceUnavailable })
	path := filepath.Join(t.TempDir(), "app.log")
	appendTo(t, path, numbered(0, records))
	startCollector(t, toKafka(b, t.TempDir(), path, "acknowledged"))
	g := startCollector(t, fromKafka(b, state, e.URL, "acknowledged"))
	eventually(t, func() bool { return g.Health("logs/otlp") != http.StatusOK }, "the destination is unhealthy")
	assert.Equal(t, http.StatusOK, g.Health("logs"), "the gateway is not")
	g.Kill()
	e.setRefuse(nil)
	startCollector(t, fromKafka(b, state, e.URL, "acknowledged"))
	eventually(t, func() bool { return len(e.bodies()) == records }, "all")
}

// TestKafkaThatWantsTLSAndALogin, which the variables have, and a password that is wrong
// at first: it is said, and printed nowhere.
func TestKafkaThatWantsTLSAndALogin(t *testing.T) {
	t.Parallel()
	const records = 100
	certificates := newCertificates(t)
	b := newBroker(t, kfake.SeedTopics(1, kafkaTopic), kfake.EnableSASL(), kfake.Superuser("SCRAM-SHA-512", "mina", "r1ght"),
		kfake.TLS(&tls.Config{Certificates: []tls.Certificate{certificates.pair}, MinVersion: tls.VersionTLS12}))
	login := func(prefix, password string) []string {
		return []string{
			prefix + `TLS={"ca_file": "` + certificates.cert + `"}`,
			prefix + `AUTH={"sasl": {"mechanism": "SCRAM-SHA-512", "username": "mina", "password": "` + password + `"}}`,
		}
	}
	e, state, path := newEndpoint(t), t.TempDir(), filepath.Join(t.TempDir(), "app.log")
	appendTo(t, path, numbered(0, records))
	with := func(s program.Settings, prefix, password string) program.Settings {
		s.Env = append(s.Env, login(prefix, password)...)
		return s
	}
	agent := startCollector(t, with(toKafka(b, state, path, "acknowledged"), "KAFKA_", "wr0ng"))
	gateway := startCollector(t, with(fromKafka(b, t.TempDir(), e.URL, "acknowledged"), "KAFKA_SOURCE_", "wr0ng"))
	eventually(t, func() bool { return len(warnings(agent)) > 0 }, "the agent's warning")
	eventually(t, func() bool { return strings.Contains(gateway.Output(), "are tls and auth::sasl what it wants?") }, "the gateway's warning")
	eventually(t, func() bool { return gateway.Health("logs") != http.StatusOK }, "the gateway is unhealthy")
	for _, c := range []*program.Collector{agent, gateway} {
		c.Stop()
		assert.NotContains(t, c.Output(), "wr0ng")
	}
	startCollector(t, with(toKafka(b, state, path, "acknowledged"), "KAFKA_", "r1ght"))
	startCollector(t, with(fromKafka(b, t.TempDir(), e.URL, "acknowledged"), "KAFKA_SOURCE_", "r1ght"))
	eventually(t, func() bool { return len(e.bodies()) == records }, "all")
	e.requireNumbered(t, records, 1)
}
