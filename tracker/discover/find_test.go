package discover_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"storydiff/tracker/discover"
	"storydiff/tracker/fetch"
)

func nothingKnown(context.Context, string) (articles, others []string, err error) { return }

func TestFind(t *testing.T) {
	const (
		feed  = `<rss><channel><title>F</title><item><link>/a</link></item></channel></rss>`
		empty = `<rss><channel><title>F</title></channel></rss>`
		wall  = `<html><body>Sign in</body></html>`
	)
	alternate := func(href, title string) string {
		return `<link rel="alternate" type="application/rss+xml" href="` + href + `" title="` + title + `">`
	}
	news := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `<h2><a href="/town/a-headline-of-some-length-%d">Seven words that make a headline here</a></h2>`, i)
		}
		return b.String()
	}
	tests := []struct {
		name, address string
		docs          map[string]string
		want, kind    string
		how           string
		most          int // requests
	}{
		{"a feed itself", "/feed", map[string]string{"/feed": feed}, "/feed", "feed", "", 1},
		{"named by the front page", "/", map[string]string{"/": "<html>" + alternate("/comments.xml", "") + alternate("/1.xml", "All") + alternate("/2.xml", "Sport"), "/1.xml": feed, "/2.xml": feed}, "/1.xml", "feed",
			"https://post.example/ names 2 feeds: the feed https://post.example/1.xml was taken; also there: https://post.example/2.xml", 2},
		{"the first that can be read", "/", map[string]string{"/": "<html>" + alternate("/1.xml", "") + alternate("/2.xml", "") + alternate("/3.xml", ""), "/1.xml": wall, "/2.xml": empty, "/3.xml": feed}, "/3.xml", "feed", "names 3 feeds: the feed https://post.example/3.xml", 4},
		{"a news sitemap of robots.txt", "/", map[string]string{"/": "<html>" + news(9), "/robots.txt": "User-agent: *\nAllow: /\nSitemap: /all.xml\nSITEMAP : https://post.example/news-sitemap.xml\nSitemap: https://other.example/news.xml", "/news-sitemap.xml": "<urlset><url><loc>/a</loc></url></urlset>"},
			"/news-sitemap.xml", "sitemap", "https://post.example/ names no feed, and the robots.txt of its site 2 sitemaps: the sitemap https://post.example/news-sitemap.xml was taken; also there: https://post.example/all.xml", 3},
		{"at a usual path", "/", map[string]string{"/": "<html>", "/rss.xml": feed}, "/rss.xml", "feed", "one was found where many sites have it", 4},
		{"the page itself", "/", map[string]string{"/": "<html>" + news(9), "/robots.txt": "Sitemap: /all.xml", "/all.xml": "<urlset><url><loc>/a</loc></url></urlset>"}, "/", "front", "names no feed of its own: the page itself is read, which shows 9 articles", 7},
		{"a sitemap of all rather than a page of nothing", "/", map[string]string{"/": "<html>", "/robots.txt": "Sitemap: /all.xml", "/all.xml": "<urlset><url><loc>/a</loc></url></urlset>"}, "/all.xml", "sitemap", "robots.txt of its site 1 sitemap: the sitemap", 8},
		{"a section's own", "/town/", map[string]string{"/town/": "<html>" + alternate("/all.xml", "All") + alternate("/f/17.xml", "The Post: Town"), "/f/17.xml": feed, "/all.xml": feed}, "/f/17.xml", "feed", "names 2 feeds", 2},
		{"a section without", "/town/", map[string]string{"/town/": "<html>" + alternate("/all.xml", "All") + news(4), "/all.xml": feed}, "/town/", "front", "which shows 4 articles; the feed https://post.example/all.xml of its site can be added, too", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := newPress()
			for path, doc := range tt.docs {
				p.docs[site+path] = doc
			}
			f := &discover.Finder{Fetch: p, Known: nothingKnown}
			found, err := f.Find(t.Context(), site+tt.address)
			if err != nil {
				t.Fatal(err)
			}
			if found.URL != site+tt.want || string(found.Reading.Kind) != tt.kind || !strings.Contains(found.How, tt.how) || tt.how == "" && found.How != "" {
				t.Errorf("found %s, a %s: %s\nwant %s, a %s: %s", found.URL, found.Reading.Kind, found.How, site+tt.want, tt.kind, tt.how)
			}
			if len(p.asked) > tt.most {
				t.Errorf("%d requests, want %d at most: %v", len(p.asked), tt.most, p.asked)
			}
		})
	}
}

func TestFindNothing(t *testing.T) {
	p := newPress()
	p.docs[site+"/"] = "<html><a href=/sport>Sport</a>"
	p.docs[site+"/list.opml"] = `<opml><outline xmlUrl="/f"/></opml>`
	p.status[site+"/busy"] = http.StatusServiceUnavailable
	p.errs[site+"/slow"] = &fetch.Error{Reason: "timeout", Detail: "it did not answer in time"}
	for path, reason := range map[string]string{"/": "no-links", "/list.opml": "not-a-source", "/busy": "http-503", "/slow": "timeout", "/none": "http-404"} {
		found, err := (&discover.Finder{Fetch: p, Known: nothingKnown}).Find(t.Context(), site+path)
		if trouble, ok := errors.AsType[*discover.Trouble](err); !ok || trouble.Reason != reason {
			t.Errorf("Find(%s) = %v, %v, want trouble %s", path, found, err, reason)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p.errs[site+"/slow"] = &fetch.Error{Reason: "canceled", Detail: "given up", Err: ctx.Err()}
	if _, err := (&discover.Finder{Fetch: p, Known: nothingKnown}).Find(ctx, site+"/slow"); !errors.Is(err, context.Canceled) {
		t.Errorf("Find with an ended context fails with %v", err)
	}
	if n := len(p.asked); n > 20 {
		t.Errorf("%d requests: %v", n, p.asked)
	}
}
