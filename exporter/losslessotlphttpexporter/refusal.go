package losslessotlphttpexporter

import (
	"fmt"
	"net/http"
	"strings"
	"unicode"

	spb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/mina-observability/otelcol-mina/internal/destination"
)

// refusal is an answer that is no success.
type refusal struct {
	status int
	// answer is the beginning of what the destination wrote, without secrets.
	answer string
}

func (r *refusal) Error() string {
	text := fmt.Sprintf("the destination answered %d %s", r.status, http.StatusText(r.status))
	// Why a record is refused may quote the record.
	if r.answer == "" || r.Verdict().OfContent() {
		return text
	}
	return text + ": " + r.answer
}

// Verdict says what the answer means.
func (r *refusal) Verdict() destination.Verdict { return destination.OfStatus(r.status) }

// refusal reads an answer. Destinations answer in protobuf (OTLP 1.9, "Failures"),
// or in a text of their own.
func (e *losslessExporter) refusal(response *http.Response, answer []byte) *refusal {
	text := string(answer)
	if strings.HasPrefix(response.Header.Get("Content-Type"), protobuf) {
		status := &spb.Status{}
		if proto.Unmarshal(answer, status) == nil {
			text = status.GetMessage()
		}
	}
	return &refusal{status: response.StatusCode, answer: e.printable(text)}
}

const (
	// maxPrinted is how much of an answer is logged, in bytes.
	maxPrinted = 300
	// minSecret is how long a header's value must be to be looked for in answers.
	minSecret = 6
)

// printable returns the beginning of an answer on one line, without the values of
// the headers that were sent: some destinations quote a token that they refuse.
func (e *losslessExporter) printable(answer string) string {
	for _, value := range e.cfg.ClientConfig.Headers.Iter {
		for secret := range strings.FieldsSeq(string(value)) {
			if len(secret) >= minSecret {
				answer = strings.ReplaceAll(answer, secret, "[secret]")
			}
		}
	}
	answer = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, answer)
	answer = strings.Join(strings.Fields(answer), " ")
	if len(answer) > maxPrinted {
		answer = strings.ToValidUTF8(answer[:maxPrinted], "") + "…"
	}
	return answer
}
