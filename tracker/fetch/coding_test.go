package fetch_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"storydiff/tracker/fetch"
)

// encode applies content codings in their order.
func encode(t testing.TB, data []byte, codings ...string) []byte {
	t.Helper()
	for _, name := range codings {
		var buf bytes.Buffer
		var w io.WriteCloser
		switch name {
		case "gzip":
			w = gzip.NewWriter(&buf)
		case "br":
			w = brotli.NewWriterLevel(&buf, 1)
		case "zstd":
			w, _ = zstd.NewWriter(&buf, zstd.WithWindowSize(1<<20))
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = buf.Bytes()
	}
	return data
}

// A sent is an answer's coding and bytes.
type sent struct {
	coding string
	wire   []byte
	status int // 0: 200
}

// sending serves one answer after the other under /0, /1 …
func sending(t testing.TB, answers ...sent) string {
	return serve(t, func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscanf(r.URL.Path, "/%d", &n)
		w.Header().Set("Content-Type", "text/html")
		if answers[n].coding != "" {
			w.Header().Set("Content-Encoding", answers[n].coding)
		}
		w.WriteHeader(max(answers[n].status, 200))
		w.Write(answers[n].wire)
	})
}

func TestCodings(t *testing.T) {
	story := []byte(strings.Repeat("The council voted on Tuesday. ", 100))
	half := len(story) / 2
	members := append(encode(t, story[:half], "gzip"), encode(t, story[half:], "gzip")...)
	tests := []struct {
		name string
		sent sent
	}{
		{"none", sent{"", story, 0}},
		{"identity", sent{"identity", story, 0}},
		{"gzip", sent{"gzip", encode(t, story, "gzip"), 0}},
		{"old name, capitals", sent{"X-GZip", encode(t, story, "gzip"), 0}},
		{"gzip in two members", sent{"gzip", members, 0}},
		{"gzip with padding", sent{"gzip", append(encode(t, story, "gzip"), 0, 0, 0), 0}},
		{"gzip with more padding", sent{"gzip", append(encode(t, story, "gzip"), "<!-- cached by a friendly proxy -->"...), 0}},
		{"brotli", sent{"br", encode(t, story, "br"), 0}},
		{"zstd", sent{"zstd", encode(t, story, "zstd"), 0}},
		{"two codings", sent{"gzip, identity, br", encode(t, story, "gzip", "br"), 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := get(t, local(t, nil), sending(t, tt.sent)+"/0")
			if !bytes.Equal(p.Wire, tt.sent.wire) {
				t.Errorf("wire has %d bytes, want the %d that were sent", len(p.Wire), len(tt.sent.wire))
			}
			if !bytes.Equal(p.Body, story) {
				t.Errorf("body = %.60q … (%d bytes), want the story of %d", p.Body, len(p.Body), len(story))
			}
		})
	}
}

func TestCodingsRefused(t *testing.T) {
	story := []byte(strings.Repeat("The council voted on Tuesday. ", 1000))
	cut := func(coding string) []byte { b := encode(t, story, coding); return b[:len(b)-9] }
	flipped := encode(t, story, "gzip")
	flipped[len(flipped)-6] ^= 1 // in the checksum
	tests := []struct {
		name, reason, detail string
		sent                 sent
	}{
		{"unknown", "network", "not asked for (lzma)", sent{"lzma", story, 0}},
		{"deflate", "network", "not asked for (deflate)", sent{"deflate", story, 0}},
		{"three codings", "network", "coded 3 times", sent{"gzip, gzip, gzip", encode(t, story, "gzip", "gzip", "gzip"), 0}},
		{"a hundred codings", "network", "coded 100 times", sent{strings.Repeat("gzip,", 100), story, 0}},
		{"not what it says", "truncated", "gzip", sent{"gzip", story, 0}},
		{"gzip cut", "truncated", "breaks off", sent{"gzip", cut("gzip"), 0}},
		{"gzip damaged", "truncated", "damaged", sent{"gzip", flipped, 0}},
		{"gzip cut in its first bytes", "truncated", "breaks off", sent{"gzip", flipped[:5], 0}},
		{"gzip cut in its second member", "truncated", "breaks off", sent{"gzip", append(encode(t, story, "gzip"), flipped[:40]...), 0}},
		{"brotli cut", "truncated", "breaks off", sent{"br", cut("br"), 0}},
		{"zstd cut", "truncated", "breaks off", sent{"zstd", cut("zstd"), 0}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := refuse(t, local(t, nil), sending(t, tt.sent)+"/0", tt.reason)
			if !strings.Contains(e.Detail, tt.detail) {
				t.Errorf("detail %q, want it to say %q", e.Detail, tt.detail)
			}
		})
	}
}

// The body of an error does not hide its status.
func TestBrokenBodyOfAnError(t *testing.T) {
	story := []byte(strings.Repeat("Gone. ", 1000))
	gz := encode(t, story, "gzip")
	site := sending(t,
		sent{"gzip", gz, 410},
		sent{"gzip", gz[:len(gz)-10], 404},
		sent{"lzma", []byte("?"), 502},
		sent{"", bytes.Repeat([]byte("a"), 2<<20), 500},
	)
	c := local(t, func(o *fetch.Options) { o.MaxWire = 1 << 20 })
	if p := get(t, c, site+"/0"); p.Status != 410 || !bytes.Equal(p.Body, story) {
		t.Errorf("410: status %d, %d bytes", p.Status, len(p.Body))
	}
	if p := get(t, c, site+"/1"); p.Status != 404 || len(p.Wire) != len(gz)-10 || !bytes.HasPrefix(story, p.Body) || len(p.Body) == 0 {
		t.Errorf("cut 404: status %d, body %.20q; want what could be decoded", p.Status, p.Body)
	}
	if p := get(t, c, site+"/2"); p.Status != 502 || string(p.Body) != "?" {
		t.Errorf("502 in an unknown coding: status %d, body %q", p.Status, p.Body)
	}
	if p := get(t, c, site+"/3"); p.Status != 500 || len(p.Body) != 1<<20 {
		t.Errorf("endless 500: status %d, %d bytes; want 500 and a MiB", p.Status, len(p.Body))
	}
}

