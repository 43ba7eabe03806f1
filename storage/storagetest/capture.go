package storagetest

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"storydiff/tracker"
	"storydiff/tracker/fetch"
)

// wantCapture reads a capture back.
func (f *fixture) wantCapture(want *tracker.Capture) {
	f.Helper()
	got, err := f.Capture(f.Context(), want.ID)
	f.ok(err)
	f.wantSame(&got, want)
	head, err := f.CaptureHead(f.Context(), want.ID)
	f.ok(err)
	got.Body, got.Wire = nil, nil
	f.same("head of the capture", head, got)
}

func (f *fixture) wantSame(got, want *tracker.Capture) {
	f.Helper()
	sameBytes(f, "body", got.Body, want.Body)
	sameBytes(f, "wire", got.Wire, want.Wire)
	g, w := *got, *want
	g.Body, g.Wire, w.Body, w.Wire = nil, nil, nil, nil
	f.same("capture", g, w)
}

func capturesComeBack(f *fixture) {
	a := f.add("/a")
	packed := &tracker.Capture{ArticleID: a.ID, Page: fetch.Page{
		URL: "https://www.example.com/a", Final: "https://www.example.com/b", Status: 200, Proto: "HTTP/2.0",
		Hops: []fetch.Hop{
			{URL: "https://www.example.com/a", Status: 301, Location: "https://www.example.com/x"},
			{URL: "https://www.example.com/x", Status: 302, Location: "https://www.example.com/b"},
		},
		Header: http.Header{"Content-Encoding": {"br"}, "Set-Cookie": {"b=2", "a=1"}, "Etag": {`"x"`}},
		Wire:   []byte("packed"), Body: []byte("<p>unpacked"), Began: start, Ended: start.Add(1234 * time.Millisecond),
	}}
	plain := &tracker.Capture{ArticleID: a.ID, Page: page(start, []byte("<p>plain"))}
	empty := &tracker.Capture{ArticleID: a.ID, Page: fetch.Page{URL: "u", Final: "u", Status: 304, Proto: "HTTP/1.1", Header: http.Header{}, Began: start, Ended: start}}
	for _, c := range []*tracker.Capture{packed, plain, empty} {
		f.ok(f.Keep(f.Context(), c))
		f.same("hash of the wire", c.SHA256, sha256.Sum256(c.Wire))
		f.same("hash of the body", c.BodySHA256, sha256.Sum256(c.Body))
		f.wantCapture(c)
	}
	f.same("numbers", packed.ID < plain.ID && plain.ID < empty.ID, true)

	again := *packed // the same page once more, later
	again.Began = start.Add(time.Hour)
	f.ok(f.Keep(f.Context(), &again))
	f.same("a capture of its own", again.ID > empty.ID, true)
	f.wantCapture(&again)
}

func hostileCaptures(f *fixture) {
	a := f.add("/a")
	for _, s := range []string{
		"'); DROP TABLE article; --", "\x00", "a\x00b", "\xff\xfe\x80", "\u2028\u202e\ufeff", `{"base64":"eA=="}`, `"`, "<script>&amp;", strings.Repeat("x", 64<<10),
	} {
		c := &tracker.Capture{ArticleID: a.ID, Page: page(start, []byte("body "+s))}
		c.Wire = []byte(s + " wire")
		c.Final = "https://www.example.com/" + strings.ToValidUTF8(s, "?")
		c.Header = http.Header{"X-A": {s, "second", s}, "X-Empty": {}, "X-" + strings.ToValidUTF8(s, "?"): {""}}
		f.ok(f.Keep(f.Context(), c))
		f.wantCapture(c)
	}
}

// A page of 16 MB, and the same with a few words changed.
func bigBodies(f *fixture) {
	a := f.add("/a")
	seed := rand.NewChaCha8([32]byte{1})
	body := make([]byte, 16<<20)
	for i := 0; i < len(body); i += 2048 {
		seed.Read(body[i : i+1024]) // half noise, half zeros
	}
	for i := range 2 {
		copy(body[i*13<<20:], "a few words changed")
		c := &tracker.Capture{ArticleID: a.ID, Page: page(start, bytes.Clone(body))}
		f.ok(f.Keep(f.Context(), c))
		f.wantCapture(c)
	}
}

func pending(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	first := f.keep(a.ID, "one")
	f.keep(b.ID, "of another")
	second := f.keep(a.ID, "two")
	third := f.keep(a.ID, "one") // a body that is there already
	f.wantPending(a.ID, first, second, third)

	f.same("pending as it is leased", f.claim(a.ID).Pending, 3)
	f.ok(f.Record(f.Context(), owner, &tracker.Record{
		Article: a, Check: tracker.Check{At: start, Outcome: tracker.OutcomeFailed, Reason: "no-article", CaptureID: second.ID},
	}))
	f.wantPending(a.ID, first, third)

	f.same("pending after a check", f.claim(a.ID).Pending, 2)
	due, ok, err := f.Claim(f.Context(), a.Host, owner, f.now, ttl)
	f.ok(err)
	f.same("pending of what is due", []any{due.ID, due.Pending, ok}, []any{b.ID, 1, true})
	stranger := &tracker.Record{Article: a, Check: tracker.Check{At: start, Outcome: tracker.OutcomeFailed, CaptureID: second.ID - 1}}
	f.wantErr(f.Record(f.Context(), owner, stranger), tracker.ErrNotFound, "capture")
}

func (f *fixture) wantPending(id int64, want ...*tracker.Capture) {
	f.Helper()
	got, err := f.Pending(f.Context(), id)
	f.ok(err)
	if len(got) != len(want) {
		f.Fatalf("%d captures are pending, want %d", len(got), len(want))
	}
	for i := range got {
		f.wantSame(&got[i], want[i])
	}
}

// The bytes of the wire go where a look showed nothing new, and only there.
func wireOfUnchanged(f *fixture) {
	a := f.add("/a")
	for i, tt := range []struct {
		outcome tracker.Outcome
		stays   bool
	}{
		{tracker.OutcomeNew, true}, {tracker.OutcomeUnchanged, false}, {tracker.OutcomeBlocked, true}, {tracker.OutcomeRestored, true}, {tracker.OutcomeUnchanged, false},
	} {
		c := &tracker.Capture{ArticleID: a.ID, Page: page(start, []byte("<p>the text"))}
		c.Wire = fmt.Append(nil, "packed ", i)
		f.ok(f.Keep(f.Context(), c))
		r := &tracker.Record{Article: f.claim(a.ID), Check: tracker.Check{At: start, Outcome: tt.outcome, CaptureID: c.ID}}
		if tt.outcome == tracker.OutcomeNew {
			r.Version = version(c, story("One", "text"))
		}
		f.ok(f.Record(f.Context(), owner, r))
		if !tt.stays {
			c.Wire = nil
		}
		f.wantCapture(c)
	}
	plain := f.keep(a.ID, "<p>not packed")
	f.claim(a.ID)
	f.ok(f.Record(f.Context(), owner, &tracker.Record{Article: a, Check: tracker.Check{At: start, Outcome: tracker.OutcomeUnchanged, CaptureID: plain.ID}}))
	f.wantCapture(plain)
}
