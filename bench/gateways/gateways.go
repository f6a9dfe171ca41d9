package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// contender is a gateway that is measured.
type contender struct {
	name      string
	configs   []string
	overrides []string
	// otlp says that the messages are posted to it, and not fetched by it.
	otlp bool
}

// atOnce has the exporter send each batch as it comes, and wait for no other.
const atOnce = "exporters::lossless_otlp_http::sending_queue::batch::min_size: 0"

var stock = []string{"base.yaml", filepath.Join(program.Root(), "bench/gateways/stock.yaml"), "otlp.yaml"}

var contenders = []contender{
	{name: "Kafka, lossless_kafka", configs: []string{"base.yaml", "gateway-kafka.yaml", "otlp.yaml"}},
	{name: "Kafka, stock receiver", configs: stock},
	{name: "Kafka, stock receiver, min_size 0", configs: stock, overrides: []string{atOnce}},
	{name: "OTLP from many senders", configs: []string{"base.yaml", "gateway-otlp.yaml", "otlp.yaml"}, otlp: true},
}

// longest is how long a contender has for its turn; what it has delivered by then counts.
const longest = 10 * time.Second

// deliver lets a contender deliver a topic.
func (b *bench) deliver(c contender, t topic, delay time.Duration) (result, error) {
	destination, err := endpoint.New(nil)
	if err != nil {
		return result{}, err
	}
	defer destination.Close()
	destination.SetFault(func(int64) endpoint.Fault { return endpoint.Fault{Delay: delay} })
	b.turn++
	name := fmt.Sprint("turn-", b.turn)
	settings := program.Settings{Configs: c.configs, Overrides: c.overrides, Env: []string{
		"MINA_STATE_DIR=" + filepath.Join(b.dir, name), "OTLP_ENDPOINT=" + destination.URL, "OTLP_COMPRESSION=none",
		"KAFKA_SOURCE_BROKERS=" + b.kafka.address, "KAFKA_SOURCE_TOPIC=" + t.name, "KAFKA_SOURCE_GROUP=" + name,
	}}
	collector, err := program.StartCollector(settings)
	if err != nil {
		return result{}, err
	}
	defer collector.Stop()
	if err := collector.WaitReady(); err != nil {
		return result{}, err
	}
	begin := time.Now()
	if c.otlp {
		go post(collector.OTLP, t.messages)
	} else {
		for destination.Taken() == 0 && time.Since(begin) < deadline {
			time.Sleep(time.Millisecond) // until the group has given it partitions
		}
		begin = destination.FirstTaken()
	}
	for destination.Taken() < int64(t.records) && time.Since(begin) < longest {
		time.Sleep(2 * time.Millisecond)
	}
	r := result{records: destination.Taken(), requests: destination.Requests(), cpu: collector.CPU(), wall: time.Since(begin), peak: collector.PeakResident()}
	if r.records > int64(t.records) {
		fmt.Fprintln(os.Stderr, c.name, "has delivered", r.records, "records instead of", t.records)
	}
	return r, nil
}

// post sends messages over HTTP, each of many senders one after the other.
func post(address string, messages [][]byte) {
	senders := min(512, 8<<20/len(messages[0])) // what a gateway has the memory for
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: senders}}
	defer client.CloseIdleConnections()
	var next atomic.Int64
	var work sync.WaitGroup
	for range senders {
		work.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(messages)); i = next.Add(1) - 1 {
				for status := 0; status != http.StatusOK; {
					response, err := client.Post("http://"+address+"/v1/logs", "application/x-protobuf", bytes.NewReader(messages[i]))
					if err != nil {
						return // the turn is over
					}
					_ = response.Body.Close()
					status = response.StatusCode
				}
			}
		})
	}
	work.Wait()
}
