package report

import (
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// archivedCopies are where others may keep copies of an address: plain links,
// which nothing is known of until a reader follows them. With a time they lead to
// the copy that is nearest to it, where that can be said. An address that only
// this machine or its network has is kept by nobody.
func archivedCopies(address string, at time.Time) []link {
	address = outward(address)
	if !public(address) {
		return nil
	}
	when := "*"
	if !at.IsZero() {
		when = at.UTC().Format("20060102150405")
	}
	return []link{
		{Href: "https://web.archive.org/web/" + when + "/" + address, Text: "Wayback Machine"},
		{Href: "https://archive.today/newest/" + address, Text: "archive.today"},
	}
}

// public reports whether the host of an address can be one that all the world
// knows: a name with a dot, or an address that is no private one.
func public(address string) bool {
	u, err := url.Parse(address)
	if err != nil || address == "" {
		return false
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	for _, end := range []string{".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid"} {
		if strings.HasSuffix(host, end) {
			return false
		}
	}
	return strings.Contains(host, ".")
}
