package alertmanagerexporter

import (
	"container/list"
	"sync"
	"time"

	"github.com/prometheus/common/model"
)

const (
	// maxBatch is how many alerts a request has at most, as Prometheus has it, and
	// maxBatchBytes about how long they are.
	maxBatch      = 256
	maxBatchBytes = 512 << 10
)

// table holds the newest state of each alert, and what each Alertmanager knows of it.
// What is not there any more is sent no more; so nothing has to wait in a queue.
type table struct {
	// most is how many alerts there are at most.
	most          int
	alertmanagers int
	// resendAfter is how long after the last time a firing alert is sent again.
	resendAfter time.Duration

	mu     sync.Mutex
	alerts map[string]*entry
	// firing counts the alerts that fire by what Alertmanager tells them by.
	firing map[model.Fingerprint]int
	// ended are the entries of resolved alerts, in the order in which they came.
	ended *list.List
	// version is the number of the last transition.
	version uint64
}

type entry struct {
	*alert
	version uint64
	labels  model.Fingerprint
	// place is the one in ended, or nil.
	place *list.Element
	// known is what each Alertmanager knows.
	known []knowledge
}

// knowledge is what an Alertmanager knows of an alert.
type knowledge struct {
	// version is the last that it has taken, or refused for what it is.
	version uint64
	refused bool
	// sent is when it was sent something last, and began when it was told that the alert
	// fires.
	sent, began time.Time
	// late says that the alert was over before that.
	late bool
}

// message is what an Alertmanager is to be told of an alert.
type message struct {
	*alert
	version uint64
	// news says that it is new to the Alertmanager, and late that it is news of an alert
	// that was over before the Alertmanager has heard of it.
	news, late bool
}

func newTable(most, alertmanagers int, resendAfter time.Duration) *table {
	return &table{most: most, alertmanagers: alertmanagers, resendAfter: resendAfter, alerts: map[string]*entry{}, firing: map[model.Fingerprint]int{}, ended: list.New()}
}

// put takes a transition, unless it is known or older than what is known, and returns the
// alerts that have changed: a firing one takes the place of the one that was resolved
// first, if there is no other. dropped is one of which not every Alertmanager will know,
// for want of room, or nil.
func (t *table) put(a *alert) (changed []*alert, dropped *alert) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e, ok := t.alerts[a.Fingerprint]
	switch {
	case ok && !a.newerThan(e.alert):
		return nil, nil
	case ok:
		t.forget(e)
		t.add(a, e.knownOfEnd(a))
		return []*alert{a}, nil
	case len(t.alerts) >= t.most:
		first := t.ended.Front()
		if a.Resolved || first == nil {
			return nil, a
		}
		replaced := first.Value.(*entry)
		t.forget(replaced)
		changed = append(changed, replaced.alert)
		if replaced.isNewsToAny() {
			dropped = replaced.alert
		}
	}
	t.add(a, make([]knowledge, t.alertmanagers))
	return append(changed, a), dropped
}

// knownOfEnd returns what each Alertmanager knows of the next state of an alert. One that
// was not told that it fires, or only when it was over, would notify nobody.
func (e *entry) knownOfEnd(a *alert) []knowledge {
	known := make([]knowledge, len(e.known))
	if !a.Resolved || !a.Starts.Equal(e.Starts) {
		return known
	}
	for i, before := range e.known {
		known[i].late = before.version < e.version || !before.refused && a.Ends.Before(before.began)
	}
	return known
}

func (t *table) add(a *alert, known []knowledge) {
	t.version++
	e := &entry{alert: a, version: t.version, labels: a.Labels.Fingerprint(), known: known}
	t.alerts[a.Fingerprint] = e
	if a.Resolved {
		e.place = t.ended.PushBack(e)
		return
	}
	t.firing[e.labels]++
}

