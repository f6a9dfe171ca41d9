package contract

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// header checks one header.
func header(name, want string) func(*http.Request, []byte) error {
	return func(r *http.Request, _ []byte) error {
		if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
			return fmt.Errorf("header %s is wrong (%d values)", name, len(got))
		}
		return nil
	}
}

// Datadog takes records at https://otlp.SITE/v1/logs.
func Datadog(key string) Contract {
	return Contract{
		Path: "/v1/logs", Authorized: header("dd-api-key", key), Refused: http.StatusForbidden, Taken: http.StatusAccepted, MaxBytes: 3_200_000,
		Record: func(_ pcommon.Resource, scope string, record plog.LogRecord) error {
			attributes := record.Attributes()
			for from, to := range map[string]string{
				"http.request.method": "http.method", "url.path": "http.url", "http.response.status_code": "http.status_code",
				"user_agent.original": "http.useragent", "client.address": "network.client.ip", "user.id": "usr.id", "user.name": "usr.name",
			} {
				value, has := attributes.Get(from)
				mapped, is := attributes.Get(to)
				if has && (!is || !value.Equal(mapped)) {
					return fmt.Errorf("%s is not %s", from, to)
				}
			}
			if name, ok := attributes.Get("logger.name"); scope != "" && (!ok || name.Str() != scope) {
				return errors.New("logger.name is not the scope")
			}
			if _, ok := attributes.Get("exception.type"); ok {
				return errors.New("exception.type has not become error.kind")
			}
			return nil
		},
	}
}

// NewRelic takes records at https://otlp.nr-data.net/v1/logs.
func NewRelic(key string) Contract {
	return Contract{
		Path: "/v1/logs", Authorized: header("api-key", key), Refused: http.StatusForbidden, Taken: http.StatusOK, MaxBytes: 1_000_000,
		Record: func(resource pcommon.Resource, _ string, record plog.LogRecord) error {
			if text := strings.TrimSpace(record.Body().Str()); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
				return errors.New("a body is JSON, and would be taken apart")
			}
			return errors.Join(valuesWithin(record.Attributes(), 4095), valuesWithin(resource.Attributes(), 4095))
		},
	}
}

func valuesWithin(attributes pcommon.Map, most int) error {
	for key, value := range attributes.All() {
		if len(key) > 255 || value.Type() == pcommon.ValueTypeStr && utf8.RuneCountInString(value.Str()) > most {
			return fmt.Errorf("attribute %.40q is too long", key)
		}
	}
	return nil
}

// BetterStack takes records at https://HOST/v1/logs.
func BetterStack(token string) Contract {
	return Contract{
		Path: "/v1/logs", Authorized: header("Authorization", "Bearer "+token), Refused: http.StatusForbidden, Taken: http.StatusAccepted, MaxBytes: 10 << 20,
	}
}

// Logzio takes records at https://otlp-listener.logz.io/v1/logs.
func Logzio(token string) Contract {
	return Contract{
		Path: "/v1/logs", Authorized: header("Authorization", "Bearer "+token), Refused: http.StatusUnauthorized, Taken: http.StatusOK, MaxBytes: 10 << 20,
	}
}

// labels are the resource attributes of which Loki makes a label by default
// (its distributor's default_resource_attributes_as_index_labels).
var labels = []string{"service.name", "service.namespace", "service.instance.id", "deployment.environment", "deployment.environment.name"}

// Loki takes records at LOKI_URL/otlp/v1/logs.
func Loki(user, password string) Contract {
	return Contract{
		Path: "/otlp/v1/logs", Refused: http.StatusUnauthorized, Taken: http.StatusNoContent, MaxBytes: 4 << 20,
		Authorized: func(r *http.Request, _ []byte) error {
			if u, p, ok := r.BasicAuth(); !ok || u != user || p != password {
				return errors.New("the user or password is wrong")
			}
			return nil
		},
		Record: func(resource pcommon.Resource, _ string, record plog.LogRecord) error {
			size, entries := 0, 0
			for _, attributes := range []pcommon.Map{resource.Attributes(), record.Attributes()} {
				for key, value := range attributes.All() {
					if slices.Contains(labels, key) {
						continue
					}
					size += len(key) + len(value.AsString())
					entries++
				}
			}
			switch {
			case size > 64<<10 || entries > 128:
				return fmt.Errorf("%d bytes and %d entries of structured metadata", size, entries)
			case len(record.Body().Str()) > 256<<10:
				return errors.New("a line is too long")
			case record.Timestamp() != 0 && time.Since(record.Timestamp().AsTime()) > 7*24*time.Hour:
				return errors.New("a record is too old")
			}
			return nil
		},
	}
}

