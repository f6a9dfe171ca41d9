package tail

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatMayBeTheRotationOfWhat(t *testing.T) {
	for _, tt := range []struct {
		original, name string
		rotation       bool
	}{
		{"/l/app.log", "/l/app.log.1", true},
		{"/l/app.log", "/l/app.log.0", true},
		{"/l/app.log", "/l/app.log.1.gz", true},
		{"/l/app.log", "/l/app.log.gz", true},
		{"/l/app.log", "/l/app.log-20251001", true},
		{"/l/app.log", "/l/app.log-20251001.gz", true},
		{"/l/app.log", "/l/app.log.2025-10-01_16", true},
		{"/l/app.log", "/l/app-20251001.log", true},
		{"/l/app.log", "/l/app.1.log", true},
		{"/l/app.log", "/l/app.2025-10-01_16-12-05_123456.log", true},
		{"/l/0.log", "/l/0.log.20251001-161205.gz", true},
		{"/l/app.log", "/l/app.log.bak", true},
		{"/l/app.log", "/l/app.log~", true},
		{"/l/app.log", "/l/old/app.log.1", true},
		{"/l/app.log.1", "/l/app.log.1.gz", true},
		{"/l/app.log.1", "/l/app.log.2.gz", true},
		{"/l/app.log-20251001", "/l/app.log-20251001.gz", true},
		{"/l/Start_application_1.log", "/l/Start_application_1.log.1", true},

		{"/l/Start_application_1.log", "/l/Start_application_2.log", false},
		{"/l/Start_application_1.log", "/l/Start_application_1.log", false},
		{"/l/job-1.log", "/l/job-2.log", false},
		{"/l/worker.1.log", "/l/worker.2.log", false},
		{"/l/app.log.1", "/l/app.log", false},
		{"/l/app.log.2", "/l/app.log.1.gz", false},
		{"/l/app.log.1.gz", "/l/app.log", false},
		{"/l/app-20251001.log", "/l/app-20251002.log", false},
		{"/l/app-20251001.log", "/l/app-20251002.log.gz", false},
		{"/srv/blue/log/app.log", "/srv/green/log/app.log", false},
		{"/srv/blue/log/app.log", "/srv/green/log/app.log.1", false},
		{"/srv/log/app.log", "/srv/log/green/app.log", false},
		{"/l/app.log", "/l/backup.log", false},
		{"/l/1.log", "/l/2.log", false},
		{"/l/20251001.log", "/l/20251002.log", false},
	} {
		assert.Equal(t, tt.rotation, parseName(tt.name).isRotationOf(parseName(tt.original)), "%s of %s", tt.name, tt.original)
	}
}

func FuzzNames(f *testing.F) {
	f.Add("/l/app.log.1.gz", "/l/app.log")
	f.Add("/.1/.1", "~")
	f.Fuzz(func(t *testing.T, name, original string) {
		one, other := parseName(name), parseName(original)
		if one.isRotationOf(other) && other.isRotationOf(one) {
			t.Fatalf("each is a rotation of the other: %q, %q", name, original)
		}
	})
}
