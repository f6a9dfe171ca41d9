package contract

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Token is the secret of every vendor, and User the name beside it where there is one.
const (
	Token = "token-4711-of-the-tests"
	User  = "mina@example.com"
)

// Vendor is what a vendor with an OTLP endpoint asks for, and how it answers.
type Vendor struct {
	// Overlay is the file in config/, and Address the variable with the vendor's address.
	Overlay, Address string
	// Env holds what else the overlay needs.
	Env []string
	// Path is where records are posted to; Base is the part of it that the vendor shows.
	Base, Path string
	// Headers are those that must be there, each once. Nobody else may send Authorization.
	Headers map[string]string
	// Signed, if not nil, checks a signature.
	Signed *Credentials
	// Tokens, if not nil, hands out the token that Authorization holds.
	Tokens *ServiceAccount
	// Refused is the answer to wrong credentials, Taken that to records. Default: 401, 200.
	Refused, Taken int
	// MaxBytes is how long a request may be before compression (10 MiB), and MaxRecords
	// how many records it may have; PerRecord is added for each of them.
	MaxBytes, MaxRecords, PerRecord int
	// Past is how old a record may be. Default: for ever.
	Past time.Duration
	// Record checks each record.
	Record func(resource pcommon.Resource, scope string, record plog.LogRecord) error
}

const day = 24 * time.Hour

var basic = "Basic " + base64.StdEncoding.EncodeToString([]byte(User+":"+Token))

// Account signs requests to AWS.
var Account = Credentials{Region: "eu-central-1", ID: "AKIDEXAMPLE", Secret: Token}

