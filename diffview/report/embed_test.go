package report_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// Anybody may frame the view that is made for it, and nothing else differs.
func TestEmbedMayBeFramed(t *testing.T) {
	h := handler(t, sample())
	page, embed := ask(t, h, "GET", "/articles/1/changes/2..3"), ask(t, h, "GET", "/articles/1/changes/2..3/embed")
	if embed.StatusCode != http.StatusOK {
		t.Fatalf("GET …/embed = %d", embed.StatusCode)
	}
	const header = "Content-Security-Policy"
	if want := strings.Replace(page.Header.Get(header), "frame-ancestors 'none'", "frame-ancestors *", 1); embed.Header.Get(header) != want || !strings.Contains(want, "frame-ancestors *") {
		t.Errorf("%s = %q, want %q", header, embed.Header.Get(header), want)
	}
	for name := range page.Header {
		switch name {
		case header, "Etag", "Content-Length":
			continue
		}
		if got, want := embed.Header.Get(name), page.Header.Get(name); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	body := read(t, embed)
	checkPage(t, body)
	for _, want := range []string{"<del> “Nobody", "most of", `<a href="/articles/1/changes/2..3" target="_blank" rel="noopener">Divided council approves costly bridge</a>`, "Headline before:", "harnherald.example"} {
		if !strings.Contains(body, want) && !strings.Contains(body, strings.Replace(want, "<del> ", "<del>", 1)) {
			t.Errorf("the embedded view lacks %s:\n%s", want, body)
		}
	}
	if strings.Contains(body, "<nav") || strings.Contains(body, "<footer") {
		t.Error("the embedded view has what belongs around a page")
	}
	for _, target := range []string{"/articles/1/changes/2..2/embed", "/articles/1/changes/1..77/embed", "/articles/77/changes/1..2/embed", "/articles/1/changes/x/embed"} {
		resp := ask(t, h, "GET", target)
		if resp.StatusCode != http.StatusNotFound || strings.Contains(resp.Header.Get(header), "*") {
			t.Errorf("GET %s = %d with the policy %q", target, resp.StatusCode, resp.Header.Get(header))
		}
	}
}

func TestOEmbed(t *testing.T) {
	h := handler(t, sample())
	resp := ask(t, h, "GET", "/oembed?maxwidth=500&url="+escaped("http://localhost:8080/articles/1/changes/2..3?view=side-by-side"))
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/json") {
		t.Fatalf("GET /oembed = %d %v", resp.StatusCode, resp.Header)
	}
	var got struct {
		Type, Version, Title, HTML string
		Width, Height              int
		Thumbnail                  string `json:"thumbnail_url"`
		Author                     string `json:"author_name"`
	}
	if err := json.Unmarshal([]byte(read(t, resp)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Type != "rich" || got.Version != "1.0" || got.Title != "Divided council approves costly bridge" || got.Width != 500 || got.Height == 0 || got.Author != "harnherald.example" || got.Thumbnail != "" {
		t.Errorf("GET /oembed = %+v", got)
	}
	frame := frameIn(t, got.HTML)
	if attr(frame, "src") != "http://localhost:8080/articles/1/changes/2..3/embed" || attr(frame, "width") != "500" || strings.Contains(attr(frame, "sandbox"), "top-navigation") {
		t.Errorf("the element is %s", got.HTML)
	}
	_, body := get(t, h, "/oembed?url="+escaped("https://LOCALHOST/articles/1/changes/2..3/embed"))
	if !strings.Contains(body, `"thumbnail_url":"http://localhost:8080/articles/1/changes/2..3.png"`) {
		t.Errorf("no picture for one who has room for it: %s", body)
	}
}

// frameIn returns the one element that an oEmbed answer holds.
func frameIn(t *testing.T, text string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var found *html.Node
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.ElementNode && n.Data == "iframe" && found == nil:
			found = n
		case n.Type == html.ElementNode && n.Data != "html" && n.Data != "head" && n.Data != "body":
			t.Errorf("an oEmbed answer holds <%s>", n.Data)
		}
	}
	if found == nil {
		t.Fatalf("no iframe in %q", text)
	}
	return found
}

func TestOEmbedOfHostileText(t *testing.T) {
	src, _ := hostilePages()
	_, body := get(t, handler(t, src), "/oembed?url="+escaped("http://localhost:8080/articles/1/changes/1..2"))
	var got struct{ HTML string }
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	frameIn(t, got.HTML)
	if strings.ContainsAny(body, "<>") {
		t.Errorf("markup stands in the answer as it is: %s", body)
	}
}

func TestOEmbedRefuses(t *testing.T) {
	h := handler(t, sample())
	for _, tt := range []struct {
		query string
		want  int
	}{
		{"", 404},
		{"url=" + escaped("http://elsewhere.example/articles/1/changes/1..2"), 404},
		{"url=" + escaped("http://localhost:8080@elsewhere.example/articles/1/changes/1..2"), 404},
		{"url=" + escaped("http://u:p@localhost:8080/articles/1/changes/1..2"), 404},
		{"url=" + escaped("javascript://localhost:8080/articles/1/changes/1..2"), 404},
		{"url=" + escaped("/articles/1/changes/1..2"), 404},
		{"url=" + escaped("http://localhost:8080/articles/1"), 404},
		{"url=" + escaped("http://localhost:8080/articles/1/changes/2..1"), 404},
		{"url=" + escaped("http://localhost:8080/articles/9999/changes/1..2"), 404},
		{"url=" + escaped("http://localhost:8080/articles/1/changes/1..2") + "&maxwidth=-1", 400},
		{"url=" + escaped("http://localhost:8080/articles/1/changes/1..2") + "&maxheight=x", 400},
		{"url=" + escaped("http://localhost:8080/articles/1/changes/1..2") + "&format=xml", 501},
	} {
		if resp := ask(t, h, "GET", "/oembed?"+tt.query); resp.StatusCode != tt.want {
			t.Errorf("GET /oembed?%s = %d, want %d", tt.query, resp.StatusCode, tt.want)
		}
	}
}
