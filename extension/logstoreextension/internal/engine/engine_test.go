package engine

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(slowEngine); folder != "" {
		endSlowly(folder)
		return
	}
	goleak.VerifyTestMain(m)
}

func TestReasonOfADeathIsTheLastThatWasSaidOfIt(t *testing.T) {
	for name, c := range map[string]struct{ printed, reason string }{
		"nothing":       {"", ""},
		"only warnings": {"2026-11-26T17:01:36.884Z\twarn\tmain.go:107\tskipping log entry\n", ""},
		"a panic": {
			"2026-11-26T17:01:36.951Z\tpanic\tlib/table.go:1619\tFATAL: cannot parse \"/data/parts.json\": invalid character\n" +
				"panic: FATAL: cannot parse \"/data/parts.json\": invalid character [recovered, repanicked]\n\ngoroutine 42 [running]:\n\tsync/waitgroup.go:251 +0x45\n",
			`FATAL: cannot parse "/data/parts.json": invalid character`,
		},
		"a fatal error": {
			"2026-11-26T17:01:32.654Z\tfatal\tlib/httpserver.go:150\tcannot start http server at 127.0.0.1:19501: bind: address already in use\n",
			"cannot start http server at 127.0.0.1:19501: bind: address already in use",
		},
		"the last of several":  {"t\tpanic\tf\tone\nt\tpanic\tf\ttwo\n", "two"},
		"the runtime's own":    {"fatal error: out of memory\npanic: another\n", "fatal error: out of memory"},
		"a nil dereference":    {"panic: runtime error: invalid memory address\n[signal SIGSEGV]\n", "panic: runtime error: invalid memory address"},
		"without what is read": {"t\tpanic\tf\tBUG: unexpected value \"of a \\\"record\\\"\" in \"/data/18EB\"\n", `BUG: unexpected value "…" in "/data/18EB"`},
		"no more than is read": {"t\tpanic\tf\t" + strings.Repeat("é", 200), strings.Repeat("é", 150) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			said, _ := lastWords([]byte(c.printed))
			assert.Equal(t, c.reason, said)
		})
	}
}

func FuzzLastWords(f *testing.F) {
	f.Add([]byte("t\tpanic\tf\tBUG: \"x"))
	f.Add([]byte("panic: \n\t\t\t"))
	f.Fuzz(func(t *testing.T, printed []byte) {
		said, complaint := lastWords(printed)
		for _, text := range []string{said, complaint} {
			assert.LessOrEqual(t, len(text), longestReason+len("…"))
			assert.True(t, !utf8.Valid(printed) || utf8.ValidString(text))
			assert.NotContains(t, text, "\n")
		}
	})
}

func TestCauseIsTheSameWhereNumbersDiffer(t *testing.T) {
	one, another := Death{Reason: "BUG: off=4664 of 0xc000 in part 18EBA83F64115ED9"}, Death{Reason: "BUG: off=7 of 0xd1f in part 18EBA83F64115ABC"}
	assert.Equal(t, one.Cause(), another.Cause())
	assert.NotEqual(t, one.Cause(), Death{Reason: "BUG: len=4664 of 0xc000 in part 18EBA83F64115ED9"}.Cause())
}

func TestDamagedFolderIsThatOfTheDayWhereItIsNamed(t *testing.T) {
	d := &Directory{path: "/logs"}
	for reason, folder := range map[string]string{
		`FATAL: cannot parse "/logs/data/partitions/20261126/indexdb/parts.json"`:   "/logs/data/partitions/20261126",
		`FATAL: /logs/data/partitions/20261126/datadb/18EB: cannot unmarshal`:       "/logs/data/partitions/20261126",
		`FATAL: cannot parse "/others/data/partitions/20261126/indexdb/parts.json"`: "",
		`BUG: off=4664 is out of allowed range`:                                     "",
		`exit status 2`:                                                             "",
		`FATAL: cannot read "/logs/data/delete_tasks.json": unexpected end`:         "",
	} {
		assert.Equal(t, folder, d.Damaged(Death{Reason: reason}), reason)
	}
}

func TestHolderOfAPortIsNamed(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	holder := holderOf(listener.Addr().String())
	command, err := os.ReadFile("/proc/self/comm")
	if err != nil {
		t.Skipf("nobody tells here who has a port: %v", err)
	}
	assert.Contains(t, holder, strings.TrimSpace(string(command)))
	assert.ErrorContains(t, checkPort(listener.Addr().String()), holder)
	assert.NoError(t, checkPort("127.0.0.1:0"))
	assert.Empty(t, holderOf("nonsense"))
}

func TestWhatIsPrintedIsBounded(t *testing.T) {
	j := journal{path: filepath.Join(t.TempDir(), "log")}
	file, begin, err := j.open()
	require.NoError(t, err)
	defer file.Close()
	assert.Zero(t, begin)
	line := strings.Repeat("x", 999) + "\n"
	for range 3 * maxLog / len(line) {
		_, err := file.WriteString(line)
		require.NoError(t, err)
		require.NoError(t, j.rotate())
	}
	_, err = file.WriteString("t\tpanic\tf\tthe end\n")
	require.NoError(t, err)
	for _, path := range []string{j.path, j.path + ".1"} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.LessOrEqual(t, info.Size(), int64(maxLog+len(line)))
		assert.Equal(t, os.FileMode(0o600), info.Mode())
	}
	printed, err := j.since(begin)
	require.NoError(t, err)
	said, _ := lastWords(printed)
	assert.Equal(t, "the end", said)
	again, begin, err := j.open()
	require.NoError(t, err)
	defer again.Close()
	assert.NotZero(t, begin, "what a process has printed is not of the next")
	printed, err = j.since(begin)
	require.NoError(t, err)
	assert.Empty(t, printed)
}

func TestDeathOfAProgram(t *testing.T) {
	for name, c := range map[string]struct {
		script string
		want   Death
	}{
		"ends":  {"exit 0", Death{Clean: true, Reason: "it was asked to end"}},
		"fails": {"exit 3", Death{Reason: "exit status 3"}},
		"complains": {
			"printf 't\\twarn\\tf\\tslow\\nflag provided but not defined: -x\\nUsage\\n'; exit 2", Death{Reason: "exit status 2: flag provided but not defined: -x"},
		},
		"warns and is killed": {"echo Killed; kill -9 $$", Death{Reason: "signal: killed", Killed: true}},
		"is killed":           {"kill -9 $$", Death{Reason: "signal: killed", Killed: true}},
		"is terminated":       {"kill -15 $$", Death{Reason: "signal: terminated", Killed: true}},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command("/bin/sh", "-c", c.script)
			printed, _ := cmd.Output()
			assert.Equal(t, c.want, deathOf(cmd.ProcessState, printed))
		})
	}
}
