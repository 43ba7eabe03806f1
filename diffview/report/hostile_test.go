package report_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// hostile is text that a page or a server may send to do harm.
const hostile = `<script>alert(1)</script>"><img src=x onerror=alert(2)>{{.}}'><svg onload=alert(3)> javascript:alert(4) </textarea></title>` + "\u202e\x1b[31m\x00"

// hostilePages are the addresses of an article in which all is hostile.
func hostilePages() (*fake, []string) {
	src := newFake()
	id := src.add("javascript:alert(document.domain)//"+hostile, hostile, hostile)
	src.articles[0].Canonical = `data:text/html,<script>alert(1)</script>`
	src.articles[0].Cron = hostile
	for i := range 3 {
		s := extract.Story{Headline: hostile + strings.Repeat("x", i%2), Standfirst: hostile, Byline: hostile, Lang: `en" onload="alert(1)`, Site: hostile}
		for _, kind := range []extract.BlockKind{extract.Paragraph, extract.Heading, extract.List, extract.Quote, extract.Caption, extract.Table, extract.Note, `"><b onclick=x>`} {
			s.Blocks = append(s.Blocks, extract.Block{Kind: kind, Text: hostile + strings.Repeat(" y", i), End: "\n"})
		}
		src.see(id, clock(0, 8+i, 0), s)
		if i > 0 {
			src.changed(id, tracker.Change{
				Kinds: []revision.Kind{revision.Kind(hostile)}, Disclosure: revision.Disclosure(hostile), Proof: hostile, Summary: hostile, NoteSpeaks: revision.Topic(hostile),
				Traces: revision.Traces{Lang: "en", Notes: []string{"Correction: onload onerror " + hostile}, Edits: []revision.Trace{
					{Kind: revision.Wording, Field: "headline", Words: []string{"onload", "onerro"}},
				}},
				Excerpt: marked("kept " + hostile + "[-" + hostile + "-]{+" + hostile + "+}"),
				Reasons: []revision.Reason{{Code: hostile, Points: 70, Text: hostile}},
			})
		}
	}
	c := src.captures[1]
	c.Final, c.Header, c.Proto = "javascript:alert(1)", http.Header{"Content-Type": {hostile}}, hostile
	src.captures[1] = c
	src.look(id, tracker.Check{At: clock(1, 0, 0), Outcome: tracker.OutcomeFailed, Reason: hostile, Detail: "dial tcp: lookup " + hostile, Elapsed: time.Second})
	src.events[id] = []tracker.Event{{ArticleID: id, Kind: tracker.EventKind(hostile), At: clock(1, 0, 0), Reason: hostile, Detail: hostile}}
	return src, []string{
		"/", "/articles", "/outlets", "/outlets/" + escaped(hostile), "/articles/1", "/articles/1/versions/1", "/articles/1/versions/3", "/articles/1/changes/1..2",
		"/articles/1/changes/1..3?view=side-by-side", "/articles/1/changes/1..2?context=all", "/articles/1/blame",
		"/articles/1/changes/1..2/embed", "/articles/1/changes/1..3/embed",
	}
}

// TestHostileContentIsInert parses each page as a browser does, and looks for
// anything that could run or lead where it must not.
func TestHostileContentIsInert(t *testing.T) {
	src, targets := hostilePages()
	h := handler(t, src)
	targets = append(targets, "/search?q=alert", "/search?q=kept+script&outlet="+escaped(hostile[:40]), "/search?q="+escaped(hostile[:60]), "/search?q=x&until="+escaped(hostile), "/?q="+escaped(hostile[:60]), "/?outlet="+escaped(hostile), "/?tag="+escaped(hostile), "/?kind="+escaped(hostile), "/articles?outlet="+escaped(hostile), "/"+escaped(hostile))
	for _, target := range targets {
		status, body := get(t, h, target)
		if status >= 500 {
			t.Errorf("GET %s = %d", target, status)
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			if n.Type == html.ElementNode {
				checkElement(t, target, n)
			}
		}
		if strings.ContainsAny(body, "\x1b\x00") {
			t.Errorf("GET %s holds control characters", target)
		}
	}
}

