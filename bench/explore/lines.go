package main

import (
	"bufio"
	"fmt"
	"io"
	"time"
)

// yesterday is the day of the logs: every record is within the retention, and none of the
// future.
func yesterday() time.Time { return time.Now().UTC().AddDate(0, 0, -1).Truncate(24 * time.Hour) }

// The request that the document asks for, with records of two processes.
const documentedRequest = "0f8fad5b-d9cb-469f-a165-70867728950e"

// writeLines writes a log of so many records from one time to another, in requests of up to
// five records each.
func writeLines(to io.Writer, records int, from, until time.Time) error {
	out := bufio.NewWriterSize(to, 1<<20)
	w := writer{out: out, left: records, step: until.Sub(from) / time.Duration(records), at: from}
	for w.left > 0 {
		w.request()
	}
	return out.Flush()
}

type writer struct {
	out     *bufio.Writer
	left, n int
	at      time.Time
	step    time.Duration
}

var (
	users    = []string{"ana", "ben", "chloe", "deniz", "emre", "fatima", "george"}
	requests = [][2]string{{"GET", "/api/meetings/%d"}, {"POST", "/api/meetings/%d/transcribe"}, {"GET", "/api/meetings/%d/notes?page=2"}, {"POST", "/api/login?next=%d"}, {"GET", "/api/users/%d/reports"}}
	failures = [][3]string{{"ValueError", "Invalid meeting ID format", "ids"}, {"KeyError", "'audio'", "transcription"}, {"sqlalchemy.exc.OperationalError", "server closed the connection", "db"}}
)

// request writes the records of a request.
func (w *writer) request() {
	random := (uint64(w.n) + 1) * 0x9E3779B97F4A7C15
	id := fmt.Sprintf("%08x-d9cb-469f-a165-%012x", random>>32, random&0xffffffffffff)
	if w.n == 1000 {
		id = documentedRequest
	}
	w.n++
	r := requests[random%uint64(len(requests))]
	context := fmt.Sprintf(`"process_name": "MainProcess", "thread_id": 140423155720256, "thread_name": "MainThread", "hostname": "mina-prod-01", "request_id": %q, `+
		`"http": {"method": %q, "path": "%s", "ip": "203.0.113.%d", "user_agent": "Mozilla/5.0 (X11; Linux x86_64)"}, "user": {"id": "%d", "username": %q}`,
		id, r[0], fmt.Sprintf(r[1], random>>8%9000), random>>16%250, random>>24%700, users[random>>24%uint64(len(users))])
	took := float64(random>>32%300_000) / 1000
	w.record("DEBUG", "app", "begin", "Request started", 10177+int(random>>40%2), context)
	if random>>5%2 == 0 || id == documentedRequest {
		w.record("INFO", "services.transcription", "process", fmt.Sprintf("Transcription of meeting %d finished after %.1f s", random>>8%9000, took), 10179,
			fmt.Sprintf(`%s, "meeting_id": %d, "duration_seconds": %.3f, "model": "whisper-1", "language": "de"`, context, random>>8%9000, float64(random>>20%180_000)/1000))
	}
	if random>>12%10 == 0 {
		w.record("WARNING", "services.limiter", "check", "rate limit of "+users[random%7]+" nearly reached", 10177, context+`, "limit": 100, "left": 3`)
	}
	status := 200
	if random>>13%16 == 0 {
		status = 500
		f := failures[random%uint64(len(failures))]
		w.record("ERROR", "routes.errors", "on_error", "Request failed: "+f[1], 10177, fmt.Sprintf(`%s, "exception": {"type": %q, "message": %q, "traceback": `+
			`"Traceback (most recent call last):\n  File \"/srv/mina/main.py\", line 43, in handle\n    find(x)\n  File \"/srv/mina/services/%s.py\", line %d, in find\n    raise\n%s: %s"}`,
			context, f[0], f[1], f[2], 20+random%40, f[0], f[1]))
	}
	if random>>14%500 == 0 {
		w.record("CRITICAL", "app", "on_error", "The database is gone", 10177, context)
	}
	w.record("INFO", "app", "end", "Request handled", 10177+int(random>>40%2),
		fmt.Sprintf(`%s, "status_code": %d, "processing_time_ms": %.3f, "latency_ms": %.3f, "endpoint": "meetings.show"`, context, status, took, took*1.1))
}

func (w *writer) record(level, logger, function, message string, pid int, context string) {
	if w.left == 0 {
		return
	}
	w.left--
	w.at = w.at.Add(w.step)
	_, _ = fmt.Fprintf(w.out, `{"timestamp": "%s", "level": %q, "logger": %q, "message": %q, "module": %q, "function": %q, "line": %d, "process_id": %d, %s}`+"\n",
		w.at.Format("2006-01-02T15:04:05.000000+00:00"), level, logger, message, "app", function, 10+w.left%190, pid, context)
}
