package semconv

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	semconv "go.opentelemetry.io/otel/semconv/v1.43.0"
)

// resourceAttributes says which attributes a resource has already.
type resourceAttributes struct{ Host, PID, Service bool }

// attributesOf looks at a resource.
func attributesOf(resource pcommon.Resource) (has resourceAttributes) {
	for name := range resource.Attributes().All() {
		switch name {
		case string(semconv.HostNameKey):
			has.Host = true
		case string(semconv.ProcessPIDKey):
			has.PID = true
		case string(semconv.ServiceNameKey):
			has.Service = true
		}
	}
	return has
}

// complete gives a resource what its records tell of it and what is configured.
func (m *Mapper) complete(resource pcommon.Resource, origin Origin) {
	attributes := resource.Attributes()
	attributes.EnsureCapacity(attributes.Len() + 6 + len(m.resource))
	if origin.Service == "" {
		origin.Service = m.serviceOf(attributes)
	}
	putNew(attributes, string(semconv.ServiceNameKey), origin.Service)
	putNew(attributes, string(semconv.ServiceVersionKey), m.config.ServiceVersion)
	putNew(attributes, string(semconv.ServiceNamespaceKey), m.config.ServiceNamespace)
	putNew(attributes, string(semconv.DeploymentEnvironmentNameKey), m.config.DeploymentEnvironment)
	putNew(attributes, string(semconv.HostNameKey), origin.Host)
	if origin.HasPID {
		if value, exists := attributes.GetOrPutEmpty(string(semconv.ProcessPIDKey)); !exists {
			value.SetInt(origin.PID)
		}
	}
	for _, name := range m.resource {
		putNew(attributes, name, m.config.Resource[name])
	}
}

// serviceOf returns the service where the records do not tell it.
func (m *Mapper) serviceOf(resource pcommon.Map) string {
	if from, ok := resource.Get(m.config.ServiceNameFrom); ok && from.Type() == pcommon.ValueTypeStr && from.Str() != "" {
		return from.Str()
	}
	return m.config.ServiceName
}

func putNew(attributes pcommon.Map, name, text string) {
	if text == "" {
		return
	}
	if value, exists := attributes.GetOrPutEmpty(name); !exists {
		value.SetStr(text)
	}
}

// Split maps the records of one resource. Those that come from another process
// than the first go to resources of their own, which are appended to logs. visit
// is called with every record that has been mapped.
func (m *Mapper) Split(logs plog.Logs, rl plog.ResourceLogs, visit func(plog.LogRecord)) {
	s := split{logs: logs, from: rl}
	w := m.walks.Get().(*walk)
	defer m.walks.Put(w)
	w.has = attributesOf(rl.Resource())
	for _, sl := range rl.ScopeLogs().All() {
		s.scope, s.others = sl, nil
		sl.LogRecords().RemoveIf(func(record plog.LogRecord) bool {
			origin := w.apply(record)
			visit(record)
			if !s.started {
				s.started, s.origin = true, origin
			}
			if origin == s.origin {
				return false
			}
			record.MoveTo(s.records(origin).AppendEmpty())
			return true
		})
	}
	rl.ScopeLogs().RemoveIf(func(sl plog.ScopeLogs) bool { return s.resources != nil && sl.LogRecords().Len() == 0 })
	for origin, other := range s.resources {
		m.complete(other.Resource(), origin)
		if rl.SchemaUrl() == "" {
			other.SetSchemaUrl(semconv.SchemaURL)
		}
	}
	m.complete(rl.Resource(), s.origin)
	if rl.SchemaUrl() == "" {
		rl.SetSchemaUrl(semconv.SchemaURL)
	}
}

// split gathers the records of other processes.
type split struct {
	logs      plog.Logs
	from      plog.ResourceLogs
	started   bool
	origin    Origin
	resources map[Origin]plog.ResourceLogs
	// scope is the one at hand, and others its copies in the other resources.
	scope  plog.ScopeLogs
	others map[Origin]plog.LogRecordSlice
}

func (s *split) records(origin Origin) plog.LogRecordSlice {
	if records, ok := s.others[origin]; ok {
		return records
	}
	if s.resources == nil {
		s.resources = map[Origin]plog.ResourceLogs{}
	}
	rl, ok := s.resources[origin]
	if !ok {
		rl = s.logs.ResourceLogs().AppendEmpty()
		s.from.Resource().CopyTo(rl.Resource())
		rl.SetSchemaUrl(s.from.SchemaUrl())
		s.resources[origin] = rl
	}
	sl := rl.ScopeLogs().AppendEmpty()
	s.scope.Scope().CopyTo(sl.Scope())
	sl.SetSchemaUrl(s.scope.SchemaUrl())
	if s.others == nil {
		s.others = map[Origin]plog.LogRecordSlice{}
	}
	s.others[origin] = sl.LogRecords()
	return sl.LogRecords()
}