// Bombs end at the limits, and memory stays small meanwhile.
func TestBombs(t *testing.T) {
	zeros := make([]byte, 4<<20)
	wide := []byte{0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00} // a zstd frame with a window of 2 GiB
	tests := []struct {
		name, coding, detail string
		wire                 []byte
	}{
		{"gzip", "gzip", "times its size", encode(t, zeros, "gzip")},
		{"brotli", "br", "times its size", encode(t, zeros, "br")},
		{"zstd", "zstd", "times its size", encode(t, zeros, "zstd")},
		{"gzip in gzip", "gzip, gzip", "times its size", encode(t, zeros, "gzip", "gzip")},
		{"empty blocks in gzip", "gzip, gzip", "times its size", encode(t, bytes.Repeat(encode(t, nil, "gzip"), 1<<18), "gzip")},
		{"zstd window", "zstd", "of memory", wide},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := fetch.Decode(tt.wire, strings.Split(tt.coding, ", "), 16<<20)
			runtime.ReadMemStats(&after)
			e, ok := errors.AsType[*fetch.Error](err)
			if !ok || e.Reason != "too-large" || !strings.Contains(e.Detail, tt.detail) {
				t.Errorf("Decode of %d bytes: %v; want too-large, %q", len(tt.wire), err, tt.detail)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
				t.Errorf("%d MiB were allocated on the way", grown>>20)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	text := make([]byte, 3<<20) // hardly repeats itself
	for i := range text {
		text[i] = "abcdefghijklmnop"[(i*i>>7+i>>3)%16]
	}
	c := local(t, func(o *fetch.Options) { o.MaxBody, o.MaxWire = 2<<20, 1<<20 })
	gz := encode(t, text, "gzip")
	site := sending(t, sent{"", text, 0}, sent{"gzip", gz, 0}, sent{"", text[:1<<20], 0}, sent{"gzip", encode(t, text[:2<<20], "gzip"), 0})
	for path, detail := range map[string]string{"/0": "longer than 1 MiB", "/1": "longer than 2 MiB when decoded; --max-body"} {
		if e := refuse(t, c, site+path, "too-large"); !strings.Contains(e.Detail, detail) {
			t.Errorf("detail %q, want it to say %q", e.Detail, detail)
		}
	}
	for path, size := range map[string]int{"/2": 1 << 20, "/3": 2 << 20} {
		if p := get(t, c, site+path); len(p.Body) != size {
			t.Errorf("a body of %d bytes, just at the limit, came as %d", size, len(p.Body))
		}
	}
}

// A short body with a long length was cut on its way.
func TestTruncated(t *testing.T) {
	const start = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
	for _, answer := range []string{
		start + "Content-Length: 100\r\n\r\nhalf of it",
		start + "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
		start + "Transfer-Encoding: chunked\r\n\r\nnonsense\r\n",
	} {
		refuse(t, local(t, func(o *fetch.Options) { o.IgnoreRobots = true }), "http://"+speaking(t, answer), "truncated")
	}
	site := "http://" + speaking(t, start+"Content-Length: 5\r\n\r\nstory"+strings.Repeat("more", 100))
	if p := get(t, local(t, func(o *fetch.Options) { o.IgnoreRobots = true }), site); string(p.Body) != "story" {
		t.Errorf("body = %q, want the length that was said", p.Body)
	}
}

func FuzzDecode(f *testing.F) {
	story := []byte(strings.Repeat("The council voted on Tuesday. ", 20))
	for i, coding := range []string{"gzip", "br", "zstd"} {
		f.Add(encode(f, story, coding), uint8(i))
	}
	f.Add(encode(f, story, "gzip", "br"), uint8(1+3*1))
	names := []string{"gzip", "br", "zstd"}
	f.Fuzz(func(t *testing.T, wire []byte, choice uint8) {
		const most = 1 << 16
		codings := []string{names[choice%3]}
		if choice/3%4 > 0 {
			codings = []string{names[choice/3%4-1], codings[0]}
		}
		body, err := fetch.Decode(wire, codings, most)
		if len(body) > max(most, len(wire)) {
			t.Errorf("%d bytes came of %v with a limit of %d", len(body), codings, most)
		}
		if e, ok := errors.AsType[*fetch.Error](err); err != nil && (!ok || e.Reason != "truncated" && e.Reason != "too-large") {
			t.Errorf("error %v, want truncated or too-large", err)
		}
	})
}

// A page of the usual size, from the first byte sent to the last one decoded.
func BenchmarkGet(b *testing.B) {
	var page bytes.Buffer
	for i := 0; page.Len() < 147<<10; i++ {
		fmt.Fprintf(&page, "<p class=p%d>The council voted %d to %d on the bridge in ward %d.</p>\n", i%7, i*i%97, i%13, i*31%1009)
	}
	for _, coding := range []string{"gzip", "br", "zstd"} {
		b.Run(coding, func(b *testing.B) {
			wire := encode(b, page.Bytes(), coding)
			site := sending(b, sent{coding, wire, 0})
			c := local(b, func(o *fetch.Options) { o.IgnoreRobots = true })
			b.SetBytes(int64(page.Len()))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.Get(b.Context(), fetch.Request{URL: site + "/0"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
