package discover_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"strings"
	"testing"

	"storydiff/tracker/discover"
)

const site = "https://post.example"

// show writes a reading as the tables have it: its kind, title and links.
func show(r *discover.Reading) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %q\n", r.Kind, r.Title)
	for _, l := range r.Links {
		fmt.Fprintf(&b, "%s %q", strings.TrimPrefix(l.URL, site), l.Title)
		for name, at := range map[string]string{"p": l.Published.Format("2006-01-02T15:04Z07:00")} {
			if !l.Published.IsZero() {
				fmt.Fprintf(&b, " %s%s", name, at)
			}
		}
		if !l.Updated.IsZero() {
			b.WriteString(" u" + l.Updated.Format("2006-01-02T15:04Z07:00"))
		}
		b.WriteByte('\n')
	}
	for _, m := range r.Maps {
		fmt.Fprintf(&b, "map %s %s\n", strings.TrimPrefix(m.URL, site), m.Updated.Format("2006-01-02"))
	}
	for _, o := range r.Feeds {
		fmt.Fprintf(&b, "feed %s %q\n", strings.TrimPrefix(o.URL, site), o.Title)
	}
	if r.Left > 0 {
		fmt.Fprintf(&b, "left %d\n", r.Left)
	}
	return b.String()
}

func packed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func TestRead(t *testing.T) {
	const sitemap = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="i">
<url><loc> https://post.example/a?x=1&amp;y=2 </loc><image:image><image:loc>https://post.example/i.jpg</image:loc><image:title>No title</image:title></image:image>
<n:news><n:publication><n:name>Post</n:name></n:publication><n:publication_date>2026-03-02T10:00+01:00</n:publication_date><n:title><![CDATA[Ferry & quay]]></n:title></n:news><lastmod>2026-03-02</lastmod></url>
<url><loc>/b</loc></url><url><loc>https://other.example/c</loc></url><url><loc>https://post.example/b/</loc></url></urlset>`
	tests := []struct {
		name, body, contentType, want string
	}{
		{"RSS", `<?xml version="1.0"?><!DOCTYPE rss><rss version="2.0"><channel><title> The  Post </title>
<item><title>Ferry &amp; quay</title><link>https://post.example/a#c</link><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate></item>
<item><title><![CDATA[Two]]></title><guid>https://post.example/b</guid></item>
<item><title>None</title><guid isPermaLink="false">17</guid></item>
<item><link>//post.example/c?utm_medium=rss&amp;id=3</link></item>
<item><title>Again</title><link>http://www.post.example/a/</link></item></channel></rss>`, "",
			`feed "The Post"
/a "Ferry & quay" p2026-03-02T10:00Z
/b "Two"
/c?id=3 ""
`},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://post.example/x/"><title>Post</title>
<entry><title type="html">A &lt;b&gt;bold&lt;/b&gt; one</title><link href="a" rel="alternate"/><published>2026-03-01T10:00:00Z</published><updated>2026-03-02T10:00:00+01:00</updated></entry></feed>`, "text/html",
			`feed "Post"
/x/a "A <b>bold</b> one" p2026-03-01T10:00Z u2026-03-02T09:00Z
`},
		{"RDF", `<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>P</title></channel><item><title>One</title><link>/1</link></item></rdf:RDF>`, "",
			"feed \"P\"\n/1 \"One\"\n"},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","title":"P","items":[{"id":"1","url":"/1","title":"One","date_modified":"2026-03-02T10:00:00Z"},{"id":"https://post.example/2"}]}`, "application/json",
			"feed \"P\"\n/1 \"One\" u2026-03-02T10:00Z\n/2 \"\"\n"},
		{"another charset", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><rss><channel><title>Z\xfcrich</title></channel></rss>", "",
			"feed \"Zürich\"\n"},
		{"counting service", `<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><link>https://count.example/~r/1</link><feedburner:origLink>https://post.example/1</feedburner:origLink></item></channel></rss>`, "",
			"feed \"\"\n/1 \"\"\n"},
		{"sitemap", sitemap, "", "sitemap \"\"\n/a?x=1&y=2 \"Ferry & quay\" p2026-03-02T09:00Z u2026-03-02T00:00Z\n/b \"\"\n"},
		{"sitemap packed", packed(sitemap), "application/x-gzip", "sitemap \"\"\n/a?x=1&y=2 \"Ferry & quay\" p2026-03-02T09:00Z u2026-03-02T00:00Z\n/b \"\"\n"},
		{"index", `<sitemapindex><sitemap><loc>/1.xml?page=1</loc><lastmod>2026-03-01T00:00:00Z</lastmod></sitemap><sitemap><loc>/1.xml?page=2</loc></sitemap></sitemapindex>`, "",
			"index \"\"\nmap /1.xml?page=1 2026-03-01\nmap /1.xml?page=2 0001-01-01\n"},
		{"list", "https://post.example/a\r\n\n# no\nhttps://post.example/b\nhttps://other.example/c\n", "text/plain", "sitemap \"\"\n/a \"\"\n/b \"\"\n"},
		{"outline", `<?xml version="1.0"?><opml><body><outline text="x"><outline text="P" xmlUrl="https://post.example/f"/><outline xmlUrl="javascript:x"/></outline></body></opml>`, "",
			"opml \"\"\nfeed /f \"P\"\n"},
		{"page", `<html><head><title>Town</title><base href="/town/"><link rel="alternate" type="application/rss+xml" title="T" href="feed"></head><body><h2><a href="a-bridge-is-closed-for-a-weekend">A bridge is closed for a weekend</a></h2></body></html>`, "",
			"front \"Town\"\n/town/a-bridge-is-closed-for-a-weekend \"A bridge is closed for a weekend\"\nfeed /town/feed \"T\"\n"},
		{"XHTML", `<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body></body></html>`, "", "front \"T\"\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := discover.Read(discover.Input{Body: []byte(tt.body), ContentType: tt.contentType, URL: site + "/dir/doc"})
			if err != nil {
				t.Fatal(err)
			}
			if got := show(r); got != tt.want {
				t.Errorf("got\n%s\nwant\n%s", got, tt.want)
			}
		})
	}
}

