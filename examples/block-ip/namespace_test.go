package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// outsideNamespace names the network that a test in a namespace must not be in.
const outsideNamespace = "MINA_TEST_OUTSIDE_NAMESPACE"

// inNamespace runs the test once more, in a process with a network of its own, where it
// returns true: nothing that nft does there is seen outside.
func inNamespace(t *testing.T) bool {
	t.Helper()
	t.Parallel()
	here, err := os.Readlink("/proc/self/ns/net")
	require.NoError(t, err)
	if outside := os.Getenv(outsideNamespace); outside != "" {
		require.NotEqual(t, outside, here)
		setUpNetwork(t)
		return true
	}
	for _, name := range []string{"nft", "ip"} {
		if _, err := exec.LookPath(name); err != nil && os.Getenv("CI") == "" {
			t.Skipf("%v: apt-get install nftables iproute2", err)
		}
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), outsideNamespace+"="+here)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	err = cmd.Start()
	if err != nil && os.Getenv("CI") == "" {
		t.Skipf("this user may not make a network namespace: %v", err)
	}
	require.NoError(t, err)
	require.NoError(t, cmd.Wait(), output.String())
	require.Contains(t, output.String(), "--- PASS: "+t.Name())
	return false
}

// setUpNetwork gives the namespace the addresses of servers and of clients.
func setUpNetwork(t *testing.T) {
	t.Helper()
	script := "link set lo up\n"
	for _, address := range []string{"203.0.113.1/32", "203.0.113.9/32", "203.0.113.10/32", "2001:db8::1/128", "2001:db8::9/128", "2001:db8::a/128"} {
		script += "address add " + address + " dev lo\n"
	}
	cmd := exec.Command("ip", "-batch", "-")
	cmd.Stdin = strings.NewReader(script)
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, string(output))
}

// startServer echoes what it is sent on an address of the namespace, and returns what
// connects to it from another.
func startServer(t *testing.T, address string) func(client string) (net.Conn, error) {
	t.Helper()
	listener, err := net.Listen("tcp", net.JoinHostPort(address, "0"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { _ = conn.Close() })
			go func() { _, _ = io.Copy(conn, conn) }()
		}
	}()
	return func(client string) (net.Conn, error) {
		d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(client)}, Timeout: 300 * time.Millisecond}
		return d.Dial("tcp", listener.Addr().String())
	}
}

func connects(dial func(string) (net.Conn, error), client string) bool {
	conn, err := dial(client)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

func answers(t *testing.T, conn net.Conn) bool {
	t.Helper()
	require.NoError(t, conn.SetDeadline(time.Now().Add(300*time.Millisecond)))
	_, err := conn.Write([]byte("?"))
	require.NoError(t, err)
	_, err = conn.Read(make([]byte, 1))
	return err == nil
}

// startBlockIP runs the program, and returns what posts to it.
func startBlockIP(t *testing.T, args ...string) (post func(body string) int) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, append([]string{"-listen", address}, args...), os.Stdout) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-ended)
	})
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second}
	post = func(body string) int {
		response, err := client.Post("http://"+address+"/", "application/json", strings.NewReader(body))
		if err != nil {
			return 0
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	require.Eventually(t, func() bool { return post(firing()) == http.StatusOK }, 10*time.Second, 10*time.Millisecond)
	return post
}

// TestABlockedAddressReachesNothingUntilItsTimeIsOver has the real nft drop packets.
func TestABlockedAddressReachesNothingUntilItsTimeIsOver(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	for _, test := range []struct{ server, attacker, other string }{
		{"203.0.113.1", "203.0.113.9", "203.0.113.10"},
		{"2001:db8::1", "2001:db8::9", "2001:db8::a"},
	} {
		dial := startServer(t, test.server)
		post := startBlockIP(t, "-timeout", "2s")
		established, err := dial(test.attacker)
		require.NoError(t, err)
		defer established.Close()
		assert.True(t, answers(t, established))
		require.Equal(t, http.StatusOK, post(firing(test.attacker)))
		assert.False(t, connects(dial, test.attacker), "the address is blocked")
		assert.True(t, connects(dial, test.other), "no other is")
		assert.False(t, answers(t, established), "what is open is blocked too")
		require.Eventually(t, func() bool { return connects(dial, test.attacker) }, 20*time.Second, 100*time.Millisecond, "the time is over")
	}
}

// TestANotificationBlocksForTheWholeTimeAnew holds that a repeated one counts.
func TestANotificationBlocksForTheWholeTimeAnew(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	startBlockIP(t, "-timeout", "1h")(firing("203.0.113.9"))
	assert.Contains(t, rules(t), "203.0.113.9 timeout 1h")
	startBlockIP(t, "-timeout", "3h")(firing("203.0.113.9"))
	assert.Contains(t, rules(t), "203.0.113.9 timeout 3h")
}

// TestWhatOthersMadeStays holds that a table comes back after a reload of nftables, and
// that nothing is done to the others.
func TestWhatOthersMadeStays(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	const firewall = "table inet filter {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t\ttcp dport 22 accept\n\t}\n}\n"
	script(t, firewall)
	post := startBlockIP(t)
	require.Equal(t, http.StatusOK, post(firing("203.0.113.9")))
	script(t, "add rule inet mina_block prerouting tcp dport 23 drop\n")
	require.Equal(t, http.StatusOK, post(firing("2001:db8::9")))
	made := rules(t)
	assert.Contains(t, made, firewall)
	assert.Contains(t, made, "tcp dport 23 drop")
	assert.Equal(t, 1, strings.Count(made, "@ipv4 drop"))

	script(t, "flush ruleset\n"+firewall)
	require.Equal(t, http.StatusOK, post(firing("203.0.113.10")))
	assert.Contains(t, rules(t), "203.0.113.10 timeout 1h")
	assert.Contains(t, rules(t), firewall)
}

// TestAFullSetIsSaidAndTriedAgain holds that the number of addresses is bounded.
func TestAFullSetIsSaidAndTriedAgain(t *testing.T) {
	if !inNamespace(t) {
		return
	}
	path, err := exec.LookPath("nft")
	require.NoError(t, err)
	blocks := &nftables{run: nft(path), size: 2, timeout: 2 * time.Second, logger: slog.New(slog.DiscardHandler)}
	for i := range 2 {
		require.NoError(t, blocks.block(t.Context(), netip.MustParseAddr(fmt.Sprintf("203.0.113.%d", i))))
	}
	require.ErrorContains(t, blocks.block(t.Context(), netip.MustParseAddr("203.0.113.9")), "nft: exit status 1")
	require.NoError(t, blocks.block(t.Context(), netip.MustParseAddr("203.0.113.1")), "one that is there has room")
	require.Eventually(t, func() bool { return blocks.block(t.Context(), netip.MustParseAddr("203.0.113.9")) == nil }, 20*time.Second, 50*time.Millisecond)
}

func script(t *testing.T, text string) {
	t.Helper()
	cmd := exec.Command("nft", "-f", "-")
	cmd.Stdin = strings.NewReader(text)
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, string(output))
}

func rules(t *testing.T) string {
	t.Helper()
	output, err := exec.Command("nft", "list", "ruleset").CombinedOutput()
	require.NoError(t, err, string(output))
	return string(output)
}
