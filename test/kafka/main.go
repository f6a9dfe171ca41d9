// Program kafka is a broker of Kafka in memory and on disk, for one host: kfake, as a
// program that can be killed, and that has what it has answered for when it is back.
//
//	go run ./test/kafka -port 9092 -data /tmp/kafka
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kfake"
)

func main() {
	port := flag.Int("port", 9092, "the port on loopback")
	data := flag.String("data", "", "the directory that keeps what was written")
	topic := flag.String("topic", "mina", "the topic that there is")
	partitions := flag.Int("partitions", 4, "its partitions")
	flag.Parse()
	if err := run(*port, *data, *topic, int32(*partitions)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(port int, data, topic string, partitions int32) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	options := []kfake.Opt{
		kfake.NumBrokers(1), kfake.Ports(port), kfake.SeedTopics(partitions, topic), kfake.GroupMinSessionTimeout(time.Second),
	}
	if data != "" {
		options = append(options, kfake.DataDir(data), kfake.SyncWrites())
	}
	cluster, err := kfake.NewCluster(options...)
	if err != nil {
		return err
	}
	defer cluster.Close()
	fmt.Println("listening on", cluster.ListenAddrs()[0])
	<-ctx.Done()
	return nil
}
