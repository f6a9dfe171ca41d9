package minalog

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRecordsOfAContainerHaveItsResource(t *testing.T) {
	web := Container{Namespace: "mina", Pod: "web-0", PodUID: "0f8fad5b", Name: "app", Restarts: "2", ID: "8f5c"}
	b := NewBatch(observed)
	for _, container := range []Container{web, {ID: "77aa"}, web, {}} {
		s := newStream(t, Origin{Container: container}, 1<<20)
		s.Write(b, []byte(`{"message": "json", "logger": "app"}`+"\n2025-10-01 16:12:05,785 INFO app: text\n"))
		s.End(b)
	}
	want := []map[string]any{
		{
			"k8s.namespace.name": "mina", "k8s.pod.name": "web-0", "k8s.pod.uid": "0f8fad5b", "k8s.container.name": "app",
			"k8s.container.restart_count": int64(2), "container.id": "8f5c",
		},
		{"container.id": "77aa"},
		{},
	}
	resources := b.Logs().ResourceLogs()
	require.Equal(t, len(want), resources.Len(), "streams of one container share a resource")
	for i, records := range []int{4, 2, 2} {
		assert.Equal(t, want[i], resources.At(i).Resource().Attributes().AsRaw())
		require.Equal(t, 1, resources.At(i).ScopeLogs().Len())
		assert.Equal(t, records, resources.At(i).ScopeLogs().At(0).LogRecords().Len())
	}
}

func TestWhatWaitsInAStreamHasItsContainer(t *testing.T) {
	one, other := newStream(t, Origin{Container: Container{ID: "one"}}, 1<<20), newStream(t, Origin{Container: Container{ID: "other"}}, 1<<20)
	b := NewBatch(observed)
	one.Write(b, []byte("2025-10-01 16:12:05,785 INFO app: of one\n"))
	other.Write(b, []byte("2025-10-01 16:12:05,785 INFO app: of the other\n"))
	one.Flush(b)
	other.Flush(b)
	got := map[string]string{}
	for _, rl := range b.Logs().ResourceLogs().All() {
		id, _ := rl.Resource().Attributes().Get("container.id")
		got[id.Str()] = rl.ScopeLogs().At(0).LogRecords().At(0).Body().Str()
	}
	assert.Equal(t, map[string]string{"one": "of one", "other": "of the other"}, got)
}

func TestPathsOfOneContainerAreJoined(t *testing.T) {
	link := Container{Namespace: "mina", Pod: "web-0", Name: "app", ID: "8f5c"}
	pod := Container{Namespace: "mina", Pod: "web-0", Name: "app", PodUID: "0f8fad5b", Restarts: "0"}
	both := Container{Namespace: "mina", Pod: "web-0", Name: "app", ID: "8f5c", PodUID: "0f8fad5b", Restarts: "0"}
	assert.Equal(t, both, link.Join(pod))
	assert.Equal(t, both, pod.Join(link))
	assert.Equal(t, link, link.Join(Container{}))
	pod.Pod = "web-1"
	assert.Equal(t, link, link.Join(pod), "of another one nothing is taken")
}
