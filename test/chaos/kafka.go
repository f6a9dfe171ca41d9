package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/mina-observability/otelcol-mina/test/endpoint"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// kafkaFault is what goes wrong between an agent, Kafka and gateways. The members that it
// names are ended again and again, each time one of them.
type kafkaFault struct {
	name     string
	gateways int
	members  []string
	how      func(*program.Process)
	// delay is how long the destination takes for an answer.
	delay time.Duration
}

var kafkaFaults = []kafkaFault{
	{name: "gateway SIGKILL", gateways: 1, members: []string{gatewayName(0)}, how: (*program.Process).Kill},
	{name: "gateway SIGTERM", gateways: 1, members: []string{gatewayName(0)}, how: (*program.Process).Stop},
	{name: "agent SIGKILL", gateways: 1, members: []string{agentName}, how: (*program.Process).Kill},
	{name: "broker SIGKILL", gateways: 1, members: []string{brokerName}, how: (*program.Process).Kill},
	{name: "slow destination", gateways: 1, members: []string{gatewayName(0)}, how: (*program.Process).Kill, delay: 500 * time.Millisecond},
	{name: "all of Kafka", gateways: 2, members: []string{agentName, brokerName, gatewayName(0), gatewayName(1)}, how: (*program.Process).Kill},
}

const agentName, brokerName = "agent", "broker"

func gatewayName(i int) string { return fmt.Sprint("gateway-", i) }

// takeOverGoal is how long the partitions of a gateway that is gone may stand still: its
// session, and what the group takes to part them anew.
const takeOverGoal = 15 * time.Second

// kafkaRate is how many records are written in a second.
const kafkaRate = 5000

// member is one of the programs between the application and the destination.
type member struct {
	start   func() (*program.Process, error)
	process *program.Process
}

// restart ends a member, if it runs, and starts it again.
func (m *member) restart(how func(*program.Process)) (err error) {
	m.end(how)
	m.process, err = m.start()
	return err
}

func (m *member) end(how func(*program.Process)) {
	if m.process != nil {
		how(m.process)
		m.process = nil
	}
}

// kafkaExperiment is one fault.
type kafkaExperiment struct {
	fault  kafkaFault
	limits limits
	// overrides are of the gateways.
	overrides []string

	dir      string
	endpoint *endpoint.Endpoint
	tally    *tally
	members  map[string]*member
}

// open starts everything.
func (e *kafkaExperiment) open() (err error) {
	if e.dir, err = os.MkdirTemp("", "mina-chaos-"); err != nil {
		return err
	}
	e.tally = newTally(1)
	if e.endpoint, err = endpoint.New(e.tally.deliverTo(0)); err != nil {
		return err
	}
	e.endpoint.SetFault(func(int64) endpoint.Fault { return endpoint.Fault{Delay: e.fault.delay} })
	broker, err := program.BuildKafka(e.dir)
	if err != nil {
		return err
	}
	e.members = map[string]*member{
		brokerName: {start: broker.Start},
		agentName: e.collector(program.Settings{
			Configs: []string{"base.yaml", "kafka.yaml"},
			Env:     []string{"MINA_LOGS=" + filepath.Join(e.dir, "app.log"), "KAFKA_BROKERS=" + broker.Address},
		}, agentName),
	}
	names := []string{brokerName, agentName}
	for i := range e.fault.gateways {
		name := gatewayName(i)
		names = append(names, name)
		e.members[name] = e.collector(program.Settings{
			Configs:   []string{"base.yaml", "gateway-kafka.yaml", "otlp.yaml"},
			Env:       []string{"KAFKA_SOURCE_BROKERS=" + broker.Address, "KAFKA_SOURCE_INSTANCE=" + name, "OTLP_ENDPOINT=" + e.endpoint.URL},
			Overrides: e.overrides,
		}, name)
	}
	for _, name := range names {
		if err := e.members[name].restart(nil); err != nil {
			return err
		}
	}
	return nil
}

// close ends what has been started.
func (e *kafkaExperiment) close() {
	for _, m := range e.members {
		m.end((*program.Process).Kill)
	}
	if e.endpoint != nil {
		e.endpoint.Close()
	}
	_ = os.RemoveAll(e.dir)
}

