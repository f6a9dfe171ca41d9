package minaconverter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mina-observability/otelcol-mina/internal/rawconfig"
)

// checkLoop reports a topic of Kafka that a gateway reads and writes: its records would go
// round for ever.
func checkLoop(conf rawconfig.Config) error {
	pipelines := conf.Section("service", "pipelines")
	written := reach(conf).exporters
	for name := range pipelines {
		for _, receiver := range pipelines.Section(name).Texts("receivers") {
			for exporter := range written {
				if topic, loop := shared(conf, receiver, exporter); loop {
					return fmt.Errorf("receivers::%s reads the topic %q that exporters::%s writes to, so that records would go round for ever: "+
						"take another topic for one of them (KAFKA_SOURCE_TOPIC, KAFKA_TOPIC), or leave config/kafka.yaml away", receiver, topic, exporter)
				}
			}
		}
	}
	return nil
}

// shared returns the topic that a receiver reads and an exporter writes to, if it is one.
func shared(conf rawconfig.Config, receiver, exporter string) (topic string, loop bool) {
	if rawconfig.Kind(receiver) != "lossless_kafka" || rawconfig.Kind(exporter) != "kafka" {
		return "", false
	}
	source, destination := conf.Section("receivers", receiver), conf.Section("exporters", exporter)
	topic = destination.Section("logs").Text("topic")
	return topic, overlap(source["brokers"], destination["brokers"]) && slices.Contains(listOf(source["topics"]), topic)
}

func overlap(some, others any) bool {
	known := listOf(others)
	return slices.ContainsFunc(listOf(some), func(element string) bool { return slices.Contains(known, element) })
}

// listOf returns what a list holds, or a text with commas between, as variables have it.
func listOf(value any) (elements []string) {
	list, isList := value.([]any)
	if !isList {
		for element := range strings.SplitSeq(fmt.Sprint(value), ",") {
			list = append(list, element)
		}
	}
	for _, element := range list {
		elements = append(elements, strings.TrimSpace(fmt.Sprint(element)))
	}
	return elements
}
