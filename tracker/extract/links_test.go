package extract_test

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

// linksOf reads a page at an address whose text is the ferry's story with body
// in the midst of it.
func linksOf(t *testing.T, address, head, body string) *extract.Story {
	t.Helper()
	page := `<!doctype html><html><head><title>Ferry returns</title>` + head + `</head><body><article><h1>Ferry returns</h1>` + saltgate + body + `</article></body></html>`
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html", URL: address})
	if err != nil {
		t.Fatal(err)
	}
	return story
}

func lines(links []extract.Link) string {
	var out []string
	for _, link := range links {
		out = append(out, link.String())
	}
	return strings.Join(out, " ")
}

// Each is a paragraph of a story, and the links that are in it.
func TestLinksOfAParagraph(t *testing.T) {
	const page = "https://www.post.example/harbour/ferry?page=1#top"
	tests := []struct{ name, href, want string }{
		{"absolute", "https://a.example/x", "https://a.example/x"},
		{"from the root", "/fees", "https://www.post.example/fees"},
		{"beside the page", "fees?id=7", "https://www.post.example/harbour/fees?id=7"},
		{"of another host", "//a.example/x", "https://a.example/x"},
		{"without a path", "HTTPS://A.Example:443", "https://a.example/"},
		{"space around it", " \n https://a.example/x \n", "https://a.example/x"},
		{"a line break in it", "https://a.exam\nple/x", "https://a.example/x"},
		{"tracking parameters", "https://a.example/x?utm_source=post&id=7&fbclid=1", "https://a.example/x?id=7"},
		{"tracking alone", "https://a.example/x?utm_source=post", "https://a.example/x"},
		{"a tracking fragment", "https://a.example/x#xtor=RSS-1", "https://a.example/x"},
		{"a fragment of another page", "https://a.example/x#fees", "https://a.example/x#fees"},
		{"credentials", "https://user:password@a.example/x", "https://a.example/x"},
		{"mail", "mailto:desk@post.example?subject=Ferry", "mailto:desk@post.example"},
		{"a host of letters", "https://bücher.example/x", "https://xn--bcher-kva.example/x"},
		{"a path of letters", "https://a.example/fähre", "https://a.example/f%C3%A4hre"},
		{"a stray percent sign", "https://a.example/100%?of=50%25", "https://a.example/100%25?of=50%25"},
		{"marks that could end it", `https://a.example/?q=<b>"x"`, "https://a.example/?q=%3Cb%3E%22x%22"},
		{"a sign that turns the line", "https://a.example/\u202ex?\u202e", "https://a.example/%E2%80%AEx?%E2%80%AE"},
		{"an IPv6 address", "http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x"},
		{"the longest", "https://a.example/" + strings.Repeat("x", 1982), "https://a.example/" + strings.Repeat("x", 1982)},

		{"the page itself", page, ""},
		{"the page by its path", "/harbour/ferry?page=1", ""},
		{"within the page", "#fees", ""},
		{"nothing", "", ""},
		{"a script", "javascript:alert(1)", ""},
		{"a script in disguise", " \x01java\tscript:alert(1)", ""},
		{"a script in capitals", "JavaScript:alert(1)", ""},
		{"data", "data:text/html,<script>alert(1)</script>", ""},
		{"another scheme", "ftp://a.example/x", ""},
		{"opaque", "https:a", ""},
		{"a telephone", "tel:123", ""},
		{"a control character", "https://a.example/\x01", ""},
		{"no host", "https:///x", ""},
		{"a host of nonsense", "https://a b/x", ""},
		{"a host with a percent sign", "https://a%zz.example/", ""},
		{"10 KB long", "https://a.example/" + strings.Repeat("x", 10_000), ""},
		{"too long by a byte", "https://a.example/" + strings.Repeat("x", 1983), ""},
		{"mail to nobody", "mailto:?subject=Ferry&body=https://post.example/", ""},
		{"a share form", "https://www.facebook.com/sharer/sharer.php?u=x", ""},
		{"a share form of another", "https://twitter.com/intent/tweet?text=x", ""},
		{"a post", "https://twitter.com/harbour/status/123", "https://twitter.com/harbour/status/123"},
		{"an address hidden from robots", "/cdn-cgi/l/email-protection#5b3a1b", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			href := strings.NewReplacer("&", "&amp;", `"`, "&quot;").Replace(tt.href)
			want := ""
			if tt.want != "" {
				want = "harbour records <" + tt.want + ">"
			}
			s := linksOf(t, page, "", `<p>The fees are in the <a href="`+href+`">harbour <b>records</b></a> of the town, the board said.</p>`)
			if got := lines(s.Links()); got != want {
				t.Errorf("%q gives %q, want %q", tt.href, got, want)
			}
		})
	}
}