func checkElement(t *testing.T, target string, n *html.Node) {
	t.Helper()
	switch n.Data {
	case "script":
		if n.FirstChild != nil || !strings.HasPrefix(attr(n, "src"), "/report.") {
			t.Errorf("GET %s: there is a <script src=%q> that is not ours", target, attr(n, "src"))
		}
	case "svg":
		if !strings.HasPrefix(target, "/outlets") && !ours(n) {
			t.Errorf("GET %s: there is an <svg> that no figure of ours is around", target)
		}
	case "img", "iframe", "object", "embed", "base", "textarea", "style":
		t.Errorf("GET %s: there is a <%s>", target, n.Data)
	}
	for _, a := range n.Attr {
		if a.Key == "lang" && a.Val != "en" {
			t.Errorf("GET %s: <%s lang=%q>", target, n.Data, a.Val)
		}
		if strings.HasPrefix(a.Key, "on") || a.Key == "style" {
			t.Errorf("GET %s: <%s %s=%q>", target, n.Data, a.Key, a.Val)
		}
		if attr(n, "type") == "application/json+oembed" && strings.HasPrefix(a.Val, "http://localhost:8080/oembed?") {
			continue
		}
		if a.Key == "href" || a.Key == "src" || a.Key == "action" {
			if !strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "#") {
				t.Errorf("GET %s: <%s %s=%q> leads outside", target, n.Data, a.Key, a.Val)
			}
		}
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// ours reports whether an element stands in a figure, which texts never make.
func ours(n *html.Node) bool {
	for p := range n.Ancestors() {
		if p.Data == "figure" {
			return true
		}
	}
	return false
}

// escaped is text as a query string or path has it.
func escaped(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[c>>4])+string("0123456789abcdef"[c&15])))
	}
	return b.String()
}

func TestLinksOutside(t *testing.T) {
	for address, want := range map[string]string{
		"https://news.example/a?b=c":      `<a href="https://news.example/a?b=c" rel="noreferrer nofollow">`,
		"http://news.example/":            `<a href="http://news.example/" rel="noreferrer nofollow">`,
		"https://ida:secret@news.example": `<a href="https://news.example" rel="noreferrer nofollow">`,
		"javascript:alert(1)":             "",
		"JaVaScRiPt:alert(1)":             "",
		"\x01javascript:alert(1)":         "",
		"data:text/html,x":                "",
		"file:///etc/passwd":              "",
		"//news.example/":                 "",
		"https:///no-host":                "",
	} {
		src := newFake()
		src.add(address, "news.example")
		_, body := get(t, handler(t, src), "/articles/1")
		if want == "" && strings.Contains(body, "noreferrer") || want != "" && !strings.Contains(body, want) {
			t.Errorf("an article at %q: want the link %q in:\n%s", address, want, body)
		}
	}
}

func TestGiantsAreCut(t *testing.T) {
	src := newFake()
	id := src.add("https://news.example/"+strings.Repeat("a", 1<<15), "news.example")
	giant := strings.Repeat("word ", 1<<14)
	src.see(id, clock(0, 8, 0), story(giant+"one", "Text."))
	src.see(id, clock(0, 9, 0), story(giant+"two", "Text."))
	src.changed(id, tracker.Change{Significance: 1, WordsAdded: 1, Excerpt: marked(giant + "[-" + giant + "-]{+" + giant + "+}" + giant)})
	h := handler(t, src)
	for _, target := range []string{"/", "/articles"} {
		if status, body := get(t, h, target); status != 200 || len(body) > 1<<15 {
			t.Errorf("GET %s over giants = %d with %d bytes, want 200 with less than %d", target, status, len(body), 1<<15)
		}
	}
}

