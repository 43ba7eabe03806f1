// Package fetch gets pages from the network.
//
// Politeness and safety towards the network live here and only here: which
// addresses may be dialled, how much may come back and how long it may take,
// how often a host is asked, and what its robots.txt allows.
package fetch

import (
	"net/http"
	"time"
)

// A Request is a page to get.
type Request struct {
	URL          string
	ETag         string // validators of the last answer of that very address, sent back as they came; empty: none
	LastModified string
	NoCache      bool // caches on the way are asked not to answer for the server
	Pressing     bool // a person waits: our own back-off from the host is no reason not to ask; its Retry-After is
}

// A Hop is a redirect that was followed.
type Hop struct {
	URL      string `json:"url"` // the address that answered
	Status   int    `json:"status"`
	Location string `json:"location"` // where it pointed, absolute
}

// A Page is an answer, whatever its status.
type Page struct {
	URL    string      // as asked for, without credentials and fragment
	Final  string      // after redirects
	Hops   []Hop       // the redirects between the two
	Status int         // of the final answer
	Proto  string      // "HTTP/1.1", "HTTP/2.0"
	Header http.Header // of the final answer
	Wire   []byte      // the body as it came over the wire
	Body   []byte      // the body as decoded of its content coding; the same slice as Wire where there is none
	Began  time.Time   // when the first request was sent
	Ended  time.Time   // when the last byte came
}

// NotModified reports whether the server said that nothing changed.
func (p *Page) NotModified() bool { return p.Status == http.StatusNotModified }

// An Error is why there is no usable answer.
type Error struct {
	Reason string        // a code: "dns", "network", "tls", "timeout", "too-large", "truncated", "redirect-loop", "private-address", "bad-port", "bad-scheme", "bad-address", "robots", "rate-limited", "no-contact"; or "canceled", which is no reason of a check
	Detail string        // a sentence for a person, naming the address
	Wait   time.Duration // for "rate-limited": how long the host is to be left alone
	Err    error         // the cause; may be nil
}

func (e *Error) Error() string { return e.Detail }
func (e *Error) Unwrap() error { return e.Err }
