package logstoreextension

import (
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/logstore"
)

// The folders of the store that others are let into: they may neither delete nor read its
// flags.
const (
	insertPath = "/insert/"
	selectPath = "/select/"
)

// resolver hands requests on that are for the store. Its password is for nobody else.
type resolver struct{ store http.RoundTripper }

func (r resolver) RoundTrip(request *http.Request) (*http.Response, error) {
	if request.URL.Host != logstore.Host {
		return nil, refuse(request, fmt.Errorf("log_store is for URLs such as http://%s%slogsql/query (got host %q)", logstore.Host, selectPath, request.URL.Host))
	}
	if where := request.URL.Path; path.Clean(where) != strings.TrimSuffix(where, "/") || !strings.HasPrefix(where, insertPath) && !strings.HasPrefix(where, selectPath) {
		return nil, refuse(request, fmt.Errorf("log_store is for paths below %s and %s (got %q)", insertPath, selectPath, where))
	}
	return r.store.RoundTrip(request)
}

// refuse closes the body of a request that is not sent, as a RoundTripper must.
func refuse(request *http.Request, err error) error {
	if request.Body != nil {
		_ = request.Body.Close()
	}
	return err
}
