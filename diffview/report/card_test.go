package report_test

import (
	"bytes"
	"fmt"
	"image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/revision"
)

// cardOf returns the card of a change with the given headline and sentence.
func cardOf(t testing.TB, headline, sentence string) []byte {
	t.Helper()
	src := newFake()
	id := src.add("https://news.example/1", "news.example")
	src.see(id, clock(0, 8, 0), story("Before", plainOld(sentence)))
	src.see(id, clock(0, 9, 0), story(headline, plainNew(sentence)))
	src.changed(id, tracker.Change{
		Kinds: []revision.Kind{revision.Number}, Disclosure: revision.Silent, Excerpt: marked(sentence),
		Reasons: []revision.Reason{{Code: "number", Points: 64, Text: "A number changed."}},
	})
	resp := ask(t, handler(t, src), "GET", "/articles/1/changes/1..2.png")
	if resp.StatusCode != http.StatusOK || resp.Header.Get("Content-Type") != "image/png" {
		t.Fatalf("the card of %.40q = %d %v", headline, resp.StatusCode, resp.Header)
	}
	return []byte(read(t, resp))
}

// TestCards draws cards of texts of many sorts. With CARDS=DIR they are left
// there, for whoever works on their look.
func TestCards(t *testing.T) {
	const sentence = "The bridge will cost [-12-]{+14+} million and is to open in the spring of 2028, according to papers seen by the Herald."
	seen := map[string]string{}
	for name, tt := range map[string]struct{ headline, sentence string }{
		"plain":    {"Council approves new bridge", sentence},
		"long":     {strings.Repeat("Council approves a new and costly bridge ", 12), strings.Repeat("One of many words that stayed. ", 12) + "[-" + strings.Repeat("gone ", 60) + "-]{+" + strings.Repeat("come ", 60) + "+} and the rest stayed."},
		"word":     {strings.Repeat("x", 4000), "[-" + strings.Repeat("y", 3000) + "-]"},
		"cyrillic": {"Совет одобрил новый мост", "Мост обойдётся в [-12-]{+14+} миллионов."},
		"greek":    {"Εγκρίθηκε η νέα γέφυρα", "Θα κοστίσει [-12-]{+14+} εκατομμύρια."},
		"arabic":   {"المجلس يوافق على الجسر الجديد", "ستبلغ تكلفة الجسر [-12-]{+14+} مليونا."},
		"chinese":  {"议会批准新桥", "这座桥将耗资[-1200-]{+1400+}万。"},
		"thai":     {"สภาอนุมัติสะพานใหม่", "สะพานจะมีค่าใช้จ่าย [-12-]{+14+} ล้าน"},
		"hindi":    {"परिषद ने नए पुल को मंजूरी दी", "पुल की लागत [-12-]{+14+} करोड़"},
		"hostile":  {hostile, hostile + "[-" + hostile + "-]{+" + hostile + "+}"},
		"headline": {"Divided council approves bridge", "[-Council-]{+Divided council+} approves bridge"},
		"empty":    {"", ""},
	} {
		body := cardOf(t, tt.headline, tt.sentence)
		img, err := png.Decode(bytes.NewReader(body))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if size := img.Bounds().Size(); size.X != 1200 || size.Y != 630 || len(body) > 200<<10 {
			t.Errorf("%s: %v in %d bytes, want 1200 by 630 in at most 200 KiB", name, size, len(body))
		}
		if other, ok := seen[string(body)]; ok && !strings.Contains("arabic chinese hindi thai", name) {
			t.Errorf("the cards of %s and %s are the same", name, other)
		}
		seen[string(body)] = name
		if dir := os.Getenv("CARDS"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".png"), body, 0o666); err != nil {
				t.Error(err)
			}
		}
	}
}

