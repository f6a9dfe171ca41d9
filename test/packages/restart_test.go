package packages

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/mina-observability/otelcol-mina/test/program"
)

// What systemctl of systemd 252 prints of a unit with
// Environment="DD_API_KEY=a$b \"c\" \\ %%h" OTHER=it`s
const shownEnvironment = "MINA_CONFIG_DIR=/etc/otelcol-mina \"OTELCOL_OPTIONS=--config a --config b\" \"DD_API_KEY=a\\$b \\\"c\\\" \\\\ %h\" \"OTHER=it\\`s\"\n"

func TestConfigurationIsJudgedAsTheUnitReadsIt(t *testing.T) {
	folder := t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), []byte(text), 0o700))
	}
	write("environment", shownEnvironment)
	write("systemctl", `#!/bin/sh
case $2 in
--property=Environment) cat "$(dirname "$0")/environment" ;;
--property=EnvironmentFiles) echo "/etc/otelcol-mina/otelcol-mina.env (ignore_errors=yes)" ;;
--property=SupplementaryGroups) echo "adm mina" ;;
--property=*) echo otelcol-mina ;;
esac
`)
	write("systemd-run", "#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit 1\n")
	cmd := exec.Command("sh", filepath.Join(program.Root(), "packaging", "lib", "restart-if-valid"))
	cmd.Env = append(os.Environ(), "PATH="+folder+":"+os.Getenv("PATH"))
	printed, err := cmd.CombinedOutput()
	require.Error(t, err)
	_, arguments, _ := strings.Cut(string(printed), "Its configuration is not valid:\n")
	assert.Equal(t, []string{
		"--quiet", "--collect", "--pipe", "--wait",
		"--setenv=MINA_CONFIG_DIR=/etc/otelcol-mina", "--setenv=OTELCOL_OPTIONS=--config a --config b",
		`--setenv=DD_API_KEY=a$b "c" \ %h`, "--setenv=OTHER=it`s",
		"--property=User=otelcol-mina", "--property=Group=otelcol-mina", "--property=SupplementaryGroups=adm mina",
		"--property=EnvironmentFile=-/etc/otelcol-mina/otelcol-mina.env",
		"/usr/bin/otelcol-mina", "validate", "$OTELCOL_OPTIONS",
	}, strings.Split(strings.TrimSpace(arguments), "\n"))
}
