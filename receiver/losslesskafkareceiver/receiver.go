package losslesskafkareceiver

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/mina-observability/otelcol-mina/internal/destination"
	"github.com/mina-observability/otelcol-mina/internal/ending"
	"github.com/mina-observability/otelcol-mina/receiver/losslesskafkareceiver/internal/metadata"
)

const (
	// pollAtMost bounds how many messages are taken from the client's buffer at once.
	pollAtMost = 2000
	// giveUpGrace is how long batches that are on their way may take to be answered for when
	// their partition is given up. What is not answered by then is read again.
	giveUpGrace = 3 * time.Second
)

// kafkaReceiver reads the partitions that its group gives it.
type kafkaReceiver struct {
	cfg         *Config
	id          component.ID
	set         component.TelemetrySettings
	next        consumer.Logs
	seldom      *zap.Logger
	health      *health
	telemetry   *metadata.TelemetryBuilder
	report      *receiverhelper.ObsReport
	deadLetters *destination.DeadLetters
	budget      *budget

	client  *kgo.Client
	commits *commits

	mu         sync.Mutex
	partitions map[place]*partition
	// delivered is up to where partitions are answered for that were lost before the group
	// knew.
	delivered map[place]kgo.EpochOffset

	stop context.CancelFunc
	work sync.WaitGroup
}

func newReceiver(set receiver.Settings, cfg *Config, next consumer.Logs) (*kafkaReceiver, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	report, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: set.ID, Transport: "kafka", LongLivedCtx: true, ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	seldom := destination.OncePerMinute(set.Logger)
	return &kafkaReceiver{
		cfg:         cfg,
		id:          set.ID,
		set:         set.TelemetrySettings,
		next:        next,
		seldom:      seldom,
		health:      &health{logger: set.Logger, seldom: seldom},
		telemetry:   telemetry,
		report:      report,
		deadLetters: destination.NewDeadLetters(cfg.DeadLetter, set.ID),
		budget:      &budget{limit: int64(cfg.MaxInFlight)},
		partitions:  map[place]*partition{},
		delivered:   map[place]kgo.EpochOffset{},
	}, nil
}

// Start joins the group. It returns also where Kafka cannot be reached, which is tried
// again without an end.
func (r *kafkaReceiver) Start(ctx context.Context, host component.Host) error {
	if err := r.deadLetters.Start(r.set); err != nil {
		return err
	}
	options, err := r.cfg.options(ctx)
	if err != nil {
		return err
	}
	r.health.host = host
	options = append(options,
		kgo.OnPartitionsAssigned(r.assigned),
		kgo.OnPartitionsRevoked(r.revoked),
		kgo.OnPartitionsLost(r.lost),
		kgo.AdjustFetchOffsetsFn(r.begin),
		kgo.WithHooks(r))
	if r.client, err = kgo.NewClient(options...); err != nil {
		return err
	}
	r.commits = &commits{client: r.client, health: r.health, due: make(chan struct{}, 1)}
	if err := r.measure(); err != nil {
		return err
	}
	running, stop := context.WithCancel(context.Background())
	r.stop = stop
	r.work.Go(func() { r.lookForTopics(running) })
	r.work.Go(func() { r.poll(running) })
	r.work.Go(func() { r.commits.run(running, r.all) })
	return nil
}

// Shutdown lets what is on its way be answered for, and commits it.
func (r *kafkaReceiver) Shutdown(ctx context.Context) error {
	if r.stop == nil {
		return nil // never started
	}
	r.stop()
	r.work.Wait()
	r.giveUp(ctx, r.take(nil), true)
	r.client.CloseAllowingRebalance()
	r.deadLetters.Shutdown()
	r.telemetry.Shutdown()
	return nil
}

