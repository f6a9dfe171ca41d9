package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"
)

// intake is the address at which the collector takes records now.
func (e *experiment) intake() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.collector.Intake
}

// stall begins uploads that never end, and as many again when they are given up.
func stall(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	const uploads = 60
	begun := []string{"", "{", strings.Repeat("x", 100<<10)}
	for between(ctx, stop, time.Second, 2*time.Second) {
		for i := range uploads {
			conn, err := net.Dial("tcp", e.intake())
			if err != nil {
				break // the collector is being restarted
			}
			defer conn.Close()
			_, _ = fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s", 8<<20, begun[i%len(begun)])
		}
	}
	return nil
}

// bomb posts 8 KB of gzip that hold 2.7 million records, over and over.
func bomb(ctx context.Context, e *experiment, stop <-chan struct{}) error {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, _ = w.Write(bytes.Repeat([]byte("{}\n"), 2_700_000))
	_ = w.Close()
	client := &http.Client{Timeout: 15 * time.Second}
	for between(ctx, stop, 10*time.Millisecond, 50*time.Millisecond) {
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+e.intake(), bytes.NewReader(packed.Bytes()))
		if err != nil {
			return err
		}
		request.Header.Set("Content-Encoding", "gzip")
		response, err := client.Do(request)
		if err != nil {
			continue // the collector is being restarted
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusAccepted {
			return errors.New("a bomb was taken")
		}
	}
	return nil
}