// Vendors returns every vendor with an OTLP endpoint that has an overlay.
func Vendors() []Vendor {
	all := []Vendor{
		{
			Overlay: "datadog", Address: "DD_OTLP_ENDPOINT", Env: []string{"DD_API_KEY=" + Token},
			Headers: map[string]string{"dd-api-key": Token}, Refused: http.StatusForbidden, Taken: http.StatusAccepted, MaxBytes: 3_200_000, Record: datadog,
		},
		{
			Overlay: "newrelic", Address: "NEW_RELIC_OTLP_ENDPOINT", Env: []string{"NEW_RELIC_LICENSE_KEY=" + Token},
			Headers: map[string]string{"api-key": Token}, Refused: http.StatusForbidden, MaxBytes: 1_000_000, Past: 2 * day, Record: newRelic,
		},
		{
			Overlay: "betterstack", Address: "BETTERSTACK_OTLP_ENDPOINT", Env: []string{"BETTERSTACK_TOKEN=" + Token},
			Headers: map[string]string{"Authorization": "Bearer " + Token}, Refused: http.StatusForbidden, Taken: http.StatusAccepted,
		},
		{
			Overlay: "logzio", Address: "LOGZIO_OTLP_ENDPOINT", Env: []string{"LOGZIO_TOKEN=" + Token},
			Headers: map[string]string{"Authorization": "Bearer " + Token},
		},
		{
			Overlay: "loki", Address: "LOKI_URL", Env: []string{"LOKI_PASSWORD=" + Token, "LOKI_USERNAME=" + User, `LOKI_HEADERS={"X-Scope-OrgID": "mina"}`},
			Path:    "/otlp/v1/logs",
			Headers: map[string]string{"Authorization": basic, "X-Scope-OrgID": "mina"}, Taken: http.StatusNoContent, MaxBytes: 4 << 20, Past: 7 * day, Record: loki,
		},
		{
			Overlay: "cloudwatch", Address: "CLOUDWATCH_OTLP_ENDPOINT", Env: []string{
				"AWS_SECRET_ACCESS_KEY=" + Token, "AWS_ACCESS_KEY_ID=" + Account.ID, "AWS_REGION=" + Account.Region,
				"CLOUDWATCH_LOG_GROUP=/mina/app", "CLOUDWATCH_LOG_STREAM=host-1", "AWS_EC2_METADATA_DISABLED=true",
			},
			Headers: map[string]string{"x-aws-log-group": "/mina/app", "x-aws-log-stream": "host-1"}, Signed: &Account, Refused: http.StatusForbidden,
			MaxBytes: 1_048_576, MaxRecords: 10_000, PerRecord: 26, Past: 14 * day, Record: cloudWatch,
		},
		{
			Overlay: "honeycomb", Address: "HONEYCOMB_OTLP_ENDPOINT", Env: []string{"HONEYCOMB_API_KEY=" + Token},
			Headers: map[string]string{"x-honeycomb-team": Token}, MaxBytes: 15 << 20,
		},
		{
			Overlay: "grafana-cloud", Address: "GRAFANA_CLOUD_OTLP_ENDPOINT", Env: []string{"GRAFANA_CLOUD_TOKEN=" + Token, "GRAFANA_CLOUD_INSTANCE_ID=" + User},
			Base: "/otlp", Path: "/otlp/v1/logs", Headers: map[string]string{"Authorization": basic}, MaxBytes: 4 << 20, Past: 7 * day, Record: loki,
		},
		{
			Overlay: "elastic", Address: "ELASTIC_OTLP_ENDPOINT", Env: []string{"ELASTIC_API_KEY=" + Token},
			Headers: map[string]string{"Authorization": "ApiKey " + Token},
		},
		{
			Overlay: "dynatrace", Address: "DYNATRACE_URL", Env: []string{"DYNATRACE_API_TOKEN=" + Token},
			Base: "/e/abc", Path: "/e/abc/api/v2/otlp/v1/logs", Headers: map[string]string{"Authorization": "Api-Token " + Token},
		},
		{
			Overlay: "axiom", Address: "AXIOM_OTLP_ENDPOINT", Env: []string{"AXIOM_TOKEN=" + Token, "AXIOM_DATASET=mina"},
			Headers: map[string]string{"Authorization": "Bearer " + Token, "x-axiom-dataset": "mina"}, Refused: http.StatusForbidden,
		},
		{
			Overlay: "dash0", Address: "DASH0_OTLP_ENDPOINT", Env: []string{"DASH0_AUTH_TOKEN=" + Token},
			Headers: map[string]string{"Authorization": "Bearer " + Token, "Dash0-Dataset": "default"}, Refused: http.StatusForbidden,
		},
		{
			Overlay: "signoz", Address: "SIGNOZ_OTLP_ENDPOINT", Env: []string{"SIGNOZ_INGESTION_KEY=" + Token},
			Headers: map[string]string{"signoz-ingestion-key": Token},
		},
		{
			Overlay: "coralogix", Address: "CORALOGIX_OTLP_ENDPOINT", Env: []string{"CORALOGIX_API_KEY=" + Token},
			Headers: map[string]string{"Authorization": "Bearer " + Token}, MaxBytes: 2 << 20, Record: coralogix,
		},
		{
			Overlay: "observe", Address: "OBSERVE_OTLP_ENDPOINT", Env: []string{"OBSERVE_TOKEN=" + Token, "OBSERVE_CUSTOMER_ID=4711"},
			Path: "/v2/otel/v1/logs", Headers: map[string]string{"Authorization": "Bearer " + Token},
		},
		{
			Overlay: "openobserve", Address: "OPENOBSERVE_URL", Env: []string{"OPENOBSERVE_PASSWORD=" + Token, "OPENOBSERVE_USERNAME=" + User},
			Path: "/api/default/v1/logs", Headers: map[string]string{"Authorization": basic, "stream-name": "default"},
		},
		{
			Overlay: "parseable", Address: "PARSEABLE_URL", Env: []string{"PARSEABLE_PASSWORD=" + Token, "PARSEABLE_USERNAME=" + User},
			Headers: map[string]string{"Authorization": basic, "X-P-Stream": "mina", "X-P-Log-Source": "otel-logs"},
		},
		{
			Overlay: "hyperdx", Address: "HYPERDX_OTLP_ENDPOINT", Env: []string{"HYPERDX_API_KEY=" + Token},
			Headers: map[string]string{"Authorization": Token},
		},
		{
			Overlay: "last9", Address: "LAST9_OTLP_ENDPOINT", Env: []string{"LAST9_AUTHORIZATION=" + basic},
			Headers: map[string]string{"Authorization": basic},
		},
		{
			Overlay: "victorialogs", Address: "VICTORIALOGS_URL", // needs no credentials
			Path: "/insert/opentelemetry/v1/logs", Headers: map[string]string{"VL-Stream-Fields": "service.name,host.name"}, Past: 7 * day, Record: victoriaLogs,
		},
		{
			Overlay: "solarwinds", Address: "SOLARWINDS_OTLP_ENDPOINT", Env: []string{"SOLARWINDS_TOKEN=" + Token},
			Headers: map[string]string{"Authorization": "Bearer " + Token},
		},
		{
			Overlay: "sentry-logs", Address: "SENTRY_OTLP_ENDPOINT", Env: []string{"SENTRY_PUBLIC_KEY=" + Token},
			Base: "/api/42/integration/otlp/v1/logs/", Path: "/api/42/integration/otlp/v1/logs/",
			Headers: map[string]string{"x-sentry-auth": "sentry sentry_key=" + Token}, Refused: http.StatusForbidden,
		},
		{
			Overlay: "googlecloud", Address: "GOOGLE_CLOUD_OTLP_ENDPOINT",
			Env:     []string{"GOOGLE_CLOUD_PROJECT=mina-1", "GOOGLE_CLIENT_EMAIL=" + User, "GOOGLE_PRIVATE_KEY_FILE=" + KeyFile()},
			Headers: map[string]string{"Authorization": "Bearer " + Token, "x-goog-user-project": "mina-1"}, Record: googleCloud,
			Tokens: &ServiceAccount{Variable: "GOOGLE_TOKEN_URL", Email: User, Scope: "https://www.googleapis.com/auth/logging.write"},
		},
	}
	for i := range all {
		all[i].complete()
	}
	return all
}

