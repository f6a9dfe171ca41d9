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
)

// Credentials are those of an AWS account.
type Credentials struct{ Region, ID, Secret string }

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
