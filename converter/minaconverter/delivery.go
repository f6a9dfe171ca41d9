package minaconverter

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// allowLoss is the key with which a component, or the section of it that is objected
// to, is let through. The collector does not know it, and never sees it.
const allowLoss = "allow_loss"

const (
	sendingQueue   = "sending_queue"
	retryOnFailure = "retry_on_failure"
)

// queues says how an exporter behaves that has no sending_queue in its configuration.
// Other exporters have a queue in memory that answers at once: exporterhelper's default.
var queues = map[string]queueDefault{
	"lossless_otlp_http": waits,
	"papertrail":         waits,
	"sentry_events":      waits,
	"alertmanager":       noQueue,
	"debug":              noQueue,
	file:                 noQueue,
	"nop":                noQueue,
	"prometheus":         noQueue,
}

// acknowledged are the receivers that let go of a record when the pipeline has answered
// for it, and fanout the connector that answers for all behind it, whoever is in front.
var acknowledged = []string{"mina", "lossless_kafka"}

const fanout = "fanout"

// file is the stock exporter that buffers what it writes, unless it rotates its files.
const file = "file"

type queueDefault int

const (
	answersAtOnce queueDefault = iota
	noQueue
	// waits is the default of our own exporters (internal/destination), and holds for
	// every key of the section that is not overridden.
	waits
)

// checkDelivery reports what answers for records before they are delivered: checkpoints
// and offsets would pass records that a kill then loses.
func checkDelivery(conf rawconfig.Config) error {
	var errs []error
	reached := reach(conf)
	for _, id := range slices.Sorted(maps.Keys(reached.processors)) {
		if rawconfig.Kind(id) == "batch" && !isTrue(conf.Section("processors", id)[allowLoss]) {
			errs = append(errs, fmt.Errorf("processors::%s in service::pipelines::%s answers before delivery: remove it from the pipeline, "+
				"exporters batch by themselves (sending_queue::batch), or set processors::%s::%s: true if records may be lost", id, reached.processors[id], id, allowLoss))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(reached.exporters)) {
		errs = append(errs, checkExporter(id, conf.Section("exporters", id)))
	}
	return errors.Join(errs...)
}

// checkExporter reports the keys of an exporter with which it answers too early.
func checkExporter(id string, exporter rawconfig.Config) error {
	queue, retry := exporter.Section(sendingQueue), exporter.Section(retryOnFailure)
	if isTrue(exporter[allowLoss]) || isTrue(queue[allowLoss]) {
		return nil
	}
	if rawconfig.Kind(id) == file && exporter["rotation"] == nil {
		return fmt.Errorf("exporters::%s::rotation is not set, and without it the exporter answers for records that are in its buffer, which a kill loses: write "+
			"rotation: {max_megabytes: 1024, max_backups: 0}, or set exporters::%s::%s: true if records may be lost", id, id, allowLoss)
	}
	_, configured := exporter[sendingQueue]
	usual := queues[rawconfig.Kind(id)]
	if isFalse(queue["enabled"]) || usual == noQueue && !configured {
		return nil
	}
	object := func(key, why string) error {
		return fmt.Errorf("exporters::%s::%s: %s, or set exporters::%s::%s: true if records may be lost", id, key, why, id, allowLoss)
	}
	waiting := isTrue(queue["wait_for_result"]) || usual == waits && !isFalse(queue["wait_for_result"])
	stored := queue["storage"] != nil
	switch {
	case !waiting && !stored:
		return object(sendingQueue, "the queue answers before delivery, and a kill loses what is in it: write "+
			"sending_queue: {enabled: false}, or wait_for_result: true and block_on_overflow: true")
	case isFalse(queue["block_on_overflow"]) || usual != waits && !isTrue(queue["block_on_overflow"]):
		return object(sendingQueue+"::block_on_overflow", "a full queue refuses records: write block_on_overflow: true")
	case stored && !waiting && !isTrue(retry[allowLoss]) && ends(retry, usual):
		return object(retryOnFailure+"::max_elapsed_time", "the last try loses what the queue has answered for: write max_elapsed_time: 0")
	case stored && !waiting && !isTrue(retry[allowLoss]) && usual != waits: // ours bury by themselves
		return object(sendingQueue+"::storage", "the queue drops what the exporter refuses for good, such as a missing permission, and keeps no dead letter: write "+
			"sending_queue: {enabled: false}, and fanout::delivery: queued for a queue on disk")
	}
	return nil
}

// ends reports whether there is a last try. The default of stock exporters is five minutes.
func ends(retry rawconfig.Config, usual queueDefault) bool {
	if isFalse(retry["enabled"]) {
		return true
	}
	most, configured := retry["max_elapsed_time"]
	if !configured { // exporters that have no queue of their own do not try again either
		return usual == answersAtOnce
	}
	text := fmt.Sprint(most)
	duration, err := time.ParseDuration(text)
	return text != "0" && (err != nil || duration != 0)
}

// reachable are the components that records come to which are to be acknowledged: by
// their id, with a pipeline that they are in.
type reachable struct {
	processors, exporters map[string]string
	// pipelines are those that the records go through.
	pipelines map[string]bool
}

// reach follows the records from the receivers that wait for answers, and from all that
// feed fanout, through pipelines of logs and the connectors between them.
func reach(conf rawconfig.Config) reachable {
	r := reachable{map[string]string{}, map[string]string{}, map[string]bool{}}
	pipelines, connectors := conf.Section("service", "pipelines"), conf.Section("connectors")
	var pending []string
	enqueue := func(class string, has func(id string) bool) {
		for name := range pipelines {
			if rawconfig.Kind(name) == "logs" && !r.pipelines[name] && slices.ContainsFunc(pipelines.Section(name).Texts(class), has) {
				r.pipelines[name] = true
				pending = append(pending, name)
			}
		}
	}
	enqueue("receivers", func(id string) bool { return slices.Contains(acknowledged, rawconfig.Kind(id)) })
	enqueue("exporters", func(id string) bool { return rawconfig.Kind(id) == fanout })
	for len(pending) > 0 {
		name := pending[0]
		pending = pending[1:]
		for _, id := range pipelines.Section(name).Texts("processors") {
			r.processors[id] = name
		}
		for _, id := range pipelines.Section(name).Texts("exporters") {
			if _, ok := connectors[id]; ok {
				enqueue("receivers", func(receiver string) bool { return receiver == id })
			} else {
				r.exporters[id] = name
			}
		}
	}
	return r
}

// allowances returns the keys allow_loss that are set, which are to be removed.
func allowances(conf rawconfig.Config) (keys []string) {
	for _, class := range []string{"processors", "exporters"} {
		for id := range conf.Section(class) {
			for _, path := range [][]string{{class, id}, {class, id, sendingQueue}, {class, id, retryOnFailure}} {
				if _, ok := conf.Section(path...)[allowLoss]; ok {
					keys = append(keys, strings.Join(append(path, allowLoss), "::"))
				}
			}
		}
	}
	return keys
}

func isTrue(value any) bool { return value == true }

func isFalse(value any) bool { return value == false }