// What a card cannot write it leaves out whole: other words of the same script
// give the same card. What it can write tells cards apart.
func TestCardsLeaveOutWhatTheyCannotWrite(t *testing.T) {
	const dated = "Costs [-12-]{+14+} million."
	if a, b := cardOf(t, "المجلس يوافق", dated), cardOf(t, "议会批准新桥", dated); !bytes.Equal(a, b) {
		t.Error("two headlines that cannot be written give two cards")
	}
	if a, b := cardOf(t, "Council", "ستبلغ [-12-]{+14+}"), cardOf(t, "Council", "造价 [-12-]{+14+}"); !bytes.Equal(a, b) {
		t.Error("two sentences that cannot be written give two cards")
	}
	if a, b := cardOf(t, "Council", dated), cardOf(t, "Council", ""); bytes.Equal(a, b) {
		t.Error("a sentence leaves no trace")
	}
	if a, b := cardOf(t, "Council 🌉", dated), cardOf(t, "Council", dated); bytes.Equal(a, b) {
		t.Error("a sign that cannot be written leaves no trace")
	}
	if a, b := cardOf(t, "Mu\u0308nchen", dated), cardOf(t, "München", dated); !bytes.Equal(a, b) {
		t.Error("a letter in two parts gives another card")
	}
}

func TestCardIsKeptByItsTag(t *testing.T) {
	h := handler(t, sample())
	first := ask(t, h, "GET", "/articles/1/changes/1..2.png")
	tag := first.Header.Get("ETag")
	if tag == "" || first.StatusCode != http.StatusOK {
		t.Fatalf("a card = %d with ETag %q", first.StatusCode, tag)
	}
	again := ask(t, h, "GET", "/articles/1/changes/1..2.png", "If-None-Match", tag)
	if body := read(t, again); again.StatusCode != http.StatusNotModified || body != "" {
		t.Errorf("with its tag = %d and %d bytes, want 304 and none", again.StatusCode, len(body))
	}
	if other := ask(t, h, "GET", "/articles/1/changes/2..3.png"); other.Header.Get("ETag") == tag {
		t.Error("another change has the same tag")
	}
	head := ask(t, h, "HEAD", "/articles/1/changes/1..2.png")
	if read(t, head) != "" || head.Header.Get("Content-Length") != first.Header.Get("Content-Length") {
		t.Errorf("HEAD = %v, want the length that GET has and no body", head.Header)
	}
	for _, target := range []string{"/articles/1/changes/2..1.png", "/articles/1/changes/1..1.png", "/articles/1/changes/1..99.png", "/articles/77/changes/1..2.png", "/articles/1/changes/.png"} {
		if resp := ask(t, h, "GET", target); resp.StatusCode != http.StatusNotFound || resp.Header.Get("ETag") != "" {
			t.Errorf("GET %s = %d, want 404", target, resp.StatusCode)
		}
	}
}

// A card of versions that do not follow one another is drawn too, and many
// visitors at once get the same.
func TestCardsForManyVisitors(t *testing.T) {
	h := handler(t, sample())
	var wg sync.WaitGroup
	bodies := make([]string, 16)
	for i := range bodies {
		wg.Go(func() {
			_, bodies[i] = get(t, h, fmt.Sprintf("/articles/1/changes/1..%d.png", 2+i%3))
		})
	}
	wg.Wait()
	for i := range bodies {
		if bodies[i] == "" || bodies[i] != bodies[i%3] {
			t.Errorf("visitor %d got another card than visitor %d", i, i%3)
		}
	}
}

func TestSharedPageNamesItsCard(t *testing.T) {
	_, body := get(t, handler(t, sample()), "/articles/1/changes/1..2")
	for _, want := range []string{
		`<meta property="og:image" content="http://localhost:8080/articles/1/changes/1..2.png">`,
		`<meta property="og:image:alt" content="harnherald.example: Council approves new bridge. Changed between 10:05 and 10:20 UTC, 1 March 2026. silent, significance 62 of 100 (major). Removed: 12. Added: 14.">`,
		`<meta property="og:url" content="http://localhost:8080/articles/1/changes/1..2">`,
		`<meta name="twitter:card" content="summary_large_image">`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page of a change lacks %s", want)
		}
	}
}

func BenchmarkCard(b *testing.B) {
	sentence := "“It is a good day for {+most of +}Harn,” said the mayor, Petra Lind.[- “Nobody will lose their livelihood.”-] " + strings.Repeat("And the rest of it stays. ", 8)
	for b.Loop() {
		cardOf(b, "Divided council approves costly bridge after six years of dispute over its cost", sentence)
	}
}
