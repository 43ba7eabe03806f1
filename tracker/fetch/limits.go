package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// The floor under the speed of a body: on average, once slowGrace has passed.
const (
	slowest   = 20_000 // bytes a second
	slowGrace = 10 * time.Second
)

// Limits are how much of a body may come.
type limits struct {
	wire int64 // bytes as they come
	body int64 // bytes as decoded
}

// A budget is what is left of Options.Timeout to a fetch. It runs only while a
// request is on its way, not while its host is waited for.
type budget struct {
	left     time.Duration
	pressing bool // nothing is waited for that is no wish of the host's
}

// start begins to spend. The context ends with errBudget as its cause when
// nothing is left; give ends it, and stops the spending.
func (b *budget) start(ctx context.Context) (_ context.Context, cancel context.CancelCauseFunc, stop func()) {
	ctx, cancel = context.WithCancelCause(ctx)
	began := time.Now()
	timer := time.AfterFunc(b.left, func() { cancel(errBudget) })
	return ctx, cancel, func() {
		timer.Stop()
		cancel(nil)
		b.left -= time.Since(began)
	}
}

// half splits a budget: what the part spends is missing from b after stop.
func (b *budget) half() (part *budget, stop func()) {
	given := b.left / 2
	part = &budget{given, b.pressing}
	return part, func() { b.left -= given - part.left }
}

// A paced reader ends its context with errSlow where less comes than slowest.
type paced struct {
	from  io.Reader
	began time.Time
	n     int64
	timer *time.Timer
}

// newPaced returns a reader of r that calls cancel if r is slow. The caller
// stops the timer.
func newPaced(r io.Reader, cancel context.CancelCauseFunc) *paced {
	return &paced{
		from:  r,
		began: time.Now(),
		timer: time.AfterFunc(slowGrace, func() { cancel(errSlow) }),
	}
}

// Read moves the end of patience to where the bytes so far would be slowest on
// average; nothing has to look at the clock in between.
func (p *paced) Read(b []byte) (int, error) {
	n, err := p.from.Read(b)
	p.n += int64(n)
	patience := max(slowGrace, time.Duration(p.n)*(time.Second/slowest))
	p.timer.Reset(time.Until(p.began.Add(patience)))
	return n, err
}

// readBody returns at most most bytes of a body, and with them an *Error where
// those are not all of it.
func readBody(ctx context.Context, cancel context.CancelCauseFunc, u *url.URL, resp *http.Response, most int64) ([]byte, error) {
	from := newPaced(resp.Body, cancel)
	defer from.timer.Stop()
	body, more, err := readAtMost(from, most)
	if more {
		return body, tooLarge(u, most, "")
	}
	if err == nil {
		return body, nil
	}
	if e := timedOut(ctx, u); e != nil {
		return body, e
	}
	return body, fail("truncated", err, "%s broke off after %d bytes", show(u.String()), len(body))
}

// Bodies come into memory that is used again, and are copied where their length is
// known: few pages are longer than leastRoom, and hardly any longer than mostSpare.
const (
	leastRoom = 256 << 10 // bytes
	mostSpare = 1 << 20   // bytes that are kept for the next body
)

var rooms = sync.Pool{New: func() any { b := make([]byte, 0, leastRoom); return &b }}

// readAtMost reads r to its end, or to where there is more than most bytes. Of a
// body longer than mostSpare it never takes more memory than for most;
// [bytes.Buffer] would take up to four times that.
func readAtMost(r io.Reader, most int64) (data []byte, more bool, err error) {
	room := rooms.Get().(*[]byte)
	data, more, err = readInto((*room)[:0], r, most)
	if cap(data) > mostSpare {
		rooms.Put(room)
		return data, more, err
	}
	*room = data
	data = bytes.Clone(data)
	rooms.Put(room)
	return data, more, err
}

// readInto is readAtMost into the memory of data, for as long as that suffices.
func readInto(data []byte, r io.Reader, most int64) (_ []byte, more bool, err error) {
	for {
		if len(data) == cap(data) {
			bigger := make([]byte, len(data), min(2*int64(cap(data)), most+1))
			copy(bigger, data)
			data = bigger
		}
		n, err := r.Read(data[len(data):min(int64(cap(data)), most+1)])
		data = data[:len(data)+n]
		if int64(len(data)) > most {
			return data[:most], true, nil
		}
		if err == io.EOF {
			return data, false, nil
		}
		if err != nil {
			return data, false, err
		}
	}
}

// tooLarge says that a body is longer than most bytes.
func tooLarge(u *url.URL, most int64, hint string) *Error {
	size := fmt.Sprintf("%d bytes", most)
	if most >= 1<<20 && most%(1<<20) == 0 {
		size = fmt.Sprintf("%d MiB", most>>20)
	}
	return fail("too-large", nil, "%s is longer than %s%s", show(u.String()), size, hint)
}