// VendorOf returns the vendor of an overlay.
func VendorOf(overlay string) Vendor {
	all := Vendors()
	return all[slices.IndexFunc(all, func(v Vendor) bool { return v.Overlay == overlay })]
}

func (v *Vendor) complete() {
	if v.Path == "" {
		v.Path = "/v1/logs"
	}
	if v.Refused == 0 {
		v.Refused = http.StatusUnauthorized
	}
	if v.Taken == 0 {
		v.Taken = http.StatusOK
	}
	if v.MaxBytes == 0 {
		v.MaxBytes = 10 << 20
	}
}

// authorized checks the credentials, of a body as it came.
func (v *Vendor) authorized(r *http.Request, body []byte) error {
	for name, want := range v.Headers {
		if got := r.Header.Values(name); len(got) != 1 || got[0] != want {
			return fmt.Errorf("header %s is wrong (%d values)", name, len(got))
		}
	}
	if v.Signed != nil {
		return v.Signed.verify(r, body)
	}
	if _, wanted := v.Headers["Authorization"]; !wanted && len(r.Header.Values("Authorization")) > 0 {
		return errors.New("a header Authorization, which nobody asks for")
	}
	return nil
}

// datadog holds the names that Datadog gives a meaning.
func datadog(_ pcommon.Resource, scope string, record plog.LogRecord) error {
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
}

func newRelic(resource pcommon.Resource, _ string, record plog.LogRecord) error {
	if text := strings.TrimSpace(record.Body().Str()); strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
		return errors.New("a body is JSON, and would be taken apart")
	}
	return errors.Join(valuesWithin(record.Attributes(), 4095), valuesWithin(resource.Attributes(), 4095))
}

func valuesWithin(attributes pcommon.Map, most int) error {
	for key, value := range attributes.All() {
		if len(key) > 255 || value.Type() == pcommon.ValueTypeStr && utf8.RuneCountInString(value.Str()) > most {
			return fmt.Errorf("attribute %.40q is too long", key)
		}
	}
	return nil
}

// labels are the resource attributes of which Loki makes a label by default
// (its distributor's default_resource_attributes_as_index_labels).
var labels = []string{"service.name", "service.namespace", "service.instance.id", "deployment.environment", "deployment.environment.name"}

// loki holds the limits of Loki's structured metadata and lines.
func loki(resource pcommon.Resource, _ string, record plog.LogRecord) error {
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
	}
	return nil
}

func cloudWatch(resource pcommon.Resource, scope string, _ plog.LogRecord) error {
	if len(fmt.Sprint(resource.Attributes().AsRaw()))+len(scope) > 16<<10 {
		return errors.New("resource and scope are too long")
	}
	return nil
}

func coralogix(resource pcommon.Resource, _ string, _ plog.LogRecord) error {
	for key, want := range map[string]string{"cx.application.name": "mina", "cx.subsystem.name": "mina"} {
		if value, ok := resource.Attributes().Get(key); !ok || value.Str() != want {
			return fmt.Errorf("the resource's %s is not %s", key, want)
		}
	}
	return nil
}

func googleCloud(resource pcommon.Resource, _ string, _ plog.LogRecord) error {
	if project, ok := resource.Attributes().Get("gcp.project_id"); !ok || project.Str() != "mina-1" {
		return errors.New("the resource has no gcp.project_id")
	}
	return nil
}

// victoriaLogs holds what it drops with a 200.
func victoriaLogs(resource pcommon.Resource, _ string, record plog.LogRecord) error {
	if resource.Attributes().Len()+record.Attributes().Len() > 1000 {
		return errors.New("more than 1000 fields")
	}
	for key := range record.Attributes().All() {
		if len(key) > 128 {
			return fmt.Errorf("the name %.40q is too long", key)
		}
	}
	return nil
}
