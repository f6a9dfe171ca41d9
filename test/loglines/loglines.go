// Package loglines writes lines as Mina's JSON formatter does, each with a
// number, so that a record that is lost or delivered twice can be told.
package loglines

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// Shape says what the lines look like.
type Shape struct {
	// Size is about the length of a line in bytes. What the fields do not fill goes
	// into a traceback, or, where that is too short for one, into the message.
	Size int
	// Fields is how many values a line has besides timestamp, level, logger and message.
	Fields int
}

// Typical is a record of a request.
var Typical = Shape{Size: 650, Fields: 20}

const (
	filler       = "the quick brown fox jumps over the lazy dog "
	frame        = `  File \"/srv/mina/services/transcription.py\", line 117, in process\n    result = client.submit(audio, timeout=30)\n`
	minTraceback = 1000
)

var (
	levels = []string{"INFO", "INFO", "DEBUG", "INFO", "WARNING", "INFO", "INFO", "ERROR"}
	// places are where the lines are logged: logger, module, function.
	places = [][3]string{
		{"services.transcription", "transcription", "process"},
		{"services.billing", "billing", "charge"},
		{"routes.meetings", "meetings", "show"},
		{"app", "app", "after_request"},
	}
	methods = []string{"GET", "POST", "GET", "PUT", "GET", "DELETE"}
	users   = []string{"ana", "ben", "chloe", "deniz", "emre", "fatima", "george"}
	agents  = []string{
		"Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (Macintosh; Intel Mac OS X)", "curl/8.14.1", "okhttp/5.1.0",
	}
)

// fields returns what Mina's formatter adds to record n, and what its caller does.
func fields(n int) []string {
	place := places[n/5%len(places)]
	random := uint64(n+1) * 0x9E3779B97F4A7C15
	return []string{
		fmt.Sprintf(`"module": %q`, place[1]), fmt.Sprintf(`"function": %q`, place[2]), fmt.Sprintf(`"line": %d`, 17+n%40),
		fmt.Sprintf(`"process_id": %d`, 10177+n/50%2), `"process_name": "MainProcess"`,
		fmt.Sprintf(`"thread_id": %d`, 140245896464960+n%4*8392704), fmt.Sprintf(`"thread_name": "ThreadPoolExecutor-0_%d"`, n%4),
		`"hostname": "mina-prod-01"`,
		fmt.Sprintf(`"request_id": "%08x-d9cb-469f-a165-%012x"`, random>>32, random&0xffffffffffff),
		fmt.Sprintf(`"http": {"method": %q, "path": "/api/meetings/%d", "ip": "203.0.113.%d", "user_agent": %q}`,
			methods[n%len(methods)], random%5000, random%250, agents[n/3%len(agents)]),
		fmt.Sprintf(`"user": {"id": "%d", "username": %q}`, random%700, users[n%len(users)]),
		fmt.Sprintf(`"meeting_id": %d`, random%5000), fmt.Sprintf(`"duration_seconds": %.3f`, float64(random%90000)/1000),
		`"model": "whisper-1"`, `"language": "de"`, fmt.Sprintf(`"word_count": %d`, random%3000),
	}
}

// Append appends the line of record n.
func (s Shape) Append(dst []byte, n int) []byte {
	start := len(dst)
	dst = fmt.Appendf(dst, `{"timestamp": "2025-10-01T16:%02d:%02d.%06d+00:00", "level": %q, "logger": %q`,
		n/60000%60, n/1000%60, n%1000*1000, levels[n%len(levels)], places[n/5%len(places)][0])
	values := 0
	for _, field := range fields(n) {
		if values+strings.Count(field, `": `) > s.Fields && values > 0 {
			break
		}
		dst = append(append(dst, ", "...), field...)
		values += max(1, strings.Count(field, `": `)-1)
	}
	for ; values < s.Fields; values++ {
		dst = fmt.Appendf(dst, `, "detail_%d": "value %d"`, values, (n+values)%1000)
	}
	message := "Transcription finished, " + "record " + strconv.Itoa(n)
	missing := s.Size - (len(dst) - start) - len(message) - len(`, "message": ""}`+"\n")
	if missing >= minTraceback {
		const head, tail = `, "exception": {"type": "TimeoutError", "message": "no answer", "traceback": "Traceback (most recent call last):\n`, `TimeoutError: no answer"}`
		dst = append(dst, head...)
		dst = append(dst, strings.Repeat(frame, (missing-len(head)-len(tail))/len(frame))...)
		dst = append(dst, tail...)
		missing = 0
	}
	dst = append(dst, `, "message": "`...)
	for ; missing > len(filler); missing -= len(filler) {
		dst = append(dst, filler...)
	}
	return append(append(dst, message...), "\"}\n"...)
}

// Number returns the number of a record, which its message ends with, or -1.
func Number(message []byte) int {
	digits := message[bytes.LastIndexByte(message, ' ')+1:]
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return -1
	}
	return n
}
