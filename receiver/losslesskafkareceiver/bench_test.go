package losslesskafkareceiver

import (
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kgo"
)

// BenchmarkReadAll decodes a batch of messages, long and short ones.
func BenchmarkReadAll(b *testing.B) {
	for _, each := range []int{5, 500} {
		b.Run(fmt.Sprint(each, " records a message"), func(b *testing.B) {
			text := message(b, 0, each)
			messages := make([]*kgo.Record, 1000/each)
			for i := range messages {
				messages[i] = &kgo.Record{Value: text}
			}
			b.ReportAllocs()
			for b.Loop() {
				readAll(messages)
			}
			b.ReportMetric(float64(b.N*1000)/b.Elapsed().Seconds(), "rec/s")
		})
	}
}

// BenchmarkPartition is what a message costs on its way through a partition.
func BenchmarkPartition(b *testing.B) {
	p := newPartition(place{topic, 0})
	messages := make([]*kgo.Record, 100)
	for i := range messages {
		messages[i] = &kgo.Record{Value: make([]byte, 1000)}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.add(messages, 100)
		for range 2 {
			p.take(50_000)
			p.answer()
		}
	}
}
