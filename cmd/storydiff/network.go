package main

import (
	"log/slog"
	"net/url"
	"time"

	"github.com/spf13/pflag"

	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// network holds the flags of whatever may fetch.
type network struct {
	allowPrivate bool
	hostDelay    duration
	timeout      limit
	maxBody      size
	userAgent    string
	contact      contact
	proxy        proxy
	ignoreRobots bool

	introduced bool // public hosts are to know who asks; see introduce

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
	flags.Var(&n.contact, "contact", "mail `address` or https page of who runs this, told to servers; public hosts are not watched without")
	flags.Var(&n.proxy, "proxy", "fetch through the http, https or socks5 proxy at this `URL`; the environment is never asked for one. The proxy then looks up the names: nothing here sees whether one leads to a private address")
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
		Contact: n.contact.Contact, NeedContact: n.introduced, Proxy: n.proxy.URL,
		MaxBody: int64(n.maxBody), MaxWire: max(10<<20, int64(n.maxBody)),
		Owner: n.owner, AllowPrivate: n.allowPrivate, IgnoreRobots: n.ignoreRobots, Ledger: ledger, Log: log,
	})
}

// introduce refuses to watch public hosts where nothing says who asks. From then
// on the client asks none either.
func (n *network) introduce(urls ...string) error {
	n.introduced = true
	return n.known(urls...)
}

// known refuses public hosts where nothing says who asks.
func (n *network) known(urls ...string) error {
	if n.named() {
		return nil
	}
	for _, u := range urls {
		if fetch.Public(u) {
			return misusef("%s is a public host, and who runs it must be able to reach who asks: give --contact a mail address or an https page (or set STORYDIFF_CONTACT, or contact: in %s)", fetch.HostOf(u), defaultConfig)
		}
	}
	return nil
}

// named reports whether something says who asks.
func (n *network) named() bool {
	return n.contact.Contact != (fetch.Contact{}) || fetch.NamesContact(n.userAgent)
}

// introduceTo is introduce for articles.
func (n *network) introduceTo(articles []tracker.Article) error {
	urls := make([]string, 0, 2*len(articles))
	for _, a := range articles {
		urls = append(urls, a.URL)
		if a.MovedTo != "" {
			urls = append(urls, a.MovedTo)
		}
	}
	return n.introduce(urls...)
}

// A contact is a flag's value: a mail address or an https page.
type contact struct{ fetch.Contact }

func (c *contact) Set(s string) (err error) {
	c.Contact, err = fetch.ParseContact(s)
	return err
}

func (c *contact) Type() string { return "address" }

// A proxy is a flag's value: the address of one.
type proxy struct{ *url.URL }

func (p *proxy) Set(s string) (err error) {
	p.URL, err = fetch.ParseProxy(s)
	return err
}

func (p *proxy) String() string {
	if p.URL == nil {
		return ""
	}
	return p.Redacted()
}

func (p *proxy) Type() string { return "url" }
