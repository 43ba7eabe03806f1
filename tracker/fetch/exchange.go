package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// A question is one request.
type question struct {
	url    *url.URL
	header http.Header                 // besides those of every request
	limits limits                      // of the answer's body
	gap    func(*answer) time.Duration // asked for from the answer to the next request; the answer is nil where none came
}

// An answer is what came back for a question.
type answer struct {
	status int
	proto  string
	header http.Header
	wire   []byte
	body   []byte
	began  time.Time
	ended  time.Time
	broken error         // an *Error why wire and body are not whole; nil: they are
	retry  time.Duration // how long the host asked to be left alone; 0: it did not
}

// exchange waits for the host, asks, and gives the host back. Every request of
// the client goes through here: pages, redirects and robots.txt.
func (c *Client) exchange(ctx context.Context, q question, b *budget) (*answer, error) {
	if err := c.guard.checkAddress(q.url); err != nil {
		return nil, err
	}
	s, err := c.take(ctx, Ask{Host: hostOf(q.url), Gap: q.gap(nil), Pressing: b.pressing})
	if err != nil {
		return nil, err
	}
	var r Receipt
	defer func() { c.release(ctx, s, r) }()
	began := time.Now()
	a, err := c.send(ctx, q, b)
	r = c.receipt(ctx, q, a, began, err)
	if err != nil {
		return nil, err
	}
	a.retry = r.Retry
	return a, nil
}

// receipt says what came of a request: an answer or an error.
func (c *Client) receipt(ctx context.Context, q question, a *answer, began time.Time, err error) Receipt {
	r := Receipt{Ended: time.Now(), Reason: errorReason(err)}
	r.Took = r.Ended.Sub(began)
	if ctx.Err() != nil {
		r.Reason = "canceled"
	}
	if !reached(err) {
		if r.Reason != "dns" {
			return Receipt{}
		}
		return r
	}
	r.Gap = c.gap(q.gap(a), r.Took)
	if a == nil {
		return r
	}
	r.Status, r.Bytes, r.Retry = a.status, int64(len(a.wire)), retryAfter(a.status, a.header, r.Ended)
	if a.broken != nil && r.Reason == "" {
		r.Reason = errorReason(a.broken)
	}
	return r
}

// gap returns how long to leave a host alone after an answer: for as long as is
// asked, and twice as long as the answer took, so that a host that is hard
// pressed is pressed less. Where there is to be no gap at all, that holds.
func (c *Client) gap(asked, took time.Duration) time.Duration {
	if c.opts.HostDelay == 0 {
		return asked
	}
	return max(asked, min(2*took, longestGap))
}

// reached reports whether a request may have reached its host: only then is a
// gap owed.
func reached(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return !ok || e.Reason != "dns" && !refusedReason(e.Reason)
}

// send sends one request and reads its answer, on the budget b.
func (c *Client) send(ctx context.Context, q question, b *budget) (*answer, error) {
	ctx, cancel, stop := b.start(ctx)
	defer stop()
	var handshake atomic.Pointer[error]
	trace := &httptrace.ClientTrace{TLSHandshakeDone: func(_ tls.ConnectionState, err error) { handshake.Store(&err) }}
	req, err := c.request(httptrace.WithClientTrace(ctx, trace), q.url, q.header)
	if err != nil {
		return nil, fail("bad-address", err, "%s is not an address that can be fetched", show(q.url.String()))
	}
	a := &answer{began: time.Now().UTC()}
	resp, err := c.transport.RoundTrip(req)
	if err != nil {
		var tlsErr error
		if p := handshake.Load(); p != nil {
			tlsErr = *p
		}
		return nil, explain(ctx, q.url, tlsErr, err)
	}
	defer resp.Body.Close()
	a.status, a.proto, a.header = resp.StatusCode, resp.Proto, resp.Header
	if !redirects(resp.StatusCode, resp.Header) {
		a.read(ctx, cancel, q, resp)
	}
	a.ended = time.Now().UTC()
	return a, nil
}

// read reads the body. That of a redirect is nobody's, and left unread.
func (a *answer) read(ctx context.Context, cancel context.CancelCauseFunc, q question, resp *http.Response) {
	coded := codings(resp.Header)
	most := q.limits.wire
	if len(coded) == 0 {
		most = min(most, q.limits.body)
	}
	var undecoded error
	a.wire, a.broken = readBody(ctx, cancel, q.url, resp, most)
	a.body, undecoded = decodeBody(q.url, a.wire, coded, q.limits.body)
	if a.broken == nil {
		a.broken = undecoded
	}
}