// A link belongs to the block that shows it; furniture and what cannot be seen
// have none.
func TestLinksOfBlocks(t *testing.T) {
	const a, b = `https://a.example/x`, `https://b.example/y`
	tests := []struct{ name, body, want string }{
		{"two of one place with nothing between", `<p>It is in the <a href="` + a + `">harbour</a> <a href="` + a + `">records</a> of the town.</p>`, "harbour records <" + a + ">"},
		{"two of one place", `<p>It is in the <a href="` + a + `">harbour</a> and <a href="` + a + `">records</a> of the town.</p>`, "harbour <" + a + "> records <" + a + ">"},
		{"two of two places", `<p>It is in the <a href="` + a + `">harbour</a> <a href="` + b + `">records</a> of the town.</p>`, "harbour <" + a + "> records <" + b + ">"},
		{"a picture alone", `<p>It is in the records <a href="` + a + `"><img src="x.png" alt="Boat"></a> of the town.</p>`, ""},
		{"an anchor to jump to", `<p>It is in the <a name="x">records</a> of the town, the board said.</p>`, ""},
		{"on two lines", `<p>It is in the <a href="` + a + `">harbour<br>records</a> of the town, the board said.</p>`, "harbour records <" + a + ">"},
		{"a whole sentence", `<p><a href="` + a + `">The full ruling of the court can be read here.</a></p>`, "The full ruling of the court can be read here. <" + a + ">"},
		{"a teaser", `<p><a href="` + a + `">Town band wins regional cup</a></p>`, ""},
		{"read more", `<p>Read more: <a href="` + a + `">Town band wins regional cup</a></p>`, ""},
		{"a share button", `<p>The board will meet again, it said on Monday. <span class="share"><a href="` + a + `">Share</a></span></p>`, ""},
		{"a button", `<p>The board will meet again, it said on Monday. <a role="button" href="` + a + `">Comment</a></p>`, ""},
		{"a list", `<p>The board had this to say of it:</p><ul><li>Fees are in the <a href="` + a + `">harbour records</a> of last year.</li></ul>`, "harbour records <" + a + ">"},
		{"a table", `<p>These are the fees:</p><table><tr><td>Boat</td><td>Fee</td></tr><tr><td><a href="` + a + `">Marta</a></td><td>12 crowns in <a href="` + b + `">all</a></td></tr></table>`,
			"Marta <" + a + "> all <" + b + ">"},
		{"a caption", `<figure><img src="x.png"><figcaption>The ferry at Saltgate, seen from the <a href="` + a + `">sea wall</a> in May</figcaption></figure>`, "sea wall <" + a + ">"},
		{"a quotation", `<blockquote>Nobody has read the <a href="` + a + `">harbour records</a> for a year.</blockquote>`, "harbour records <" + a + ">"},
		{"in what is hidden", `<p>It is in the records<span hidden> of <a href="` + a + `">old</a></span> of the town.</p>`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := linksOf(t, "https://post.example/ferry", "", tt.body+`<p>Nobody objected to any of this at the meeting, which was a short one.</p>`)
			if got := lines(s.Links()); got != tt.want {
				t.Errorf("%s gives %q, want %q", tt.body, got, tt.want)
			}
			for _, block := range s.Blocks {
				for _, link := range block.Links {
					if !strings.Contains(block.Text, link.Text) {
						t.Errorf("%q does not stand in %q", link.Text, block.Text)
					}
				}
			}
		})
	}
}

