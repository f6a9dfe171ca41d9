package minalog

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

// Origin is where the lines of a stream come from. Empty fields are left out of
// the records.
type Origin struct {
	// FileName becomes the attribute log.file.name.
	FileName string
	// FilePath becomes the attribute log.file.path.
	FilePath string
	// Container is what writes the file. It belongs to the resource.
	Container Container
	// Text tells the text from that of every other origin, and with it the records, each of
	// which gets a log.record.uid that is the same whenever it is read. 0 gives them none.
	Text uint64
}

// Container is a container as the path of its log file tells it, each field the
// attribute of the semantic conventions that is behind it. What is not known is empty.
type Container struct {
	Namespace string // k8s.namespace.name
	Pod       string // k8s.pod.name
	PodUID    string // k8s.pod.uid, of a static pod a hash
	Name      string // k8s.container.name
	Restarts  string // k8s.container.restart_count, a number
	ID        string // container.id
}

// Join adds what another path tells of the same container. A path that contradicts is
// one of another container.
func (c Container) Join(other Container) Container {
	joined := c
	for _, field := range [...]struct{ mine, other *string }{
		{&joined.Namespace, &other.Namespace},
		{&joined.Pod, &other.Pod},
		{&joined.PodUID, &other.PodUID},
		{&joined.Name, &other.Name},
		{&joined.Restarts, &other.Restarts},
		{&joined.ID, &other.ID},
	} {
		switch {
		case *field.mine == "":
			*field.mine = *field.other
		case *field.other != "" && *field.other != *field.mine:
			return c
		}
	}
	return joined
}

func (c *Container) apply(resource pcommon.Map) {
	put := func(name, value string) {
		if value != "" {
			resource.PutStr(name, value)
		}
	}
	put("k8s.namespace.name", c.Namespace)
	put("k8s.pod.name", c.Pod)
	put("k8s.pod.uid", c.PodUID)
	put("k8s.container.name", c.Name)
	if restarts, err := strconv.ParseInt(c.Restarts, 10, 64); err == nil {
		resource.PutInt("k8s.container.restart_count", restarts)
	}
	put("container.id", c.ID)
}
