package contract_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// rsyslog is a real rsyslogd that takes syslog over TLS and writes what it has
// understood to a file, its fields with bars between them.
type rsyslog struct {
	dir, address string
	process      *program.Process
}

const rsyslogConfig = `
global(workDirectory="%[1]s" maxMessageSize="256k" DefaultNetstreamDriver="gtls"
  DefaultNetstreamDriverCAFile="%[1]s/ca.pem" DefaultNetstreamDriverCertFile="%[1]s/cert.pem" DefaultNetstreamDriverKeyFile="%[1]s/key.pem"
  parser.escapeControlCharactersOnReceive="off")
module(load="imtcp" StreamDriver.Name="gtls" StreamDriver.Mode="1" StreamDriver.AuthMode="anon")
template(name="fields" type="string" string="%%syslogseverity%%|%%syslogfacility-text%%|%%hostname%%|%%app-name%%|%%procid%%|%%msgid%%|%%structured-data%%|%%msg%%|end-of-message\n")
ruleset(name="take") { action(type="omfile" file="%[1]s/taken.log" template="fields" asyncWriting="off" flushOnTXEnd="on") }
input(type="imtcp" address="127.0.0.1" port="%[2]s" ruleset="take")
`

func newRsyslog(t *testing.T) *rsyslog {
	t.Helper()
	r := &rsyslog{dir: t.TempDir(), address: program.FreeAddress()}
	writeCertificates(t, r.dir)
	_, port, err := net.SplitHostPort(r.address)
	require.NoError(t, err)
	r.address = "127.0.0.1:" + port
	require.NoError(t, os.WriteFile(filepath.Join(r.dir, "rsyslog.conf"), fmt.Appendf(nil, rsyslogConfig, r.dir, port), 0o600))
	t.Cleanup(func() {
		if r.process != nil {
			r.process.Stop()
		}
	})
	r.start(t)
	return r
}

func (r *rsyslog) start(t *testing.T) {
	t.Helper()
	var err error
	r.process, err = program.Start(exec.Command("/usr/sbin/rsyslogd", "-n", "-f", filepath.Join(r.dir, "rsyslog.conf"), "-i", filepath.Join(r.dir, "pid")))
	require.NoError(t, err)
	eventually(t, func() bool {
		conn, err := net.Dial("tcp", r.address)
		if err == nil {
			_ = conn.Close()
		}
		return err == nil
	}, "rsyslogd takes connections: %s", r.process.Output())
}

// taken returns the fields of the messages that rsyslogd has written.
func (r *rsyslog) taken(t require.TestingT) (messages [][]string) {
	file, err := os.Open(filepath.Join(r.dir, "taken.log"))
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(t, err)
	defer file.Close()
	message := ""
	for text := bufio.NewReader(file); ; {
		line, err := text.ReadString('\n')
		if err != nil {
			return messages
		}
		message += line
		if whole, ok := strings.CutSuffix(message, "|end-of-message\n"); ok {
			messages = append(messages, strings.SplitN(whole, "|", 8))
			message = ""
		}
	}
}

// writeCertificates writes a certificate for 127.0.0.1 that is its own authority.
func writeCertificates(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "rsyslog of the tests"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	require.NoError(t, err)
	for name, block := range map[string]*pem.Block{
		"ca.pem": {Type: "CERTIFICATE", Bytes: certificate}, "cert.pem": {Type: "CERTIFICATE", Bytes: certificate}, "key.pem": {Type: "PRIVATE KEY", Bytes: secret},
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600))
	}
}

// startPapertrail starts the collector with the overlay, for an rsyslogd.
func startPapertrail(t *testing.T, r *rsyslog, delivery, logs string, overrides ...string) *program.Collector {
	t.Helper()
	return startCollector(t, program.Settings{
		Configs: []string{"base.yaml", "papertrail.yaml"},
		Env: []string{
			"MINA_STATE_DIR=" + t.TempDir(), "MINA_LOGS=" + logs, "MINA_DELIVERY=" + delivery,
			"PAPERTRAIL_ENDPOINT=" + r.address, "PAPERTRAIL_TOKEN=" + token,
		},
		Overrides: append(overrides, "exporters::papertrail::tls::ca_file: "+filepath.Join(r.dir, "ca.pem")),
	}, token)
}

// requireTaken waits until rsyslogd has written each of n records, and checks their fields.
func (r *rsyslog) requireTaken(t *testing.T, n int, multiline string) (duplicates int) {
	t.Helper()
	seen := map[string][]string{}
	eventuallyHolds(t, func(t require.TestingT) bool {
		messages := r.taken(t)
		duplicates = 0
		clear(seen)
		for _, fields := range messages {
			require.Len(t, fields, 8, "%q", fields)
			text, _, _ := strings.Cut(strings.TrimPrefix(fields[7], " "), multiline)
			if seen[text] != nil {
				duplicates++
			}
			seen[text] = fields
		}
		return len(seen) >= n
	}, "%d records", n)
	require.Len(t, seen, n)
	for i := range n {
		if i == 5000 || i == 6000 {
			continue // their messages are of another kind
		}
		fields := seen[fmt.Sprintf("record %d", i)]
		require.NotNil(t, fields, "record %d is lost", i)
		severity := "6"
		if i%100 == 1 {
			severity = "3"
			require.Contains(t, fields[7], multiline+"Traceback (most recent call last):"+multiline)
			require.True(t, strings.HasSuffix(fields[7], "ValueError: Invalid meeting ID format"))
		}
		require.Equal(t, []string{severity, "user", "mina-prod-01", "mina", fmt.Sprint(10177 + i%2), "services.billing"}, fields[:6], i)
		require.Contains(t, fields[6], "["+token+"@41058][mina@32473 ")
		require.Contains(t, fields[6], fmt.Sprintf(` meeting_id="%d"`, i))
	}
	return duplicates
}

func TestRsyslogGetsEveryRecord(t *testing.T) {
	t.Parallel()
	const records = 100000
	logs := filepath.Join(t.TempDir(), "app.log")
	write(t, logs, 0, records)
	for name, test := range map[string]struct {
		delivery  string
		overrides []string
		multiline string
	}{
		"acknowledged":   {"acknowledged", nil, `\n`},
		"queued":         {"queued", nil, `\n`},
		"octet counting": {"acknowledged", []string{"exporters::papertrail::framing: octet_counting"}, "\n"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRsyslog(t)
			startPapertrail(t, r, test.delivery, logs, test.overrides...)
			assert.Zero(t, r.requireTaken(t, records, test.multiline), "duplicates")
		})
	}
}

func TestRsyslogThatIsRestartedGetsEveryRecord(t *testing.T) {
	t.Parallel()
	const records = 100000
	logs := filepath.Join(t.TempDir(), "app.log")
	write(t, logs, 0, records)
	for _, delivery := range []string{"acknowledged", "queued"} {
		t.Run(delivery, func(t *testing.T) {
			r := newRsyslog(t)
			startPapertrail(t, r, delivery, logs)
			for restart := range 3 {
				eventuallyHolds(t, func(t require.TestingT) bool { return len(r.taken(t)) > restart*20000 }, "some before restart %d", restart)
				r.process.Stop()
				r.start(t)
			}
			t.Logf("%d duplicates", r.requireTaken(t, records, `\n`))
		})
	}
}
