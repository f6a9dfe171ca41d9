package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/mina-observability/otelcol-mina/bench/turns"
	"github.com/mina-observability/otelcol-mina/test/program"
)

// page is the page in front of an engine that has the records of a log.
type page struct {
	engine    *program.VictoriaLogs
	directory string
	meter     *meter
	server    *httptest.Server
	collector *program.Collector
}

// newPage loads records into an engine and starts the page in front of it. write writes the
// lines.
func newPage(dir string, write func(io.Writer) error) (p *page, err error) {
	p = &page{}
	if p.directory, err = os.MkdirTemp(dir, "engine-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			p.stop()
		}
	}()
	if p.engine, err = program.StartVictoriaLogs(p.directory, program.FreeAddress(), "-search.maxConcurrentRequests=4"); err != nil {
		return p, err
	}
	if err = load(p.engine.URL, write); err != nil {
		return p, err
	}
	if p.meter, err = newMeter(p.engine.URL); err != nil {
		return p, err
	}
	p.server = httptest.NewServer(p.meter)
	state, err := os.MkdirTemp(dir, "state-")
	if err != nil {
		return p, err
	}
	p.collector, err = program.StartCollector(program.Settings{
		Configs: []string{"base.yaml", "explore.yaml"},
		Env:     []string{"MINA_STATE_DIR=" + state, "MINA_LOGS=" + filepath.Join(state, "none.log"), "EXPLORE_ENDPOINT=" + p.server.URL},
	})
	if err != nil {
		return p, err
	}
	return p, p.collector.WaitReady()
}

func (p *page) stop() {
	if p.collector != nil {
		p.collector.Stop()
	}
	if p.server != nil {
		p.server.Close()
	}
	if p.engine != nil {
		p.engine.Stop()
	}
}

// load sends lines through the collector to an engine, and returns when it has them all.
func load(engine string, write func(io.Writer) error) error {
	binary, err := program.Binary()
	if err != nil {
		return err
	}
	cmd := exec.Command(binary, "--config", "config/stdin.yaml", "--config", "config/victorialogs.yaml")
	cmd.Dir = program.Root()
	cmd.Env = append(os.Environ(), "VICTORIALOGS_URL="+engine, "VICTORIALOGS_STREAM_FIELDS=service.name,host.name,scope.name", "VICTORIALOGS_MAX_AGE=720h", "MINA_MEMORY_MIB=400", "MINA_STATE_DIR="+os.TempDir())
	lines, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	collector, err := program.Start(cmd)
	if err != nil {
		return err
	}
	err = write(lines)
	_ = lines.Close()
	<-collector.Ended
	if err == nil && collector.ExitCode() != 0 {
		err = fmt.Errorf("the collector has ended with %d: %s", collector.ExitCode(), collector.Output())
	}
	return err
}

// latency is how long an answer took, and how much of it the engine.
type latency struct{ whole, engine time.Duration }

func (l latency) own() time.Duration { return l.whole - l.engine }

// ask asks the page a question so often, once before it counts, and decodes the answer.
func (p *page) ask(times int, path string, parameters url.Values, answer any) (latency, error) {
	var engine, own []time.Duration
	for i := range times + 1 {
		p.meter.take()
		begin := time.Now()
		text, err := get("http://" + p.collector.Page + path + "?" + parameters.Encode())
		took := time.Since(begin)
		if err != nil {
			return latency{}, err
		}
		if i == 0 {
			if err := json.Unmarshal(text, answer); err != nil {
				return latency{}, fmt.Errorf("%s: %w", path, err)
			}
			continue
		}
		asked := p.meter.take()
		engine, own = append(engine, asked), append(own, took-asked)
	}
	return latency{whole: turns.Median(engine) + turns.Median(own), engine: turns.Median(engine)}, nil
}

// askEngine asks the engine itself for the newest records, which the page has another way to.
func (p *page) askEngine(times int) (time.Duration, error) {
	parameters := url.Values{"query": {"*"}, "limit": {newestPage}, "start": {yesterday().Format(time.RFC3339)}, "end": {time.Now().UTC().Format(time.RFC3339)}}
	var all []time.Duration
	for range times {
		begin := time.Now()
		if _, err := get(p.engine.URL + "/select/logsql/query?" + parameters.Encode()); err != nil {
			return 0, err
		}
		all = append(all, time.Since(begin))
	}
	return turns.Median(all), nil
}

func get(address string) ([]byte, error) {
	response, err := http.Get(address)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", address, response.Status, text)
	}
	return text, err
}
