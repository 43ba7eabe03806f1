package discover_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"storydiff/tracker"
	"storydiff/tracker/discover"
)

// sound holds what was read against what is promised of any document.
func sound(t *testing.T, body string) {
	t.Helper()
	in := discover.Input{Body: []byte(body), URL: site + "/section/"}
	r, err := discover.Read(in)
	if err != nil {
		if trouble, ok := errors.AsType[*discover.Trouble](err); !ok || trouble.Reason == "" || trouble.Detail == "" {
			t.Fatalf("Read fails with %v, no trouble", err)
		}
		return
	}
	seen := map[string]bool{}
	for _, l := range r.Links {
		u, err := url.Parse(l.URL)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Fragment != "" {
			t.Fatalf("the link %q, %v", l.URL, err)
		}
		if id, err := tracker.Identity(l.URL); err != nil || id != l.Identity || seen[id] {
			t.Fatalf("the identity of %q is %q, %v, or comes twice; the link says %q", l.URL, id, err, l.Identity)
		}
		seen[l.Identity] = true
		if len(l.Title) > 500 || strings.ContainsAny(l.Title, "\n\r\t") {
			t.Fatalf("the title %q", l.Title)
		}
	}
	again, err := discover.Read(in)
	if err != nil || show(again) != show(r) {
		t.Fatalf("read again, it is another: %v", err)
	}
}

func FuzzSitemap(f *testing.F) {
	for _, s := range []string{
		`<urlset><url><loc>/a</loc><lastmod>2026-03-01</lastmod></url></urlset>`,
		`<sitemapindex><sitemap><loc>/a.xml</loc></sitemap></sitemapindex>`,
		`<urlset xmlns:n="x"><url><loc><![CDATA[/b]]></loc><n:news><n:title>T &amp; &c;</n:title></n:news></url></urlset>`,
		"https://post.example/a\nhttps://post.example/b", packed(`<urlset><url><loc>/a</loc></url></urlset>`),
		`<rss><channel><item><title>A</title><link>/a</link></item></channel></rss>`, `<feed xml:base="/x"><entry><link href="a"/></entry></feed>`,
		`{"version":"https://jsonfeed.org/version/1","items":[{"url":"/a"}]}`, `<opml><outline xmlUrl="/a"/></opml>`,
	} {
		f.Add(s)
	}
	f.Fuzz(sound)
}

func FuzzFront(f *testing.F) {
	for _, s := range []string{
		`<html><base href=x><nav><a href=/>Home</a></nav><h2><a href="/a-b-c-d">Six words that make a headline</a></h2><p>In <a href=/x?id=7>prose</a> here`,
		`<html><link rel=alternate type=application/rss+xml href=/f><a href="//x@post.example/a-b-c-d">A picture <img><h3>Of six words or more here</h3></a>`,
		`<html><table><a href=/2026/03/01/x>x<tr><td><select><a href=javascript:x>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) { sound(t, "<html>"+body) })
}
