package fetch

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"
)

// What an Options field of 0 stands for.
const (
	defaultAgent     = "storydiff"
	defaultHostDelay = 5 * time.Second
	defaultTimeout   = time.Minute
	defaultMaxBody   = 16 << 20
	defaultMaxWire   = 10 << 20
	defaultRedirects = 10
	defaultInFlight  = 8
)

// Options say how a Client behaves. The zero value is usable: every field says
// what its zero stands for.
type Options struct {
	UserAgent    string         // 0: "storydiff"
	Contact      Contact        // who can be asked about this client; part of how it names itself. 0: nobody
	NeedContact  bool           // public hosts are not asked by a client that names nobody
	HostDelay    time.Duration  // least time from the end of an answer to the next request to that host; negative: none, however slow the host; 0: 5 s
	Timeout      time.Duration  // of a whole fetch with its redirects, waiting for the host left out; 0: 60 s
	MaxBody      int64          // bytes as decoded; 0: 16 MiB
	MaxWire      int64          // bytes on the wire; 0: 10 MiB
	MaxRedirects int            // 0: 10
	InFlight     int            // fetches at once over all hosts; 0: 8
	AllowPrivate bool           // loopback and private addresses may be dialled, and any port
	Allow        []netip.Prefix // private prefixes that may be dialled all the same
	IgnoreRobots bool
	Proxy        *url.URL // everything goes through it, and it alone is dialled; nil: none, whatever the environment says
	Ledger       Ledger   // nil: one of this process alone
	Owner        string   // names this client in the ledger, unlike any other; 0: by chance
	Log          *slog.Logger
}

// filled returns o with every default written out. A HostDelay of 0 is then
// none.
func (o Options) filled() Options {
	o.HostDelay = max(0, orElse(o.HostDelay, defaultHostDelay))
	o.UserAgent = o.Contact.sign(orElse(strings.TrimSpace(o.UserAgent), defaultAgent))
	o.Timeout = orElse(o.Timeout, defaultTimeout)
	o.MaxBody = orElse(o.MaxBody, defaultMaxBody)
	o.MaxWire = orElse(o.MaxWire, defaultMaxWire)
	o.MaxRedirects = orElse(o.MaxRedirects, defaultRedirects)
	o.InFlight = max(1, orElse(o.InFlight, defaultInFlight))
	if o.Ledger == nil {
		o.Ledger = NewLedger()
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// orElse returns v, or instead where v is its type's zero.
func orElse[T comparable](v, instead T) T {
	var zero T
	if v == zero {
		return instead
	}
	return v
}

// A Client gets pages, one at a time from each host. It is safe for use by
// several goroutines.
type Client struct {
	opts      Options // with every default filled in
	guard     *guard
	transport *http.Transport
	places    places // in flight
	turns     queues // who of this process is next at a host
	readers   queues // who fetches the robots.txt of an origin
	read      readRobotsFiles
	name      string // of this client among all that share its ledger
	takes     atomic.Int64
}

// An edge is where the client meets the machine it runs on. Tests put their own
// in its place; the zero value is the real one.
type edge struct {
	resolver *net.Resolver
	ports    []uint16 // may be dialled besides 80 and 443
	roots    *x509.CertPool
	dial     func(ctx context.Context, network, address string) (net.Conn, error) // in place of the guarded dialler
}

// NewClient returns a client.
func NewClient(opts Options) *Client { return newClient(opts, edge{}) }

func newClient(opts Options, e edge) *Client {
	opts = opts.filled()
	g := newGuard(opts, e.ports)
	return &Client{
		opts:      opts,
		guard:     g,
		transport: newTransport(opts, g, e),
		places:    newPlaces(opts.InFlight),
		name:      orElse(opts.Owner, rand.Text()),
	}
}

// Get fetches a page.
//
// Every answer with a status is a Page, errors by the server included; the body
// of an answer other than 2xx is what came of it. Where there is no usable
// answer the error is an *Error; it wraps ctx.Err() if ctx ended first. Only
// trouble with the ledger is another error.
//
// Get waits until the host may be asked, for each redirect and for robots.txt
// too; that time does not count for Options.Timeout. Only ctx bounds it.
func (c *Client) Get(ctx context.Context, r Request) (*Page, error) {
	u, err := parseAddress(r.URL)
	if err != nil {
		return nil, err
	}
	page, err := c.follow(ctx, u, r)
	if err != nil && ctx.Err() != nil {
		return nil, ended(ctx, u)
	}
	return page, err
}

// request returns the GET of u with the headers of every request of ours.
func (c *Client) request(ctx context.Context, u *url.URL, extra http.Header) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, fmt.Errorf("asking for %s: %w", show(u.String()), err)
	}
	for name, values := range extra {
		req.Header[name] = values
	}
	req.Header.Set("User-Agent", c.opts.UserAgent)
	if c.opts.Contact.Mail != "" {
		req.Header.Set("From", c.opts.Contact.Mail) // RFC 9110 section 10.1.2
	}
	req.Header.Set("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.5")
	req.Header.Set("Accept-Encoding", "gzip, br, zstd")
	return req, nil
}
