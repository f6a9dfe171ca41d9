package page

import (
	"testing"
	"time"
)

func TestTheStoresOwnPageShowsTheRecords(t *testing.T) {
	t.Parallel()
	s := ownStack(t, "extensions::log_page::vmui: true")
	s.write(t, line(time.Now(), "seen on the page of the store", nil))
	s.stored(t, "seen", 1)
	b := s.tab(t, "/select/tenant_ids", "Missing step") // of which it needs none
	b.open("vmui/?#/?query=*&g0.range_input=1h")
	b.until("document.body.innerText.includes('seen on the page of the store')")
}
