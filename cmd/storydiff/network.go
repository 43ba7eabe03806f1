package main

import (
	"log/slog"
	"time"

	"github.com/spf13/pflag"

	"storydiff/tracker/fetch"
)

// network holds the flags of whatever may fetch.
type network struct {
	allowPrivate bool
	hostDelay    duration
	timeout      limit
	maxBody      size
	userAgent    string
	ignoreRobots bool

	owner string // names this process in leases and at hosts
}

func (n *network) register(flags *pflag.FlagSet) {
	n.owner = owner()
	n.hostDelay, n.timeout, n.maxBody = duration(5*time.Second), limit{duration(time.Minute)}, 16<<20
	flags.BoolVar(&n.allowPrivate, "allow-private", false, "let loopback and private addresses be fetched")
	flags.Var(&n.hostDelay, "host-delay", "least time from the end of a response to the next request to that host")
	flags.Var(&n.timeout, "timeout", "longest time for a whole fetch")
	flags.Var(&n.maxBody, "max-body", "largest page, decoded, in bytes or as 16MiB")
	flags.StringVar(&n.userAgent, "user-agent", "storydiff/"+release, "how we name ourselves to servers")
	flags.BoolVar(&n.ignoreRobots, "ignore-robots", false, "fetch in spite of robots.txt")
}

// client returns a client that shares ledger with others; nil: with nobody.
func (n *network) client(ledger fetch.Ledger, log *slog.Logger) *fetch.Client {
	delay := time.Duration(n.hostDelay)
	if delay == 0 {
		delay = -1 // the options' zero stands for their default
	}
	return fetch.NewClient(fetch.Options{
		UserAgent: n.userAgent, HostDelay: delay, Timeout: time.Duration(n.timeout.duration),
		MaxBody: int64(n.maxBody), MaxWire: max(10<<20, int64(n.maxBody)),
		Owner: n.owner, AllowPrivate: n.allowPrivate, IgnoreRobots: n.ignoreRobots, Ledger: ledger, Log: log,
	})
}
