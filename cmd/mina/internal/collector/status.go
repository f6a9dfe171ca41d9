package collector

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/mina-observability/otelcol-mina/internal/collectorstatus"
)

// Status asks the extension mina_status at base.
func Status(ctx context.Context, base string) (collectorstatus.Status, error) {
	var s collectorstatus.Status
	body, code, err := get(ctx, base, "/status")
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(body, &s); err != nil || code != http.StatusOK || s.PID == 0 {
		return s, fmt.Errorf("%s does not answer as the extension mina_status does (HTTP %d)", base, code)
	}
	return s, nil
}
