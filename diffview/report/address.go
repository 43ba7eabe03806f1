package report

import (
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// base returns the address of the report without a slash at its end: the public
// one where it is known, else that which the request was sent to. Its host was
// let in by the guard; what a proxy says of itself in headers is not believed.
func (s *site) base(r *http.Request) string {
	if s.public != "" {
		return s.public
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	host := canonicalHost(r.Host)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		if _, err := strconv.ParseUint(port, 10, 16); err == nil {
			host += ":" + port
		}
	}
	return scheme + "://" + host
}

// to returns an address of the report as a feed has it: absolute; in an export that
// was not told where it will lie, relative to the feed.
func (s *site) to(r *http.Request, address string) string {
	switch {
	case !s.static:
		return s.base(r) + address
	case s.public != "":
		return s.public + "/" + fileOf(address)
	}
	return relative(fileOf(r.URL.RequestURI()), fileOf(address))
}

// ownPath returns the path that a whole address names at this report; ok is
// false for an address of somebody else's.
func (s *site) ownPath(r *http.Request, address string) (path string, ok bool) {
	if rest, ours := strings.CutPrefix(address, s.public+"/"); ours && s.public != "" {
		u, err := url.Parse("/" + rest)
		if err != nil {
			return "", false
		}
		return u.Path, true
	}
	u, err := url.Parse(address)
	if err != nil || u.User != nil || u.Scheme != "http" && u.Scheme != "https" {
		return "", false
	}
	return u.Path, u.Host != "" && canonicalHost(u.Host) == canonicalHost(r.Host)
}

// publicHost returns the host of a public address; empty where there is none.
func publicHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// authorityOf returns in whose name the tag URIs of a report are given (RFC
// 4151): that of the host under which it is public, else "localhost". It is not
// that of the request, so that one change has one ID by whatever name a reader
// on this machine asks for it.
func authorityOf(public string) string {
	host := strings.ToLower(publicHost(public))
	for _, r := range host {
		if r != '.' && r != '-' && (r < 'a' || r > 'z') && (r < '0' || r > '9') {
			return "localhost"
		}
	}
	if host == "" {
		return "localhost"
	}
	return host
}

// tag returns the ID of something that was first seen at a time. The second
// stands in it too, so that another database, which counts its articles anew,
// gives another ID.
func (s *site) tag(seen time.Time, specific string) string {
	seen = seen.UTC()
	return "tag:" + s.authority + "," + seen.Format(time.DateOnly) + ":" + specific + "/" + seen.Format("150405")
}
