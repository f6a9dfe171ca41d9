package corpus

import (
	"encoding/base64"
	"fmt"
	"strconv"
)

// Benign generates lines in which nothing may be redacted, n of them.
func Benign(seed uint64, n int) []string {
	r := newRandom(seed)
	lines := make([]string, n)
	for i := range lines {
		// A number of 16 random digits is a valid card number once in 43 times, and
		// no one can tell it from a card. Logs hold few of them.
		if r.IntN(500) == 0 {
			lines[i] = r.line("message", "reference "+strconv.Itoa(r.between(1, 9))+r.digits(15))
			continue
		}
		lines[i] = benign[r.IntN(len(benign))](r)
	}
	return lines
}

// say makes a line of a message with values in it.
func say(format string, values ...func(r random) any) func(r random) string {
	return func(r random) string {
		list := make([]any, len(values))
		for i, value := range values {
			list[i] = value(r)
		}
		return r.line("message", fmt.Sprintf(format, list...))
	}
}

// with makes a line of a message and a field.
func with(message, key string, value func(r random) any) func(r random) string {
	return func(r random) string { return r.line("message", message, key, value(r)) }
}

// The values that are put into messages and fields.
var (
	small   = func(r random) any { return r.IntN(1000) }
	count   = func(r random) any { return r.IntN(1_000_000) }
	seconds = func(r random) any { return 1_700_000_000 + r.IntN(100_000_000) }
	millis  = func(r random) any { return 1_700_000_000_000 + r.IntN(100_000_000_000) }
	micros  = func(r random) any { return 1_700_000_000_000_000 + r.IntN(100_000_000_000_000) }
	nanos   = func(r random) any { return 1_700_000_000_000_000_000 + r.IntN(100_000_000_000_000_000) }
	thread  = func(r random) any { return 140_200_000_000_000 + r.IntN(99_999_999_999) }
	uuid    = func(r random) any { return r.uuid() }
	md5     = func(r random) any { return r.hex(32) }
	sha1    = func(r random) any { return r.hex(40) }
	sha256  = func(r random) any { return r.hex(64) }
	short   = func(r random) any { return r.hex(7) }
	float   = func(r random) any { return r.Float64() * 1000 }
	ratio   = func(r random) any { return r.Float64() }
	version = func(r random) any { return fmt.Sprintf("%d.%d.%d", r.IntN(30), r.IntN(60), r.IntN(200)) }
	address = func(r random) any { return fmt.Sprintf("0x7f%s", r.hex(10)) }
	clock   = func(r random) any {
		return fmt.Sprintf("%02d:%02d:%02d.%06d", r.IntN(24), r.IntN(60), r.IntN(60), r.IntN(1e6))
	}
	day = func(r random) any {
		return fmt.Sprintf("20%02d-%02d-%02d", r.between(19, 28), r.between(1, 12), r.between(1, 28))
	}
	when = func(r random) any { return fmt.Sprintf("%sT%s+00:00", day(r), clock(r)) }
	ipv4 = func(r random) any {
		return fmt.Sprintf("%d.%d.%d.%d", r.IntN(256), r.IntN(256), r.IntN(256), r.IntN(256))
	}
	ipv6    = func(r random) any { return "2001:db8:" + r.hex(4) + ":" + r.hex(4) + "::" + r.hex(4) }
	mac     = func(r random) any { return grouped(r.hex(12), ":", 2) }
	meeting = func(r random) any { return grouped(r.digits(r.between(9, 11)), r.one("", " ", "-"), 3, 3, 5) }
	name    = func(r random) any { return r.name() }
	email   = func(r random) any { return r.name() + "@example.com" }
	base64s = func(r random) any { return base64.StdEncoding.EncodeToString(r.bytes(r.between(30, 60))) }
	image   = func(r random) any {
		return "data:image/png;base64,iVBORw0KGgo" + base64.StdEncoding.EncodeToString(r.bytes(r.between(60, 120)))
	}
	urlSafe = func(r random) any { return r.url64(r.between(16, 32)) }
	ulid    = func(r random) any { return "01" + r.of(24, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") }
	order   = func(r random) any {
		return r.one("ORD-", "INV-", "MTG-", "REQ-", "JIRA-", "PR#", "#") + r.digits(r.between(4, 10))
	}
	flake = func(r random) any { return "1" + r.digits(17+r.IntN(2)) }
	model = func(r random) any {
		return r.one("whisper-1", "gpt-4o-mini", "claude-3-5-sonnet-20241022", "large-v3", "nova-2-general")
	}
	path = func(r random) any {
		return r.one("/api/meetings/", "/api/v2/users/", "/static/js/main.", "/srv/mina/data/", "/api/tokens/", "/auth/callback/") + r.hex(6)
	}
	verb   = func(r random) any { return r.one("GET", "POST", "PUT", "DELETE", "PATCH") }
	status = func(r random) any {
		return []int{200, 201, 204, 301, 304, 400, 401, 403, 404, 429, 500, 502}[r.IntN(12)]
	}
	agent = func(r random) any {
		return r.one("curl/8.5.0", fmt.Sprintf("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%d.0.0.0 Safari/537.36", r.between(90, 140)), "python-requests/2.32."+r.digits(1))
	}
	coordinates = func(r random) any { return fmt.Sprintf("%.6f,%.6f", r.Float64()*90, r.Float64()*180) }
	money       = func(r random) any { return fmt.Sprintf("%d.%02d", r.IntN(5000), r.IntN(100)) }
	arn         = func(r random) any {
		return "arn:aws:s3:::mina-prod-audio/" + r.hex(8) + "/2025/10/" + r.uuid() + ".wav"
	}
	digest = func(r random) any { return "sha256:" + r.hex(64) }
	pod    = func(r random) any {
		return "mina-web-" + r.of(10, hexLower) + "-" + r.of(5, "bcdfghjklmnpqrstvwxz2456789")
	}
	isbn = func(r random) any {
		return "978-" + r.digits(1) + "-" + r.digits(3) + "-" + r.digits(5) + "-" + r.digits(1)
	}
	span  = func(r random) any { return r.hex(16) }
	state = func(r random) any { return r.one("expired", "missing", "invalid", "refreshed", "required", "revoked") }
)

var benign = []func(r random) string{
	with("Started", "thread_id", thread), with("tick", "created_us", micros), with("tick", "ts", nanos), with("sample", "epoch_ms", millis), with("Job queued", "scheduled_at", seconds),
	say("Thread-%d (ident %d) finished", small, thread), say("<Thread(ThreadPoolExecutor-0_%d, started %d)>", small, thread), say("timestamp %d, drift %.3f ms", micros, float),
	say("flush took %.9f s at %d", ratio, nanos), say("epoch %d to %d", seconds, seconds), say("now=%d last=%d", millis, millis),
	with("Request", "request_id", uuid), say("Meeting %s created by user %d", uuid, count), say("request %s to %s took %.2f ms", uuid, path, float), say("correlation=%s parent=%s", uuid, span),
	say("Deployed commit %s (%s)", sha1, version), say("etag \"%s\" matched", md5), say("checksum sha256=%s size=%d", sha256, count), say("image %s pulled", digest), say("git %s..%s", short, short),
	with("Uploaded", "md5", md5), with("Uploaded", "sha256", sha256), with("Audio stored", "key", arn), say("blob %s deduplicated against %s", sha1, sha1),
	say("mina %s on Python %s, Flask %s", version, version, version), with("Loaded", "version", version), say("upgrade from v%s to v%s", version, version),
	say("Zoom meeting %v joined", meeting), with("Meeting started", "meeting_id", count), say("meeting id %v has %d participants", meeting, small), with("join", "conference", flake), say("snowflake %v", flake),
	with("Thumbnail", "preview", image), with("Chunk", "data", base64s), say("frame %s", base64s), with("cursor", "next_page", urlSafe), say("ulid %s", ulid), say("asset %s.js", urlSafe),
	with("Metrics", "latency_ms", float), with("Metrics", "duration_seconds", float), with("score", "confidence", ratio), say("loss %.17g after %d steps", ratio, count), say("position %s", coordinates),
	say("cost %s EUR, budget %s", money, money), say("order %s shipped", order), with("Ticket", "ticket", order), say("ISBN %s not found", isbn),
	say("%s %s HTTP/1.1 %d %d", verb, path, status, count), say(`127.0.0.1 - - [01/Oct/2025:16:12:05 +0000] "%s %s HTTP/1.1" %d %d "-" "%s"`, verb, path, status, count, agent),
	with("Request", "user_agent", agent), say("peer %s port %d", ipv4, count), say("listening on [%s]:8080", ipv6), say("device %s up", mac), say("pod %s ready", pod), say("<Response [%d]> at %s", status, address),
	say("<services.Meeting object at %s>", address), say("scheduled for %s", when), say("backup of %s done at %s", day, clock), say("window %s to %s", when, when), say("cron 0 %d * * 1-5", small),
	say("author %s updated %d rows", name, small), say("authored by: %s", name), with("Completion", "token_count", count), with("Completion", "max_tokens", count), say("tokens used: %d of %d", count, count),
	say("prompt_tokens=%d completion_tokens=%d total_tokens=%d", small, small, count), say("token type: %s", func(random) any { return "bearer" }), say("model=%s max_tokens: %d token_count: %d", model, count, count),
	with("Model loaded", "model", model), say("Password reset requested by user %d", count), say("token: %s", state), say("Session %s for user %d", state, count), say("secret rotation %s", state),
	say("Login %s: wrong password (attempt %d)", state, small), say("Cookie banner shown to %d visitors", count), say("authorization %s for role editor", state), say("auth.py:%d: retrying", small),
	say("KeyError: 'password' in row %d", small), say("validation failed: password: required, attempt %d", small), say("pinned %d tabs, spinning %d threads", small, small), say("monkey patched %d modules", small),
	say("cache key meetings:%d:summary hit ratio %.4f", small, ratio), say("primary_key=%d foreign_key=%d", count, count), say("keyboard layout %s", name), say("bypass=%d compass=%d", small, small),
	say("basic plan, %d seats", small), say("bearer of bad news: %d", small), say("private key loaded from /etc/mina/%s.pem", name), say("public key sha256:%s", sha256), say("passed %d of %d tests", small, small),
	say("SELECT id, title FROM meetings WHERE id = %d LIMIT %d", count, small), say("slow query (%.1f ms): SELECT count(*) FROM users WHERE token_expires_at < now() - %d", float, small),
	say("https://api.mina.example/v1/meetings?page=%d&size=%d&sort=created_at", small, small), say("GET https://cdn.example.com/a/%s/%s.mp3", sha1, uuid), say("proxy http://proxy.internal:%d used for %s", small, path),
	say("postgresql://db:5432/mina pool %d/%d", small, small), say("redis://cache:6379/%d reachable", small), say("connect to amqp://rabbit:5672 failed %d times", small),
	func(r random) string {
		return r.line("message", "webhook", "payload", fmt.Sprintf(`{"event": "meeting.ended", "id": "%s", "duration": %d, "participants": [%d, %d], "host": null}`, r.uuid(), r.IntN(7200), r.IntN(99), r.IntN(99)))
	},
	func(r random) string {
		return r.line("message", fmt.Sprintf("{'id': %d, 'title': 'Planning %d', 'started': %d, 'ratio': %v}", r.IntN(1e6), r.IntN(99), millis(r), r.Float64()))
	},
	func(r random) string {
		return r.line("message", "Transcribed", "meeting", map[string]any{"id": r.IntN(1e6), "words": r.IntN(9999), "language": "de", "segments": []any{r.Float64(), r.Float64()}, "owner": r.name()})
	},
	func(r random) string {
		return r.line("level", "ERROR", "message", "Unhandled", "exception", map[string]any{
			"type": "ValueError", "message": "Invalid meeting ID format",
			"traceback": fmt.Sprintf("Traceback (most recent call last):\n  File \"/srv/mina/services/auth.py\", line %d, in verify_token\n    token = get_token(request)\n            ^^^^^^^^^^^^^^^^^^\n  File \"/srv/mina/api.py\", line %d, in login\n    user = authenticate(password=form.password)\nValueError: Invalid meeting ID format", r.IntN(900), r.IntN(900)),
		})
	},
	func(r random) string {
		return r.line("message", "SQL error", "error", fmt.Sprintf("(psycopg2.errors.UndefinedColumn) column m.foo does not exist\nLINE 1: SELECT m.foo FROM meetings m WHERE m.id = %d\n               ^", r.IntN(1e6)))
	},
	func(r random) string {
		return r.line("message", "trace", "trace", r.hex(32), "span", r.hex(16), "sampled", true)
	},
	with("datadog agent reachable", "trace_id", md5), say("sentry event %s sent", md5), say("heroku[router]: at=info method=GET request_id=%s status=%d", uuid, status), say("aws s3 sync to %s", arn),
	say("provider whisper answered in %d ms at %d", small, seconds), say("user %s logged in from %s", name, ipv4), say("mail to %s queued", email), say("row %d: expected 12 columns, got %d", count, small),
	say("progress %d%% (%d/%d) eta %s", small, count, count, clock), say("gc: collected %d objects in %.6f s", count, ratio), say("worker %d exited with code %d, pid %d", small, small, count),
	say("memory %d bytes, peak %d bytes, offset %d", count, micros, nanos), say("uuid1 %s node %s", uuid, mac), say("range bytes=%d-%d/%d", count, count, count), say("%d-%d-%d", small, small, count),
	say("part %s-%s accepted", func(r random) any { return r.of(3, upperCase) }, func(r random) any { return r.digits(7) }), say("flight %s", func(r random) any { return r.of(2, upperCase) + r.digits(r.between(3, 4)) }),
	say("postal code %s", func(r random) any { return r.digits(5) }), say("phone extension %d", small), say("tax rate %s", money), say("host mina-prod-%d.eu-central-1.compute.internal", small),
	say("translated \"größer als %d\" → \"greater than %d\"", small, small), say("naïve café № %d – 東京 %s", small, day),
}
