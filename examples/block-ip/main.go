package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// settings are what the command line says.
type settings struct {
	listen    string
	alert     string
	timeout   time.Duration
	allow     allowList
	tokenFile string
	dryRun    bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "block-ip:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, output io.Writer) error {
	s, err := parseSettings(args, output)
	if err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(output, nil))
	access, err := readAccess(s.tokenFile, s.listen)
	if err != nil {
		return err
	}
	blocker, err := newBlocker(ctx, s, logger)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", s.listen)
	if err != nil {
		return fmt.Errorf("-listen %s: %w", s.listen, err)
	}
	logger.Info("waiting for Alertmanager", "listen", listener.Addr().String(), "alert", s.alert)
	return serve(ctx, listener, routes(&webhook{alert: s.alert, access: access, allow: s.allow, blocker: blocker, logger: logger}))
}

func parseSettings(args []string, output io.Writer) (*settings, error) {
	s := &settings{allow: alwaysAllowed()}
	flags := flag.NewFlagSet("block-ip", flag.ContinueOnError)
	flags.SetOutput(output)
	flags.StringVar(&s.listen, "listen", "localhost:9095", "`address` that Alertmanager posts to")
	flags.StringVar(&s.alert, "alert", "FailedLogins", "`name` of the alert whose addresses are blocked")
	flags.DurationVar(&s.timeout, "timeout", time.Hour, "how long an address stays blocked after the last notification of it")
	flags.Func("allow", "`address or network` that is never blocked, such as 198.51.100.0/24; may be repeated", s.allow.add)
	flags.Func("allow-file", "`file` with such addresses and networks, one a line", s.allow.addFile)
	flags.StringVar(&s.tokenFile, "token-file", "", "`file` with the token that Alertmanager has to send")
	flags.BoolVar(&s.dryRun, "dry-run", false, "only say what would be blocked, as without the right to change nftables")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("%q is no flag", flags.Arg(0))
	}
	if s.timeout < time.Second {
		return nil, fmt.Errorf("-timeout %s: must be 1s or more", s.timeout)
	}
	return s, nil
}

// newBlocker returns nftables with their table, or what only says what it would do.
func newBlocker(ctx context.Context, s *settings, logger *slog.Logger) (blocker, error) {
	if s.dryRun || !mayChangeNftables() {
		logger.Warn("dry run: nothing is blocked; that takes root, or CAP_NET_ADMIN, and no -dry-run")
		return dryRun{timeout: s.timeout, logger: logger}, nil
	}
	path, err := exec.LookPath("nft")
	if err != nil {
		return nil, fmt.Errorf("nftables are needed (apt-get install nftables): %w", err)
	}
	table := &nftables{run: nft(path), size: setSize, timeout: s.timeout, logger: logger}
	return table, table.prepare(ctx)
}

// How long a request may take. Alertmanager gives up later.
const (
	readTimeout  = 10 * time.Second
	writeTimeout = 30 * time.Second
	idleTimeout  = 2 * time.Minute
	stopTimeout  = 10 * time.Second
	maxHeaders   = 16 << 10
)

// routes takes posts from all but pages of other sites.
func routes(w *webhook) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /{$}", w)
	return http.NewCrossOriginProtection().Handler(mux)
}

func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{
		Handler:        handler,
		ReadTimeout:    readTimeout,
		WriteTimeout:   writeTimeout,
		IdleTimeout:    idleTimeout,
		MaxHeaderBytes: maxHeaders,
	}
	stopped := make(chan error, 1)
	context.AfterFunc(ctx, func() {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		stopped <- server.Shutdown(bounded)
	})
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}