func TestReadTrouble(t *testing.T) {
	deep := strings.Repeat("<a>", 10_000)
	tests := []struct {
		name, body string
		noPage     bool
		reason     string
	}{
		{"empty", " \n", false, "malformed"},
		{"text", "Out of order", false, "not-a-source"},
		{"picture", "\x89PNG\r\n", false, "not-a-source"},
		{"HTML in place of a feed", "<!doctype html><html><body>Sorry</body></html>", true, "not-a-source"},
		{"other XML", "<svg xmlns='x'></svg>", false, "not-a-source"},
		{"feed cut short", "<rss><channel><item><title>One", false, "malformed"},
		{"sitemap cut short", "<urlset><url><loc>/a</loc>", false, "malformed"},
		{"JSON cut short", `{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"`, false, "malformed"},
		{"JSON that is no feed", `{"items":7}`, false, "malformed"},
		{"gzip cut short", packed("<urlset><url><loc>/a-b-c-d-e-f-g-h</loc></url></urlset>")[:40], false, "malformed"},
		{"deep feed", "<rss><channel>" + deep, false, "too-deep"},
		{"deep sitemap", "<urlset><url>" + deep, false, "too-deep"},
		{"deep outline", "<opml>" + strings.Repeat("<outline>", 10_000), false, "too-deep"},
		{"deep JSON", `{"items":` + strings.Repeat("[", 10_000), false, "too-deep"},
		{"deep page", "<html>" + strings.Repeat("<div>", 10_000), false, "too-deep"},
		{"10 MB feed", "<rss><channel>" + strings.Repeat("<item><link>https://post.example/a</link></item>\n", 220_000), false, "too-large"},
		{"10 MB page", "<html>" + strings.Repeat("<p>word</p>", 1<<20), false, "too-large"},
		{"gzip bomb", packed(strings.Repeat("<", 64<<20)), false, "too-large"},
		{"many parts", "<rss><channel>" + strings.Repeat("<a/>", 300_000) + "</channel></rss>", false, "too-deep"},
		{"many JSON objects", `{"authors":{},"items":[{"authors":[` + strings.Repeat("{},", 300_000) + `{}]}]}`, false, "too-deep"},
		{"many namespaces", "<rss " + strings.Repeat("xmlns:a='b' ", 100) + "><channel/></rss>", false, "too-deep"},
		{"entities that multiply", `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]><l>&c;</l>`, false, "not-a-source"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r, err := discover.Read(discover.Input{Body: []byte(tt.body), URL: site + "/feed", NoPage: tt.noPage})
			trouble, ok := errors.AsType[*discover.Trouble](err)
			if !ok || trouble.Reason != tt.reason || trouble.Detail == "" || len(trouble.Detail) > 1000 {
				t.Errorf("Read = %v, %v, want trouble %s", r, err, tt.reason)
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"lines", "\uFEFFpost.example/feed\n# no\n\nhttps://other.example/rss\r\n", "[post.example/feed https://other.example/rss] 0 <nil>"},
		{"OPML", `<opml><body><outline xmlUrl="https://post.example/feed"/></body></opml>`, "[https://post.example/feed] 0 <nil>"},
		{"too many", strings.Repeat("a.example\n", 5_003), fmt.Sprint(strings.Fields(strings.Repeat("a.example ", 5_000)), " 3 <nil>")},
		{"a feed", `<rss><channel/></rss>`, "[] 0 the file is no OPML and no list of addresses"},
	} {
		addresses, left, err := discover.Addresses([]byte(strings.TrimPrefix(tt.file, "\uFEFF")))
		if got := fmt.Sprint(addresses, " ", left, " ", err); got != tt.want {
			t.Errorf("%s: got %.200s, want %.200s", tt.name, got, tt.want)
		}
	}
}
