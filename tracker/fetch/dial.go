package fetch

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Limits of a connection.
const (
	dialTimeout   = 10 * time.Second
	tlsTimeout    = 10 * time.Second
	headerTimeout = 15 * time.Second // from the request to the end of the answer's header
	maxHeader     = 64 << 10         // bytes of an answer's header
)

// A guard says which addresses may be dialled.
type guard struct {
	private bool            // every one
	proxied bool            // a proxy resolves the names and connects
	addrs   *ssrf.Guardian  // judges addresses alone, so that the address is what a refusal names first
	ports   map[uint16]bool // that may be dialled unless private
}

func newGuard(opts Options, ports []uint16) *guard {
	g := &guard{private: opts.AllowPrivate, proxied: opts.Proxy != nil, ports: map[uint16]bool{80: true, 443: true}}
	for _, p := range ports {
		g.ports[p] = true
	}
	is4 := func(p netip.Prefix) bool { return p.Addr().Is4() }
	is6 := func(p netip.Prefix) bool { return p.Addr().Is6() }
	g.addrs = ssrf.New(
		ssrf.WithAnyPort(),
		ssrf.WithAllowedV4Prefixes(slices.DeleteFunc(slices.Clone(opts.Allow), is6)...),
		ssrf.WithAllowedV6Prefixes(slices.DeleteFunc(slices.Clone(opts.Allow), is4)...),
		// A public address in form, but on Azure the host's own control channel.
		ssrf.WithDeniedV4Prefixes(netip.MustParsePrefix("168.63.129.16/32")),
	)
	return g
}

// A refusal is an address that must not be dialled.
type refusal struct {
	to   netip.AddrPort
	port bool // it is for the port alone
}

func (r *refusal) Error() string {
	if r.port {
		return fmt.Sprintf("port %d may not be dialled", r.to.Port())
	}
	return fmt.Sprintf("%s may not be dialled", r.to.Addr())
}

// refuse returns why to must not be dialled; nil where it may.
func (g *guard) refuse(to netip.AddrPort) *refusal {
	switch {
	case g.private:
		return nil
	case g.addrs.SafeAddr(to.Addr()) != nil:
		return &refusal{to: to}
	case !g.ports[to.Port()]:
		return &refusal{to: to, port: true}
	}
	return nil
}

// control is called with the address that is about to be dialled: after the
// name was resolved, so that a name cannot show one address to a check and
// another to the connection.
func (g *guard) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return &refusal{}
	}
	if r := g.refuse(to); r != nil {
		return r
	}
	return nil
}

// checkAddress refuses what can be told from the address alone, before anybody
// waits for a host or asks for a name. Its error is an *Error.
func (g *guard) checkAddress(u *url.URL) error {
	host := asciiHost(u)
	addr, err := netip.ParseAddr(host)
	if err != nil {
		odd, numeric := numericHost(host)
		if numeric && (g.private || !odd.IsValid() || g.refuse(netip.AddrPortFrom(odd, 80)) == nil) {
			return fail("bad-address", nil, "%s names its host by a number; an IP address is written as in 192.0.2.1", show(u.String()))
		}
		addr = odd
	}
	if !addr.IsValid() {
		return g.checkName(u)
	}
	if r := g.refuse(netip.AddrPortFrom(addr, portOf(u))); r != nil {
		return refused(u, r)
	}
	return nil
}

// checkName refuses the port of an address whose host is a name, and behind a
// proxy, where nobody sees what is dialled, names that are never public.
func (g *guard) checkName(u *url.URL) error {
	port := portOf(u)
	switch {
	case g.private:
		return nil
	case g.proxied && !public(u):
		return fail("private-address", nil, "%s names a host of this machine or of a private network; --allow-private permits it", show(u.String()))
	case g.ports[port]:
		return nil
	}
	return refused(u, &refusal{to: netip.AddrPortFrom(netip.Addr{}, port), port: true})
}

// newTransport returns the only way out: every connection is seen by g, but for
// those to a proxy of the user's choice.
func newTransport(opts Options, g *guard, e edge) *http.Transport {
	through := &net.Dialer{Timeout: dialTimeout, Control: g.control, Resolver: e.resolver}
	if opts.Proxy != nil {
		through.Control = nil
	}
	dial := dialer(through.DialContext)
	if e.dial != nil {
		dial = e.dial
	}
	t := &http.Transport{
		Proxy:                  nil, // never from the environment: the guard would see only the proxy
		DialContext:            new(tap).paced(g, dial),
		ForceAttemptHTTP2:      true,
		DisableCompression:     true, // the bytes are kept as they came
		TLSClientConfig:        &tls.Config{RootCAs: e.roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    tlsTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: maxHeader,
		// With seconds between two requests to a host there is little to gain
		// from keeping its connection, and nothing that it says unasked is heard.
		DisableKeepAlives: true,
	}
	if opts.Proxy != nil {
		t.Proxy = http.ProxyURL(opts.Proxy)
	}
	return t
}

// ParseProxy reads the address of a proxy: http, https or socks5, with or
// without a name and a password.
func ParseProxy(raw string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.Hostname() == "" || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errProxy // what was given is not repeated: it may hold a password
	}
	switch u.Scheme {
	case "http", "https", "socks5", "socks5h":
		u.Path = ""
		return u, nil
	}
	return nil, errProxy
}

var errProxy = errors.New("write the address of a proxy such as http://localhost:3128 or socks5://localhost:1080")

// Outgoing returns a way out for requests that are no fetches of pages, such as
// those of webhooks, under the guard that pages have: it dials no loopback and
// no private address unless private says that it may, whatever names and
// redirects lead there, and asks no proxy. Ports other than 80 and 443 are
// dialled where they are named.
func Outgoing(private bool, ports ...uint16) *http.Transport {
	opts := Options{AllowPrivate: private}.filled()
	return newTransport(opts, newGuard(opts, ports), edge{})
}