func (e *kafkaExperiment) collector(s program.Settings, name string) *member {
	s.Env = append(s.Env, "MINA_STATE_DIR="+filepath.Join(e.dir, name))
	return &member{start: func() (*program.Process, error) {
		c, err := program.StartCollector(s)
		if err != nil {
			return nil, err
		}
		return c.Process, nil
	}}
}

// write lets records be written, until the function that it returns is called.
func (e *kafkaExperiment) write() (end func() error) {
	w := &writer{path: filepath.Join(e.dir, "app.log"), rate: kafkaRate}
	stop, ended := make(chan struct{}), make(chan error, 1)
	go func() { ended <- w.write(stop, e.tally.next) }()
	return func() error {
		close(stop)
		return <-ended
	}
}

// run lets things go wrong while records are written, and waits for what is missing.
func (e *kafkaExperiment) run(ctx context.Context) (r result, err error) {
	defer e.close()
	if err := e.open(); err != nil {
		return r, err
	}
	endWriting := e.write()
	for begin := time.Now(); err == nil && ctx.Err() == nil && (r.kills < e.limits.kills || time.Since(begin) < e.limits.duration); r.kills++ {
		between(ctx, nil, 300*time.Millisecond, 1500*time.Millisecond)
		err = e.members[e.fault.members[rand.IntN(len(e.fault.members))]].restart(e.fault.how)
	}
	if err = errors.Join(err, endWriting()); err != nil {
		return r, err
	}
	r.counts = e.await(ctx, catchUp)
	return r, nil
}

// await waits until every record is delivered, and a second for those that come twice.
func (e *kafkaExperiment) await(ctx context.Context, most time.Duration) counts {
	until := time.Now().Add(most)
	for e.tally.counts().lost > 0 && time.Now().Before(until) && ctx.Err() == nil {
		time.Sleep(50 * time.Millisecond)
	}
	time.Sleep(time.Second)
	return e.tally.counts()
}

// takeOver kills one of two gateways for good, and returns how long it takes until what
// was written in the second after that is delivered.
func (e *kafkaExperiment) takeOver(ctx context.Context) (time.Duration, counts, error) {
	defer e.close()
	if err := e.open(); err != nil {
		return 0, counts{}, err
	}
	endWriting := e.write()
	between(ctx, nil, 4*time.Second, 5*time.Second) // both have partitions by then
	e.members[gatewayName(0)].end((*program.Process).Kill)
	begin := time.Now()
	between(ctx, nil, time.Second, 1001*time.Millisecond)
	written := endWriting()
	for e.tally.counts().lost > 0 && time.Since(begin) < catchUp && ctx.Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
	took := time.Since(begin)
	return took, e.await(ctx, 0), written
}

// printKafka carries out the experiments with Kafka.
func printKafka(ctx context.Context, l limits) error {
	fmt.Printf("\n%-17s %5s %9s %9s %6s %10s %8s\n", "Kafka", "kills", "written", "delivered", "lost", "duplicated", "per kill")
	var failure error
	for _, f := range kafkaFaults {
		r, err := (&kafkaExperiment{fault: f, limits: l}).run(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		fmt.Printf("%-17s %5d %9d %9d %6d %10d %8d\n", f.name, r.kills, r.written, r.delivered, r.lost, r.duplicated, r.duplicated/max(r.kills, 1))
		if r.lost > 0 {
			failure = errLost
		}
	}
	took, c, err := (&kafkaExperiment{fault: kafkaFault{gateways: 2}}).takeOver(ctx)
	fmt.Printf("one of two gateways is gone: its partitions go on after %.1f s; written %d, lost %d, duplicated %d\n", took.Seconds(), c.written, c.lost, c.duplicated)
	switch {
	case c.lost > 0:
		failure = errLost
	case took > takeOverGoal:
		failure = errors.Join(failure, fmt.Errorf("the other gateway took over after %s; it may take %s", took, takeOverGoal))
	}
	return errors.Join(failure, err)
}