// Credentials are those of an AWS account.
type Credentials struct{ Region, ID, Secret string }

// CloudWatch takes records at https://logs.REGION.amazonaws.com/v1/logs.
func CloudWatch(c Credentials, group, stream string) Contract {
	return Contract{
		Path: "/v1/logs", Refused: http.StatusForbidden, Taken: http.StatusOK, MaxBytes: 1_048_576, MaxRecords: 10_000, PerRecord: 26,
		Authorized: func(r *http.Request, body []byte) error {
			return errors.Join(header("x-aws-log-group", group)(r, nil), header("x-aws-log-stream", stream)(r, nil), c.verify(r, body))
		},
		Record: func(resource pcommon.Resource, scope string, record plog.LogRecord) error {
			if len(fmt.Sprint(resource.Attributes().AsRaw()))+len(scope) > 16<<10 {
				return errors.New("resource and scope are too long")
			}
			if age := time.Since(record.Timestamp().AsTime()); record.Timestamp() != 0 && age > 14*24*time.Hour {
				return errors.New("a record is too old")
			}
			return nil
		},
	}
}

// verify computes the signature again (AWS Signature Version 4, "Create a signed
// AWS API request").
func (c Credentials) verify(r *http.Request, body []byte) error {
	fields := map[string]string{}
	algorithm, rest, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	for field := range strings.SplitSeq(rest, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		fields[key] = value
	}
	date := r.Header.Get("X-Amz-Date")
	signed, err := time.Parse("20060102T150405Z", date)
	switch {
	case algorithm != "AWS4-HMAC-SHA256":
		return fmt.Errorf("the algorithm is %q", algorithm)
	case err != nil || time.Since(signed).Abs() > 5*time.Minute:
		return fmt.Errorf("the date of the signature is %q", date)
	}
	credentialScope := strings.Join([]string{date[:8], c.Region, "logs", "aws4_request"}, "/")
	if fields["Credential"] != c.ID+"/"+credentialScope {
		return errors.New("the credential or its scope is wrong")
	}
	names := strings.Split(fields["SignedHeaders"], ";")
	for _, needed := range []string{"host", "x-amz-date", "x-aws-log-group", "x-aws-log-stream"} {
		if !slices.Contains(names, needed) {
			return fmt.Errorf("%s is not signed", needed)
		}
	}
	var canonical strings.Builder
	fmt.Fprintf(&canonical, "%s\n%s\n%s\n", r.Method, (&url.URL{Path: r.URL.Path}).EscapedPath(), r.URL.Query().Encode())
	for _, name := range names {
		value := strings.Join(r.Header.Values(name), ",")
		switch name {
		case "host":
			value = r.Host
		case "content-length":
			value = fmt.Sprint(r.ContentLength)
		}
		fmt.Fprintf(&canonical, "%s:%s\n", name, strings.Join(strings.Fields(value), " "))
	}
	fmt.Fprintf(&canonical, "\n%s\n%s", fields["SignedHeaders"], digest(body))
	key := []byte("AWS4" + c.Secret)
	for _, part := range []string{date[:8], c.Region, "logs", "aws4_request"} {
		key = sum(key, part)
	}
	want := sum(key, strings.Join([]string{algorithm, date, credentialScope, digest([]byte(canonical.String()))}, "\n"))
	if fields["Signature"] != hex.EncodeToString(want) {
		return errors.New("the signature is wrong")
	}
	return nil
}

func digest(text []byte) string {
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:])
}

func sum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}
