package tracker

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"storydiff/tracker/extract"
)

// maxAddress bounds an address, in bytes: longer ones are refused by servers too.
const maxAddress = 8000

// An AddressError reports an address that cannot be tracked.
type AddressError struct {
	Address string
	Why     string
}

func (e *AddressError) Error() string { return fmt.Sprintf("%.200q: %s", e.Address, e.Why) }

// Clean returns an address as it is fetched and kept: with a scheme, without
// credentials and white space around it; the fragment stays, for it was added
// with it. A bare "example.com/story" becomes https. The error is an
// *AddressError for what is no http or https address.
func Clean(address string) (string, error) {
	u, err := parse(address)
	if err != nil {
		return "", err
	}
	return u.String(), nil
}

func parse(address string) (*url.URL, error) {
	address = strings.TrimSpace(address)
	if len(address) > maxAddress {
		return nil, &AddressError{address, "an address this long cannot be fetched"}
	}
	u, err := url.Parse(address)
	if bare := err != nil || u.Scheme == "" || u.Opaque != ""; bare && looksBare(address) {
		u, err = url.Parse("https://" + address)
	}
	if err != nil {
		return nil, &AddressError{address, "not an address: give one such as https://example.com/story"}
	}
	u.Scheme = strings.ToLower(u.Scheme)
	if u.Scheme == "" {
		return nil, &AddressError{address, "not an address: give one such as https://example.com/story"}
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, &AddressError{address, "only http and https addresses can be tracked"}
	}
	if u.Hostname() == "" {
		return nil, &AddressError{address, "the address names no host: give one such as https://example.com/story"}
	}
	u.User = nil
	return u, nil
}

// looksBare reports whether an address without a scheme begins with a host, as
// in "example.com/story" or "localhost:8080/story".
func looksBare(address string) bool {
	host, _, _ := strings.Cut(address, "/")
	name, port, hasPort := strings.Cut(host, ":")
	if hasPort && strings.Trim(port, "0123456789") != "" {
		return false
	}
	return strings.Contains(strings.Trim(name, "."), ".") || hasPort && name == "localhost"
}

// Identity returns what all forms of one address share: scheme, "www.",
// fragment, default port, tracking parameters, a final slash, and the order of
// the parameters make no difference; everything else does, so that sites whose
// stories differ by ?id= are unharmed. The error is an *AddressError.
func Identity(address string) (string, error) {
	u, err := parse(address)
	if err != nil {
		return "", err
	}
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	host = strings.TrimPrefix(host, "www.")
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	id := host + strings.TrimRight(u.EscapedPath(), "/")
	if query := identifying(u.RawQuery); query != "" {
		id += "?" + query
	}
	return id, nil
}

// identifying returns a query without its tracking parameters, sorted.
func identifying(query string) string {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && !extract.Tracking(name) {
			kept = append(kept, pair)
		}
	}
	slices.SortStableFunc(kept, func(a, b string) int { return cmp.Compare(a, b) })
	return strings.Join(kept, "&")
}

// frontOf returns the identity of the front page beside an address.
func frontOf(identity string) string {
	host, _, _ := strings.Cut(identity, "/")
	return host
}
