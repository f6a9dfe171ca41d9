package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fakeNft remembers the scripts, and knows whether the table is there.
type fakeNft struct {
	scripts []string
	table   string
	err     error
}

const wholeTable = "\t\tip saddr @ipv4 drop\n\t\tip6 saddr @ipv6 drop\n"

func (f *fakeNft) run(_ context.Context, script string) (string, error) {
	if strings.HasPrefix(script, "list chain") {
		if f.table == "" {
			return "", errors.New("nft: No such file or directory")
		}
		return f.table, nil
	}
	f.scripts = append(f.scripts, script)
	if f.table == "" && strings.HasPrefix(script, "add element") {
		return "", errors.New("nft: No such file or directory")
	}
	if strings.HasPrefix(script, "add table") && f.err == nil {
		f.table = wholeTable
	}
	return "", f.err
}

func TestTheTableIsMadeWhereItIsMissing(t *testing.T) {
	for name, test := range map[string]struct {
		table string
		made  bool
	}{
		"no table":           {made: true},
		"a chain emptied":    {table: "chain prerouting {\n}\n", made: true},
		"one rule taken out": {table: "\t\tip saddr @ipv4 drop\n", made: true},
		"all of it":          {table: wholeTable},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fakeNft{table: test.table}
			blocks := &nftables{run: f.run, size: 7}
			for range 2 {
				require.NoError(t, blocks.prepare(t.Context()))
			}
			if !test.made {
				assert.Empty(t, f.scripts)
				return
			}
			require.Len(t, f.scripts, 1)
			assert.Contains(t, f.scripts[0], "add table inet mina_block\n")
			assert.Contains(t, f.scripts[0], "size 7")
			assert.NotContains(t, f.scripts[0], "flush")
		})
	}
}

func TestATableThatIsGoneIsMadeAnew(t *testing.T) {
	f := &fakeNft{}
	blocks := &nftables{run: f.run, timeout: time.Minute, logger: slog.New(slog.DiscardHandler)}
	require.NoError(t, blocks.block(t.Context(), netip.MustParseAddr("203.0.113.9")))
	require.Len(t, f.scripts, 3)
	assert.Equal(t, f.scripts[0], f.scripts[2], "the address again, behind the table")
}

func TestAnAddressGoesIntoTheSetOfItsFamily(t *testing.T) {
	for address, expected := range map[string]string{
		"203.0.113.9": "add element inet mina_block ipv4 { 203.0.113.9 }\ndelete element inet mina_block ipv4 { 203.0.113.9 }\nadd element inet mina_block ipv4 { 203.0.113.9 timeout 2s }\n",
		"2001:db8::9": "add element inet mina_block ipv6 { 2001:db8::9 }\ndelete element inet mina_block ipv6 { 2001:db8::9 }\nadd element inet mina_block ipv6 { 2001:db8::9 timeout 2s }\n",
	} {
		f := &fakeNft{table: wholeTable}
		blocks := &nftables{run: f.run, timeout: 1500 * time.Millisecond, logger: slog.New(slog.DiscardHandler)}
		require.NoError(t, blocks.block(t.Context(), netip.MustParseAddr(address)))
		assert.Equal(t, []string{expected}, f.scripts)
	}
}

func TestWhatNftCannotDoIsSaid(t *testing.T) {
	f := &fakeNft{table: wholeTable, err: errors.New("nft: Operation not permitted")}
	blocks := &nftables{run: f.run, timeout: time.Minute, logger: slog.New(slog.DiscardHandler)}
	assert.ErrorIs(t, blocks.block(t.Context(), netip.MustParseAddr("203.0.113.9")), f.err)
	_, err := nft("/no/such/nft")(t.Context(), "list tables\n")
	assert.ErrorContains(t, err, "/no/such/nft")
}

func TestADryRunSaysWhatItWouldDo(t *testing.T) {
	var output bytes.Buffer
	d := dryRun{timeout: time.Hour, logger: slog.New(slog.NewTextHandler(&output, nil))}
	require.NoError(t, d.block(t.Context(), netip.MustParseAddr("203.0.113.9")))
	assert.Contains(t, output.String(), "would block")
	assert.Contains(t, output.String(), "{ 203.0.113.9 timeout 3600s }")
}

func TestTheRightToChangeNftablesIsKnown(t *testing.T) {
	for status, expected := range map[string]bool{
		"Name:\tblock-ip\nCapEff:\t000001ffffffffff\nCapBnd:\t0\n": true,
		"CapEff:\t0000000000001000\n":                              true,
		"CapEff:\t0000000000000000\nCapAmb:\t0000000000001000\n":   false,
		"CapEff:\t000001ffffffefff\n":                              false,
		"":                                                         false,
	} {
		assert.Equal(t, expected, hasNetAdmin([]byte(status)), status)
	}
}