// poll fetches messages for as long as there is room for them. No partition comes or goes
// while they are sorted.
func (r *kafkaReceiver) poll(ctx context.Context) {
	for r.budget.await(ctx) {
		fetches := r.client.PollRecords(ctx, pollAtMost)
		if ctx.Err() == nil {
			fetches.EachError(r.fetchFails)
		}
		fetches.EachPartition(r.sort)
		r.client.AllowRebalance()
	}
}

// sort gives messages to their partition.
func (r *kafkaReceiver) sort(fetched kgo.FetchTopicPartition) {
	if len(fetched.Records) == 0 {
		return
	}
	r.mu.Lock()
	p := r.partitions[place{fetched.Topic, fetched.Partition}]
	r.mu.Unlock()
	if p == nil {
		return
	}
	r.health.works()
	bytes, missing := p.add(fetched.Records, fetched.HighWatermark)
	r.budget.take(bytes)
	r.miss(p.place, missing)
}

// assigned starts partitions that the group gives this member.
func (r *kafkaReceiver) assigned(_ context.Context, _ *kgo.Client, given map[string][]int32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for topic, numbers := range given {
		for _, number := range numbers {
			p := newPartition(place{topic, number})
			r.partitions[p.place] = p
			p.work.Go(func() { r.send(p) })
		}
	}
	r.health.works()
}

// begin notes where partitions that were given are read first: where the group is, or
// further on, where this member has delivered more before its session was lost.
func (r *kafkaReceiver) begin(_ context.Context, offsets map[string]map[int32]kgo.Offset) (map[string]map[int32]kgo.Offset, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for topic, partitions := range offsets {
		for number, offset := range partitions {
			at := place{topic, number}
			p, group, own := r.partitions[at], offset.EpochOffset(), r.delivered[at]
			delete(r.delivered, at)
			switch {
			case p == nil:
			case group.Offset >= 0 && group.Offset < own.Offset:
				partitions[number] = kgo.NewOffset().At(own.Offset).WithEpoch(own.Epoch)
				p.resume(own)
				r.commits.wake()
			default:
				p.begin(group.Offset)
			}
		}
	}
	return offsets, nil
}

// revoked gives partitions up to another member, with what is answered for committed.
func (r *kafkaReceiver) revoked(ctx context.Context, _ *kgo.Client, taken map[string][]int32) {
	r.giveUp(ctx, r.take(taken), true)
}

// lost gives up partitions that another member may have already.
func (r *kafkaReceiver) lost(ctx context.Context, _ *kgo.Client, taken map[string][]int32) {
	r.giveUp(ctx, r.take(taken), false)
}

func (r *kafkaReceiver) giveUp(ctx context.Context, partitions []*partition, ours bool) {
	var all sync.WaitGroup
	for _, p := range partitions {
		p.stopAccepting()
		all.Go(func() {
			if !ending.Of(&p.work, giveUpGrace, p.stopOffering) {
				r.seldom.Warn("The pipeline does not let go of its records; they are read again")
			}
		})
	}
	all.Wait()
	if ours {
		r.commits.last(ctx, partitions)
	} else {
		r.remember(partitions)
	}
	for _, p := range partitions {
		r.budget.give(p.drop())
	}
}

// remember keeps up to where partitions are answered for that the group does not know of.
func (r *kafkaReceiver) remember(partitions []*partition) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range partitions {
		if offset, uncommitted := p.uncommitted(); uncommitted {
			r.delivered[p.place] = offset
		}
	}
}

// take takes partitions out of those that are read; nil stands for all.
func (r *kafkaReceiver) take(names map[string][]int32) (partitions []*partition) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for at, p := range r.partitions {
		if names == nil || slices.Contains(names[at.topic], at.partition) {
			partitions = append(partitions, p)
			delete(r.partitions, at)
		}
	}
	return partitions
}

// all returns the partitions that are read.
func (r *kafkaReceiver) all() (partitions []*partition) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, p := range r.partitions {
		partitions = append(partitions, p)
	}
	return partitions
}