func (t *table) forget(e *entry) {
	delete(t.alerts, e.Fingerprint)
	if e.Resolved {
		t.ended.Remove(e.place)
		return
	}
	if t.firing[e.labels]--; t.firing[e.labels] == 0 {
		delete(t.firing, e.labels)
	}
}

// get returns an alert as it is now, or nil.
func (t *table) get(fingerprint string) *alert {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e, ok := t.alerts[fingerprint]; ok {
		return e.alert
	}
	return nil
}

// expire forgets resolved alerts that came before a moment. untold are those of them
// that not every Alertmanager has taken.
func (t *table) expire(before time.Time) (expired []*alert, untold int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		first := t.ended.Front()
		if first == nil || !first.Value.(*entry).Received.Before(before) {
			return expired, untold
		}
		e := first.Value.(*entry)
		t.forget(e)
		expired = append(expired, e.alert)
		if e.isNewsToAny() {
			untold++
		}
	}
}

func (e *entry) isNewsToAny() bool {
	for _, known := range e.known {
		if known.version < e.version {
			return true
		}
	}
	return false
}

// due returns what an Alertmanager is to be sent in its next request, what is new first,
// or when there will be something, if there will.
func (t *table) due(alertmanager int, now time.Time) (batch []message, next time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var again []message
	for _, e := range t.alerts {
		known := &e.known[alertmanager]
		at := known.sent.Add(t.resendAfter)
		switch news := known.version < e.version; {
		case news && e.Resolved && t.firing[e.labels] > 0:
			known.version = e.version // to Alertmanager, it is the one that fires
		case news:
			batch = append(batch, message{alert: e.alert, version: e.version, news: true, late: known.late})
		case e.Resolved || known.refused:
		case !at.After(now):
			again = append(again, message{alert: e.alert, version: e.version})
		case next.IsZero() || at.Before(next):
			next = at
		}
		if len(batch) == maxBatch {
			break
		}
	}
	return fitting(append(batch, again...)), next
}

// fitting returns the first messages, as many as fit into a request.
func fitting(messages []message) []message {
	bytes := 0
	for i, m := range messages {
		if bytes += m.size(); i == maxBatch || i > 0 && bytes > maxBatchBytes {
			return messages[:i]
		}
	}
	return messages
}

// waiting returns how many alerts are news to an Alertmanager.
func (t *table) waiting(alertmanager int) (alerts int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, e := range t.alerts {
		if e.known[alertmanager].version < e.version {
			alerts++
		}
	}
	return alerts
}

// active returns how many alerts fire.
func (t *table) active() int64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return int64(len(t.alerts) - t.ended.Len())
}

// told notes that an Alertmanager has taken messages.
func (t *table) told(alertmanager int, batch []message, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range batch {
		e, ok := t.alerts[m.Fingerprint]
		if !ok || !e.Starts.Equal(m.Starts) {
			continue
		}
		known := &e.known[alertmanager]
		if e.version != m.version { // it has ended while the request was on its way
			known.late = e.Ends.Before(at)
			continue
		}
		known.version, known.sent = m.version, at
		if known.began.IsZero() {
			known.began = at
		}
	}
}

// failed notes that messages did not get through. What is new to the Alertmanager
// stays so, and what was only repeated has its next turn.
func (t *table) failed(alertmanager int, batch []message, at time.Time) {
	t.note(alertmanager, batch, func(known *knowledge, _ message) { known.sent = at })
}

// refused notes that an Alertmanager refuses an alert for what it is.
func (t *table) refused(alertmanager int, m message) {
	t.note(alertmanager, []message{m}, func(known *knowledge, m message) { known.version, known.refused = m.version, true })
}

// note changes what an Alertmanager knows of alerts that are still as they were sent.
func (t *table) note(alertmanager int, batch []message, change func(*knowledge, message)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, m := range batch {
		if e, ok := t.alerts[m.Fingerprint]; ok && e.version == m.version {
			change(&e.known[alertmanager], m)
		}
	}
}
