package fetch

import (
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
)

// A Contact is who can be asked about a client by those whose servers it visits:
// a mail address or a page. The zero value names nobody.
type Contact struct {
	Mail string // address alone, as in desk@example.org
	Page string // https://…
}

// maxContact bounds a contact, in bytes; RFC 5321 section 4.5.3.1.3 gives a mail
// address 254.
const maxContact = 254

// ParseContact reads a mail address, with or without mailto:, or the address of
// an https page.
func ParseContact(s string) (Contact, error) {
	s = strings.TrimSpace(s)
	if len(s) > maxContact || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>"\`, r) }) {
		return Contact{}, errContact
	}
	if u, err := url.Parse(s); err == nil && u.Scheme == "https" && u.User == nil && strings.Contains(u.Hostname(), ".") {
		return Contact{Page: s}, nil
	}
	address := strings.TrimPrefix(s, "mailto:")
	parsed, err := mail.ParseAddress(address)
	if err != nil || parsed.Address != address {
		return Contact{}, errContact
	}
	if _, host, _ := strings.Cut(address, "@"); !strings.Contains(host, ".") {
		return Contact{}, errContact
	}
	return Contact{Mail: address}, nil
}

var errContact = errors.New("write a mail address such as desk@example.org, or the address of a page that begins with https://")

// String returns the contact as a URI; empty where it names nobody.
func (c Contact) String() string {
	if c.Mail != "" {
		return "mailto:" + c.Mail
	}
	return c.Page
}

// sign puts the contact into a User-Agent field, unless that names one itself.
func (c Contact) sign(agent string) string {
	if c == (Contact{}) || NamesContact(agent) {
		return agent
	}
	return agent + " (+" + c.String() + ")"
}

// reachable finds a page or a mail address.
var reachable = regexp.MustCompile(`https?://[^\s/()]+\.[^\s()]+|[^\s@()]+@[^\s@()]+\.[^\s@()]+`)

// NamesContact reports whether a User-Agent field says itself who can be asked:
// whether it holds a mail address or the address of a page.
func NamesContact(agent string) bool { return reachable.MatchString(agent) }

// Public reports whether an address is that of a public host, as far as can be
// told without asking for the name: neither a private or special IP address nor
// a name that is never one of the public network (RFC 6761, 6762, 8375, 9476,
// and a name without a dot). What is no http(s) address is not public.
func Public(rawURL string) bool {
	u, err := parseAddress(rawURL)
	return err == nil && public(u)
}

func public(u *url.URL) bool {
	name := asciiHost(u)
	if addr, err := netip.ParseAddr(name); err == nil {
		return newGuard(Options{}, nil).addrs.SafeAddr(addr) == nil
	}
	if _, numeric := numericHost(name); numeric || !strings.Contains(name, ".") {
		return false
	}
	if strings.HasSuffix(name, ".home.arpa") {
		return false
	}
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "localhost", "local", "internal", "test", "example", "invalid", "alt", "onion":
		return false
	}
	return true
}

// introduced refuses a public host where the client names nobody and must.
func (c *Client) introduced(u *url.URL) error {
	if !c.opts.NeedContact || NamesContact(c.opts.UserAgent) || !public(u) {
		return nil
	}
	return fail("no-contact", nil, "%s is a public host, and who runs it must be able to reach who asks: set --contact to a mail address or an https page", show(hostOf(u)))
}
