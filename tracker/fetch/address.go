package fetch

import (
	"errors"
	"math"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// maxAddress is the longest address that is asked for, in bytes. RFC 9110
// section 4.1 asks for 8,000 at least.
const maxAddress = 8 << 10

// HostOf returns the host that politeness counts by: the registrable domain of
// the address, or its IP address. It is empty for what is no http(s) address.
func HostOf(rawURL string) string {
	u, err := parseAddress(rawURL)
	if err != nil {
		return ""
	}
	return hostOf(u)
}

// hostOf returns what [HostOf] does, of an address that was parsed.
func hostOf(u *url.URL) string {
	name := asciiHost(u)
	if addr, err := netip.ParseAddr(name); err == nil {
		return addr.Unmap().String()
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(name)
	if err != nil {
		return name // a public suffix itself, or a name without a dot
	}
	return domain
}

// asciiHost returns the host of u in lower case, without port and final dot, in
// the form that the name system knows.
func asciiHost(u *url.URL) string {
	name := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		return ascii
	}
	return name
}

// originOf returns scheme://host:port, which is what a robots.txt speaks for.
func originOf(u *url.URL) string {
	host := asciiHost(u)
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return u.Scheme + "://" + host + ":" + strconv.Itoa(int(portOf(u)))
}

// portOf returns the port of u, that of its scheme where it names none, and 0
// where it names one that cannot be.
func portOf(u *url.URL) uint16 {
	if u.Port() == "" {
		if u.Scheme == "https" {
			return 443
		}
		return 80
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		return 0
	}
	return uint16(port)
}

// parseAddress returns an address as it will be asked for: without credentials
// and fragment. Its error is an *Error.
func parseAddress(raw string) (*url.URL, error) {
	raw = strings.TrimSpace(raw)
	if len(raw) > maxAddress {
		return nil, fail("bad-address", nil, "the address %s is longer than %d bytes", showRaw(raw), maxAddress)
	}
	u, err := url.Parse(raw)
	if err != nil {
		// The error is left out: it would repeat a password.
		return nil, fail("bad-address", nil, "%s is not an address that can be fetched", showRaw(raw))
	}
	return cleanAddress(u)
}

// cleanAddress checks an address and returns it without credentials and
// fragment.
func cleanAddress(u *url.URL) (*url.URL, error) {
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fail("bad-scheme", nil, "%s cannot be fetched: it begins with neither http:// nor https://", showRaw(u.Redacted()))
	}
	cleaned := *u
	cleaned.User, cleaned.Fragment, cleaned.RawFragment = nil, "", ""
	if u.Hostname() == "" || u.Opaque != "" || portOf(u) == 0 {
		return nil, fail("bad-address", nil, "%s is not an address that can be fetched: it lacks a host or has an impossible port", show(cleaned.String()))
	}
	return &cleaned, nil
}

// numericHost reads the spellings of an IPv4 address that some resolvers take
// and [netip.ParseAddr] does not: fewer than four parts, octal and hexadecimal
// ones. numeric is true for every host whose last label is a number, which no
// name can have (WHATWG URL, "ends in a number"); addr is valid where those
// parts are an address.
func numericHost(host string) (addr netip.Addr, numeric bool) {
	parts := strings.Split(host, ".")
	if _, ok := numericPart(parts[len(parts)-1]); !ok {
		return netip.Addr{}, false
	}
	if len(parts) > 4 {
		return netip.Addr{}, true
	}
	var bits uint64
	for i, part := range parts {
		n, _ := numericPart(part)
		width := 8
		if i == len(parts)-1 {
			width = 8 * (4 - i) // the last part fills what is left
		}
		if _, ok := numericPart(part); !ok || n >= 1<<width {
			return netip.Addr{}, true
		}
		bits = bits<<width | n
	}
	return netip.AddrFrom4([4]byte{byte(bits >> 24), byte(bits >> 16), byte(bits >> 8), byte(bits)}), true
}

// numericPart reads a decimal, octal (0…) or hexadecimal (0x…) number. One that
// fits no address comes back bigger than all that do.
func numericPart(s string) (n uint64, ok bool) {
	digits, base := s, 10
	if hex, found := strings.CutPrefix(s, "0x"); found {
		digits, base = hex, 16
	} else if len(s) > 1 && s[0] == '0' {
		digits, base = s[1:], 8
	}
	if digits == "" {
		return 0, base == 16
	}
	n, err := strconv.ParseUint(digits, base, 64)
	if err != nil {
		return math.MaxUint64, errors.Is(err, strconv.ErrRange) || strings.Trim(s, "0123456789") == ""
	}
	return n, true
}
