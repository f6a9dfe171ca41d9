package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/mina-observability/otelcol-mina/bench/corpora"
)

func TestWhatNobodyWritesIsLeftOut(t *testing.T) {
	for text, want := range map[string]bool{
		"key=abc123": true, "abc123": true, "abc123 abc123": true, "(abc123)": true, "abc123abc123": false, "abc123 abc123x": false, "xabc123": false,
	} {
		assert.Equal(t, want, written(corpora.Text{Text: text, Secret: "abc123"}), text)
	}
	assert.True(t, written(corpora.Text{Text: "nothing in it"}))
	assert.False(t, written(corpora.Text{Text: "key=ab_xxxxxx", Secret: "ab_xxxxxx"}))
}
