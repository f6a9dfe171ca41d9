package try

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
	"github.com/mina-observability/otelcol-mina/internal/setting"
)

// The names of what is tried with. Nobody else has such.
const (
	ownName      = "mina_try"
	ownReceiver  = "mina/" + ownName
	ownTransform = "transform/" + ownName
	ownReport    = "mina.try.redactions"
)

// Attributes that the receiver adds on demand.
const (
	originalAttribute = "log.record.original"
	uidAttribute      = "log.record.uid"
)

// plan is what is run of a configuration.
type plan struct {
	// way are the pipelines up to the one whose records are shown.
	way        []string
	receiver   string
	processors []string
	// settings are the receiver's.
	settings rawconfig.Config
	// reported are the processors that are to say what they redact, and report is the
	// attribute in which they do.
	reported []string
	report   string
}

// passes are the connectors that hand records on as they are.
var passes = []string{"fanout", "forward"}

// planFor returns what is to be run for a pipeline, or, for "", for the one in which
// records begin.
func planFor(config rawconfig.Config, pipeline string) (*plan, error) {
	if pipeline == "" {
		var err error
		if pipeline, err = beginning(config); err != nil {
			return nil, err
		}
	}
	way := wayTo(config, pipeline, nil)
	if way == nil {
		return nil, fmt.Errorf("no records of a receiver mina come to the pipeline %q; there are %s", pipeline, strings.Join(config.Section("service", "pipelines").Keys(), ", "))
	}
	p := &plan{way: way, receiver: receiverOf(config, way[0]), report: ownReport}
	p.settings = config.Section("receivers", p.receiver)
	for _, pipeline := range way {
		p.processors = append(p.processors, config.Section("service", "pipelines", pipeline).Texts("processors")...)
	}
	for _, id := range p.processors {
		redaction := config.Section("processors", id, "redaction")
		if rawconfig.Kind(id) != "mina" || redaction == nil {
			continue
		}
		if own := redaction.Section("report").Text("attribute"); own != "" {
			p.report = own
		} else {
			p.reported = append(p.reported, id)
		}
	}
	return p, nil
}

// beginning returns the pipeline in which records of a receiver mina begin.
func beginning(config rawconfig.Config) (string, error) {
	var all []string
	for _, id := range config.Section("service", "pipelines").Keys() {
		if receiverOf(config, id) != "" {
			all = append(all, id)
		}
	}
	switch {
	case len(all) == 0:
		return "", fmt.Errorf("no pipeline has a receiver mina: it is the only one that can be tried")
	case len(all) == 1:
		return all[0], nil
	case slices.Contains(all, "logs"):
		return "logs", nil
	}
	return "", fmt.Errorf("several pipelines have a receiver mina: name one with --pipeline: %s", strings.Join(all, ", "))
}

// receiverOf returns the receiver mina of a pipeline of logs, or "".
func receiverOf(config rawconfig.Config, pipeline string) string {
	if rawconfig.Kind(pipeline) != "logs" {
		return ""
	}
	for _, id := range config.Section("service", "pipelines", pipeline).Texts("receivers") {
		if rawconfig.Kind(id) == "mina" {
			return id
		}
	}
	return ""
}

// wayTo returns the pipelines from the one with a receiver mina to another one, or nil.
// behind are those that come after that.
func wayTo(config rawconfig.Config, pipeline string, behind []string) []string {
	if slices.Contains(behind, pipeline) {
		return nil
	}
	way := append([]string{pipeline}, behind...)
	if receiverOf(config, pipeline) != "" {
		return way
	}
	pipelines := config.Section("service", "pipelines")
	for _, connector := range pipelines.Section(pipeline).Texts("receivers") {
		if !slices.Contains(passes, rawconfig.Kind(connector)) {
			continue
		}
		for _, before := range pipelines.Keys() {
			if !slices.Contains(pipelines.Section(before).Texts("exporters"), connector) || rawconfig.Kind(before) != "logs" {
				continue
			}
			if found := wayTo(config, before, way); found != nil {
				return found
			}
		}
	}
	return nil
}

// nothing takes away all of a configuration but its processors. Neither does a receiver
// read, nor an exporter send, nor an extension keep anything.
const nothing = "yaml:{receivers: null, exporters: null, connectors: null, extensions: null, service: null}"

type object = map[string]any

// overlays are the configurations behind the user's. decoded and processed are the files
// that records are written to, as JSON.
func (p *plan) overlays(decoded, processed string) ([]string, error) {
	receiver := object{}
	for key, value := range p.settings {
		if value != nil && key != "file" && key != "http" && key != "stdin" {
			receiver[key] = value
		}
	}
	stdin := object{}
	if size, found := p.settings.Section("file")["max_log_size"]; found {
		stdin["max_log_size"] = size
	}
	receiver["stdin"], receiver["include_original"], receiver["include_record_uid"] = stdin, true, true
	processors := object{ownTransform: object{"log_statements": []string{`delete_key(log.attributes, "` + originalAttribute + `")`}}}
	for _, id := range p.reported {
		processors[id] = object{"redaction": object{"report": object{"attribute": p.report}}}
	}
	chain := p.processors
	if p.settings["include_original"] != true {
		chain = append([]string{ownTransform}, chain...)
	}
	const decodedFile, processedFile = "file/" + ownName + "_decoded", "file/" + ownName + "_processed"
	// Who reads the file is there for as long as the collector.
	file := func(path string) object { return object{"path": path, "allow_loss": true} }
	text, err := json.Marshal(object{
		"receivers":  object{ownReceiver: receiver},
		"processors": processors,
		"exporters":  object{decodedFile: file(decoded), processedFile: file(processed)},
		"extensions": object{"exit_code": nil},
		"service": object{
			"extensions": []string{"exit_code"},
			"pipelines": object{
				"logs/" + ownName + "_decoded":   object{"receivers": []string{ownReceiver}, "exporters": []string{decodedFile}},
				"logs/" + ownName + "_processed": object{"receivers": []string{ownReceiver}, "processors": chain, "exporters": []string{processedFile}},
			},
			"telemetry": object{
				"logs":    object{"level": "warn", "disable_stacktrace": true, "disable_zap_resource": true},
				"metrics": object{"level": "normal", "readers": []any{object{"periodic": object{"interval": 3600000, "exporter": object{"console": object{}}}}}},
			},
		},
	})
	// What looks like a variable is none.
	return []string{nothing, "yaml:" + setting.Literal(string(text))}, err
}
