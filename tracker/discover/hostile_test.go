package discover_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"storydiff/tracker/discover"
)

// hostile are documents that somebody may serve to hurt us, and what must come of
// each; elsewhere the table of troubles has those that are refused.
func TestHostile(t *testing.T) {
	const laughs = `<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY file SYSTEM "file:///etc/passwd">]>`
	addresses := []string{
		"javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "ftp://post.example/a", "mailto:a@post.example", "https:", "//", "#top",
		"https://user:secret@post.example/credentials-are-left-out-of-it", "//post.example/relative-to-the-scheme-alone", "relative-to-the-page-of-the-section", "java\nscript:alert(1)",
		"https://post.example/" + strings.Repeat("long", 3000), "http://[::1", "https://post.example:99999999/", "\x00https://post.example/with-a-nul-in-front-of-it",
	}
	feed, sitemap, page := laughs+"<rss><channel><title>&c;&file;</title>", laughs+"<urlset>", "<html><body>"
	for _, a := range addresses {
		feed += "<item><title>&c;</title><link><![CDATA[" + a + "]]></link></item>"
		sitemap += "<url><loc><![CDATA[" + a + "]]></loc></url>"
		page += `<h2><a href="` + a + `">Seven words that make a headline here</a></h2>`
	}
	want := []string{"credentials-are-left-out-of-it", "relative-to-the-scheme-alone", "section/relative-to-the-page-of-the-section", "with-a-nul-in-front-of-it"}
	for _, body := range []string{feed + "</channel></rss>", sitemap + "</urlset>", page} {
		r, err := discover.Read(discover.Input{Body: []byte(body), URL: site + "/section/page"})
		if err != nil {
			t.Errorf("%.20s: %v", body, err)
			continue
		}
		if len(r.Title) > 100 || strings.Contains(r.Title, "haha") || strings.Contains(r.Title, "root:") {
			t.Errorf("an entity was expanded: %q", r.Title)
		}
		var got []string
		for _, l := range r.Links {
			if strings.ContainsAny(l.URL, "@\n\x00") {
				t.Errorf("the link %q was taken", l.URL)
			}
			got = append(got, strings.TrimPrefix(l.URL, site+"/"))
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: links %q, want %q", r.Kind, got, want)
		}
	}
}

// What is too much is cut and counted, and costs neither much time nor memory.
func TestBounds(t *testing.T) {
	lines := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	tests := []struct {
		name, body  string
		links, left int
	}{
		{"a feed of 100,000 items", "<rss><channel><title>T</title>" + lines(100_000, "<item><link>/%d</link></item>") + "</channel></rss>", 5_000, 95_000},
		{"an Atom feed of 50,000", "<feed>" + lines(50_000, `<entry><link href="/%d"/></entry>`) + "</feed>", 5_000, 45_000},
		{"a JSON feed of 100,000", `{"version":"https://jsonfeed.org/version/1","items":[` + strings.TrimSuffix(lines(100_000, `{"url":"/%d"},`), ",") + "]}", 5_000, 95_000},
		{"a sitemap of 60,000", "<urlset>" + lines(60_000, "<url><loc>/%d</loc></url>") + "</urlset>", 50_000, 10_000},
		{"a sitemap of 10 MB of one address", "<urlset>" + strings.Repeat("<url><loc>/a</loc></url>", 430_000) + "</urlset>", 1, 0},
		{"a list of 60,000", lines(60_000, "https://post.example/%d\n"), 50_000, 10_000},
		{"a page of 40,000 links", "<html>" + lines(40_000, `<a href=/a-headline-in-its-address-%d>a b c d e f</a>`), 5_000, 35_000},
		{"a million links in one line of prose", "<html><p>" + strings.Repeat(`<a href=/a-b-c-d>`, 170_000), 0, 0},
		{"an address of 8 MB in pieces", "<urlset><url><loc>/" + strings.Repeat("a<!-- -->", 1<<20) + "</loc></url></urlset>", 0, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			r, err := discover.Read(discover.Input{Body: []byte(tt.body), URL: site + "/"})
			if err != nil {
				t.Fatal(err)
			}
			took := time.Since(began)
			runtime.ReadMemStats(&after)
			t.Logf("%d bytes in %v, %d MB allocated", len(tt.body), took.Round(time.Millisecond), (after.TotalAlloc-before.TotalAlloc)>>20)
			if len(r.Links) != tt.links || tt.left >= 0 && r.Left != tt.left {
				t.Errorf("%d links and %d left out, want %d and %d", len(r.Links), r.Left, tt.links, tt.left)
			}
			if took > 20*time.Second { // ten times what it takes on a slow machine
				t.Errorf("took %v", took)
			}
		})
	}
}

// BenchmarkRead brackets a day's work: a feed, a news sitemap as large as the
// protocol allows, and one of 10 MB.
func BenchmarkRead(b *testing.B) {
	entry := `<url><loc>https://post.example/2026/03/%02d/the-ferry-to-eastbank-will-close-after-years-%07d</loc><lastmod>2026-03-02T10:00:00Z</lastmod><n:news><n:publication><n:name>The Post</n:name><n:language>en</n:language></n:publication><n:publication_date>2026-03-02T09:00:00Z</n:publication_date><n:title>The ferry to Eastbank will close after %d years</n:title></n:news></url>`
	sitemap := func(n int) string {
		var s strings.Builder
		s.WriteString(`<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">`)
		for i := range n {
			fmt.Fprintf(&s, entry, 1+i%28, i, i)
		}
		return s.String() + "</urlset>"
	}
	var feed strings.Builder
	for i := range 50 {
		fmt.Fprintf(&feed, `<item><title>Story %d</title><link>https://post.example/%d</link><description>%s</description><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>`, i, i, strings.Repeat("The council voted to delay the bridge. ", 5))
	}
	for _, bm := range []struct{ name, body string }{
		{"feed_50_items", "<rss><channel>" + feed.String() + "</channel></rss>"},
		{"news_sitemap_1000", sitemap(1_000)},
		{"sitemap_10MB", sitemap(24_000)},
		{"sitemap_10MB_packed", packed(sitemap(24_000))},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.SetBytes(int64(len(bm.body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := discover.Read(discover.Input{Body: []byte(bm.body), URL: site + "/x"}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
