package packages

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

const logDropIn = "/etc/systemd/system/otelcol-mina.service.d/log.conf"

// ownLog has the application write to a log that its group alone may read, and the collector
// read it there.
func (h *host) ownLog(t *testing.T, name string) {
	h.application.path = h.path("/var/log/" + name + "/app.log")
	h.run(t, "useradd", "--system", "--user-group", name)
	h.run(t, "install", "--directory", "--owner="+name, "--group="+name, "--mode=0750", "/var/log/"+name)
	h.run(t, "install", "--owner="+name, "--group="+name, "--mode=0640", "/dev/null", "/var/log/"+name+"/app.log")
	h.application.write(t, 100)
	h.edit(t, environment, func(text string) string { return text + "MINA_LOGS=/var/log/" + name + "/app.log\n" })
	h.run(t, restart)
	text, err := h.try("runuser", "-u", "otelcol-mina", "--", "mina", "doctor")
	assert.Error(t, err, text)
	waitFor(t, "complaint", func() bool {
		said := h.journal(t, "otelcol-mina")
		return strings.Contains(said[strings.LastIndex(said, "Started "):], "No file matches")
	})
}

func (h *host) readByGroup(t *testing.T) {
	h.ownLog(t, "by-group")
	h.run(t, "usermod", "--append", "--groups", "by-group", "otelcol-mina")
	h.run(t, restart)
	h.application.wait(t, h.sink)
	h.run(t, "runuser", "-u", "otelcol-mina", "--", "mina", "doctor")
}

func (h *host) readByDropIn(t *testing.T) {
	h.ownLog(t, "by-drop-in")
	h.write(t, logDropIn, "[Service]\nSupplementaryGroups=by-drop-in\n")
	h.run(t, "systemctl", "daemon-reload")
	h.run(t, restart)
	h.application.wait(t, h.sink)
}

func (h *host) readByACL(t *testing.T) {
	h.ownLog(t, "by-acl")
	h.run(t, "setfacl", "-R", "-m", "u:otelcol-mina:rX", "/var/log/by-acl")
	h.run(t, "setfacl", "-R", "-d", "-m", "u:otelcol-mina:rX", "/var/log/by-acl")
	h.application.wait(t, h.sink)

	h.write(t, "/etc/logrotate.d/by-acl", "/var/log/by-acl/app.log {\n\tsu by-acl by-acl\n\tcreate 0640 by-acl by-acl\n\trotate 3\n}\n")
	h.run(t, "logrotate", "--force", "/etc/logrotate.d/by-acl")
	h.application.write(t, 100)
	h.application.wait(t, h.sink)
	assert.Contains(t, h.run(t, "getfacl", "/var/log/by-acl/app.log"), "user:otelcol-mina:r")
}