// What relative links are relative to: the page's base, its address, or what a
// file calls its address.
func TestBaseOfLinks(t *testing.T) {
	const text = `<p>The fees are in the <a href="fees">harbour records</a> of the town, the board said.</p>`
	const canonical = `<link rel="canonical" href="https://post.example/harbour/ferry">`
	tests := []struct{ name, address, head, want string }{
		{"the address", "https://a.example/x/y", canonical, "https://a.example/x/fees"},
		{"a base", "https://a.example/x/y", `<base href="https://b.example/z/">`, "https://b.example/z/fees"},
		{"a relative base", "https://a.example/x/y", `<base href="/z/">`, "https://a.example/z/fees"},
		{"a base that is a script", "https://a.example/x/y", `<base href="javascript:alert(1)//">`, ""},
		{"a file with a canonical address", "", canonical, "https://post.example/harbour/fees"},
		{"a file with a relative base", "", canonical + `<base href="/z/">`, "https://post.example/z/fees"},
		{"a file that says nothing", "", "", "/fees"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			want := ""
			if tt.want != "" {
				want = "harbour records <" + tt.want + ">"
			}
			if got := lines(linksOf(t, tt.address, tt.head, text).Links()); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}

func TestLinksAreBounded(t *testing.T) {
	var body strings.Builder
	for i := range 20 {
		body.WriteString("<p>The boats of the fleet that were named in the report")
		for k := range 60 {
			fmt.Fprintf(&body, `, and then in the %d year of the town there was <a href="/b/%d/%d">Marta</a>`, k, i, k)
		}
		body.WriteString(".</p>")
	}
	s := linksOf(t, "https://post.example/ferry", "", body.String())
	if n := len(s.Links()); n != 500 {
		t.Errorf("%d links, want 500", n)
	}
	for _, block := range s.Blocks {
		if len(block.Links) > 50 {
			t.Errorf("%d links in a block", len(block.Links))
		}
	}
}

// The fields of a story as show prints them hold the links; its body does not.
func TestLinksAmongTheFields(t *testing.T) {
	s := linksOf(t, "https://post.example/ferry", "", `<p>The fees are in the <a href="/fees">harbour records</a> of the town, the board said.</p>`)
	fields, body, _ := strings.Cut(s.Text(), "\n\n")
	if !strings.HasSuffix(fields, "\nLink: harbour records <https://post.example/fees>") || body != s.Body() {
		t.Errorf("the story is\n%s", s.Text())
	}
	bare := *s
	bare.Blocks = append([]extract.Block(nil), s.Blocks...)
	for i := range bare.Blocks {
		bare.Blocks[i].Links = nil
	}
	if bare.SHA256() == s.SHA256() {
		t.Error("a link is no part of what the hash is of")
	}
}

// All visible text, and the text of a page that a script draws, have no links.
func TestTextsWithoutLinks(t *testing.T) {
	page := `<html><title>Ferry returns</title><h1>Ferry returns</h1>` + saltgate + `<p>It is in the <a href="https://a.example/">records</a>.</p></html>`
	drawn := `<html><title>Ferry returns</title><script type="application/ld+json">{"@type":"NewsArticle","headline":"Ferry returns","articleBody":` +
		`"<p>The ferry will return to the harbour in June, the board has said in the <a href='https://a.example/x'>records</a> of its last meeting.</p>"}</script><body><div id="root"></div></body></html>`
	visible, err := extract.Visible(extract.Input{Body: []byte(page), ContentType: "text/html"})
	if err != nil || len(visible.Links()) > 0 {
		t.Errorf("Visible: links %v, %v", visible.Links(), err)
	}
	story, err := extract.Read(extract.Input{Body: []byte(drawn), ContentType: "text/html"})
	if err != nil || len(story.Links()) > 0 || story.Sources["body"] != "json-ld" {
		t.Errorf("Read: %+v, %v", story, err)
	}
	if links := extract.Plain("See <a href='https://a.example/x'>here</a>.").Links(); len(links) > 0 {
		t.Errorf("Plain: links %v", links)
	}
}

// Whatever a page writes as an address, what is kept of it can stand in a text
// and leads nowhere but to the web or a mailbox.
func FuzzLinkAddress(f *testing.F) {
	for _, href := range []string{"https://a.example/x?id=7#y", "javascript:alert(1)", "//[::1]:80/%zz", "mailto:a@b?c", "http:\\\\a.example\\x", "https://a%2f.example/", "?\xff", "x:y@z", "https://例え.jp/道", "//\xbet\xcf::1:/z08+\xcd[::1:/z08%z}"} {
		f.Add(href)
	}
	f.Fuzz(func(t *testing.T, href string) {
		page := `<title>Ferry returns</title><article><h1>Ferry returns</h1>` + saltgate + `<p>The fees are in the <a href="` + html.EscapeString(href) + `">harbour records</a> of the town.</p></article>`
		story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html; charset=utf-8", URL: "https://post.example/ferry"})
		if err != nil {
			t.Skip()
		}
		for _, link := range story.Links() {
			u, err := url.Parse(link.URL)
			if err != nil || len(link.URL) > 2000 || u.User != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" || u.Scheme != "mailto" && u.Host == "" {
				t.Errorf("%q gives %q, %v", href, link.URL, err)
			}
			if i := strings.IndexFunc(link.URL, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`<>"`, r) }); i >= 0 {
				t.Errorf("%q gives %q, with a character that could end it", href, link.URL)
			}
		}
	})
}
