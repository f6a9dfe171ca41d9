package collector

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// longest is how much of an answer is read.
const longest = 16 << 20

// Component is what the health check says of the collector, a pipeline or a component.
type Component struct {
	Healthy    bool                 `json:"healthy"`
	Status     string               `json:"status"`
	Error      string               `json:"error"`
	Since      time.Time            `json:"status_time"`
	Started    time.Time            `json:"start_time"`
	Components map[string]Component `json:"components"`
}

// Health asks the health check at base, of one pipeline or, for "", of all.
func Health(ctx context.Context, base, pipeline string) (Component, error) {
	query := url.Values{"verbose": {""}}
	if pipeline != "" {
		query.Set("pipeline", pipeline)
	}
	body, code, err := get(ctx, base, "/?"+query.Encode())
	if err != nil {
		return Component{}, err
	}
	if code == http.StatusNotFound && pipeline != "" {
		return Component{}, fmt.Errorf("%s knows no pipeline %q", base, pipeline)
	}
	var c Component
	if err := json.Unmarshal(body, &c); err != nil || c.Status == "" {
		return Component{}, fmt.Errorf("%s does not answer as the collector's health check does (HTTP %d)", base, code)
	}
	// Where component_health is not configured, the code alone tells.
	c.Healthy = code == http.StatusOK
	return c, nil
}

// get fetches a small document below a URL. A proxy of the environment is for other hosts.
func get(ctx context.Context, base, path string) ([]byte, int, error) {
	at, err := url.Parse(base)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		return nil, 0, fmt.Errorf("%q is no URL such as %s", base, StatusURL)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+path, nil)
	if err != nil {
		return nil, 0, err
	}
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return nil, 0, unreachable(at.Host, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, longest))
	if err != nil {
		return nil, 0, unreachable(at.Host, err)
	}
	return body, response.StatusCode, nil
}