// What is hostile stays text in feeds and in the API: neither the XML nor the HTML
// within it gets an element of it, and no control character gets through.
func TestHostileContentIsInertInFeeds(t *testing.T) {
	src, _ := hostilePages()
	src.events[1] = append(src.events[1], tracker.Event{ArticleID: 1, Kind: tracker.EventGone, At: clock(1, 2, 0), Reason: hostile + "\ufffe\xed\xa0\x80", Detail: hostile})
	src.changes[0].Summary, src.changes[0].NewHeadline = hostile+"\ufffe\uffff\x0b", "a\ufffe\uffff\x01\x0b\xff]]>&<b>"
	h := handler(t, src)
	for _, scope := range []string{"", "/articles/1"} {
		var drawn []string
		for _, e := range atom(t, h, scope+"/feed.atom").Entries {
			drawn = append(drawn, e.Content.Text)
		}
		for _, item := range jsonFeed(t, h, scope+"/feed.json").Items {
			drawn = append(drawn, item.ContentHTML)
		}
		if len(drawn) < 4 {
			t.Fatalf("%s: %d contents", scope, len(drawn))
		}
		for _, text := range drawn {
			doc, err := html.Parse(strings.NewReader(text))
			if err != nil {
				t.Fatal(err)
			}
			for n := range doc.Descendants() {
				if n.Type == html.ElementNode {
					checkFeedElement(t, scope, n)
				}
			}
		}
	}
	for _, target := range []string{"/feed.atom", "/feed.json", "/articles/1/feed.atom", "/articles/1/timemap",
		"/api/v1/changes", "/api/v1/articles", "/api/v1/articles/1/history", "/api/v1/articles/1/versions/1", "/api/v1/articles/1/checks", "/api/v1/articles/1/diff/1..2",
		"/api/v1/changes?kind=" + escaped(hostile), "/api/v1/" + escaped(hostile), "/api/v1/changes?" + escaped(hostile) + "=1", "/timegate/" + escaped(hostile)} {
		resp := ask(t, h, "GET", target)
		body := read(t, resp)
		banned := "\x1b\x00\x01\x0b\u202e"
		if strings.HasSuffix(target, ".atom") {
			banned += "\ufffe\uffff" // which XML has no characters for, and JSON has
		}
		if i := strings.IndexAny(body, banned); i >= 0 {
			t.Errorf("GET %s holds a control character at byte %d: %q", target, i, body[i:min(len(body), i+4)])
		}
		if resp.StatusCode >= 500 || resp.Header.Get("X-Content-Type-Options") != "nosniff" || strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") && resp.StatusCode == 200 {
			t.Errorf("GET %s = %d %v", target, resp.StatusCode, resp.Header)
		}
		for name, values := range resp.Header {
			for _, v := range values {
				if strings.ContainsAny(v, "\r\n\x00\x1b") {
					t.Errorf("GET %s: header %s: %q", target, name, v)
				}
			}
		}
	}
}

// checkFeedElement allows what templates/feed.html and diffview draw.
func checkFeedElement(t *testing.T, target string, n *html.Node) {
	t.Helper()
	switch n.Data {
	case "html", "head", "body", "p", "b", "bdi", "time", "blockquote", "ins", "del", "span", "a", "ol", "li", "br", "wbr":
	default:
		t.Errorf("%s: there is a <%s>", target, n.Data)
	}
	for _, a := range n.Attr {
		switch {
		case a.Key == "href" && strings.HasPrefix(a.Val, "http://localhost:8080/articles/1/"):
		case a.Key == "rel", a.Key == "class", a.Key == "title", a.Key == "dir", a.Key == "datetime", a.Key == "lang" && a.Val == "en":
		default:
			t.Errorf("%s: <%s %s=%q>", target, n.Data, a.Key, a.Val)
		}
	}
}
