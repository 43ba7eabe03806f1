package extract_test

import (
	"errors"
	"strings"
	"testing"

	"storydiff/tracker/extract"
)

const saltgate = `<p>The harbour board said on Tuesday that two boats would sail from June, and that the pier at Saltgate would be rebuilt before the ice comes back.</p>
<p>“We have waited long enough for this,” said Marta Lindqvist, who chairs the board and has done so for eleven years.</p>`

func titled(title, body string) string {
	return `<!doctype html><html lang="en"><head><title>` + title + `</title></head><body>` + body + `</body></html>`
}

func TestRefusals(t *testing.T) {
	form := `<form><input type="text"><input type="password"><button>Go</button></form>`
	for _, tt := range []struct {
		name, body, contentType string
		header                  map[string][]string
		want                    string
	}{
		{"nothing", "", "text/html", nil, "empty"},
		{"white space", " \n\t", "text/html", nil, "empty"},
		{"no visible text", titled("x", `<div id="root"></div><script>app()</script>`), "text/html", nil, "empty"},
		{"pdf by its header", "%PDF-1.7", "application/pdf", nil, "not-html"},
		{"pdf by its bytes", "%PDF-1.7\n%\xe2\xe3", "text/html", nil, "not-html"},
		{"picture", "\x89PNG\r\n\x1a\n\x00\x00", "", nil, "not-html"},
		{"json", `{"a":1}`, "application/json", nil, "not-html"},
		{"feed", `<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title></channel></rss>`, "application/rss+xml", nil, "not-html"},
		{"feed as xml", `<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>`, "text/xml", nil, "not-html"},
		{"no headline", `<body>` + saltgate, "text/html", nil, "no-article"},
		{"headline alone", titled("Post", `<h1>The ferry returns</h1>`), "text/html", nil, "no-article"},
		{"cloudflare by its header", titled("Post", saltgate), "text/html", map[string][]string{"Cf-Mitigated": {"challenge"}}, "bot-challenge"},
		{"header in lower case", titled("Post", saltgate), "text/html", map[string][]string{"cf-mitigated": {"challenge"}}, "bot-challenge"},
		{"aws waf", titled("", ""), "text/html", map[string][]string{"X-Amzn-Waf-Action": {"captcha"}}, "bot-challenge"},
		{"cloudflare by its title", titled("Just a moment...", `<h1>post.example</h1><p>Verifying you are human. This may take a few seconds.</p>`), "text/html", nil, "bot-challenge"},
		{"datadome", titled("post.example", `<p>Please enable JS and disable any ad blocker</p><script src="https://ct.captcha-delivery.com/c.js"></script>`), "text/html", map[string][]string{"X-Datadome": {"protected"}}, "bot-challenge"},
		{"perimeterx", titled("Access to this page has been denied", `<div id="px-captcha"></div><p>Press and hold to confirm you are a human.</p>`), "text/html", nil, "bot-challenge"},
		{"login", titled("Log in | The Post", `<h1>Welcome back</h1>`+form), "text/html", nil, "login"},
		{"german login", titled("Anmelden – Die Post", `<h1>Anmelden</h1><p>Bitte melden Sie sich mit Ihrem Konto an.</p>`+form), "text/html", nil, "login"},
		{"soft 404", titled("Page not found | The Post", `<h1>Sorry</h1><p>The page you were looking for is not here. Try the search.</p>`), "text/html", nil, "soft-404"},
		{"french soft 404", titled("Page introuvable - Le Post", `<h1>Page introuvable</h1><p>La page demandée n'existe plus.</p>`), "text/html", nil, "soft-404"},
		{"polish soft 404", titled("Post", `<h1>Strona nie istnieje</h1><p>Sprawdź adres i spróbuj ponownie.</p>`), "text/html", nil, "soft-404"},
		{"consent wall", titled("Post", `<h1>Before you continue</h1><p>We and our partners store cookies to show personalised ads and to process personal data. You may withdraw your consent at any time in our privacy policy.</p><button>Accept all</button>`), "text/html", nil, "consent-wall"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			story, err := extract.Read(extract.Input{Body: []byte(tt.body), ContentType: tt.contentType, Header: tt.header})
			refusal, ok := errors.AsType[*extract.Refusal](err)
			if !ok {
				t.Fatalf("Read = %+v, %v, want a refusal", story, err)
			}
			if refusal.Reason != tt.want || refusal.Detail == "" || strings.ContainsAny(refusal.Detail, "\n") {
				t.Errorf("Read refuses as %q (%s), want %q", refusal.Reason, refusal.Detail, tt.want)
			}
		})
	}
}

// An article that speaks of walls, challenges and errors is an article.
func TestOneSignAloneIsNoRefusal(t *testing.T) {
	long := strings.Repeat(saltgate, 6)
	for _, tt := range []struct{ name, title, body string }{
		{"a short story", "Ferry returns", `<article><h1>Ferry returns</h1><p>The ferry sails again from June.</p></article>`},
		{"titled as a challenge", "Just a moment", `<h1>Just a moment</h1>` + long},
		{"titled as an error", "404", `<h1>404</h1>` + long},
		{"about cookies", "Ferry site drops cookies", `<article><h1>Ferry site drops cookies</h1><p>The harbour site will no longer set cookies without consent, or pass personal data to its advertising partners.</p>` + saltgate + `</article><button>Accept all</button>`},
		{"about a correction", "Market correction: boats cheaper", `<h1>Market correction: boats cheaper</h1>` + saltgate},
		{"with a login form", "Ferry returns", `<h1>Ferry returns</h1>` + long + `<form><input type="password"></form>`},
		{"behind datadome", "Ferry returns", `<h1>Ferry returns</h1>` + saltgate},
	} {
		t.Run(tt.name, func(t *testing.T) {
			story, err := extract.Read(extract.Input{Body: []byte(titled(tt.title, tt.body)), ContentType: "text/html", Header: map[string][]string{"X-Datadome": {"protected"}}})
			if err != nil {
				t.Fatalf("Read: %v", err)
			}
			for _, b := range story.Blocks {
				if b.Kind == extract.Note {
					t.Errorf("%q is taken for a note", b.Text)
				}
			}
		})
	}
}

// A page that says of itself that it is an article, or that quotes what walls say,
// is no wall where the same words without that are one.
func TestWordsOfWallsInAnArticle(t *testing.T) {
	const (
		article = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Service unavailable","datePublished":"2026-03-03"}</script>`
		notice  = `<p>We are working on the ferry, and we will be back on Monday. Please try again on another day, when the wind has gone down and the ice is out of the harbour.</p>`
		quoted  = `<p>“You don’t have permission to access this pier,” the sign on the locked gate said on Monday.</p>`
	)
	for _, tt := range []struct{ name, page, want string }{
		{"a notice", titled("Service unavailable", `<h1>Service unavailable</h1>`+notice), "no-article"},
		{"a notice that is an article", titled("Service unavailable", article+`<h1>Service unavailable</h1>`+notice+`<p>Buses go from Northbank to the Mills every twenty minutes meanwhile, and once an hour at night.</p>`), ""},
		{"a sign", titled("Access denied", `<h1>Access denied</h1>`+strings.NewReplacer("“", "", "”", "").Replace(quoted)), "bot-challenge"},
		{"a sign that is quoted", titled("Access denied", `<h1>Access denied</h1>`+quoted), ""},
	} {
		story, err := extract.Read(extract.Input{Body: []byte(tt.page), ContentType: "text/html"})
		reason := ""
		if refusal, ok := errors.AsType[*extract.Refusal](err); ok {
			reason = refusal.Reason
		}
		if reason != tt.want {
			t.Errorf("%s: Read = %+v, %v; want the reason %q", tt.name, story, err, tt.want)
		}
	}
}

func TestIsHTML(t *testing.T) {
	for _, tt := range []struct {
		body, contentType, name string
		want                    bool
	}{
		{"<p>hello", "", "a.html", true},
		{"hello", "", "a.HTM", true},
		{"<p>hello", "", "a.txt", false},
		{"<!DOCTYPE html><title>x</title>", "", "-", true},
		{"\n\n<article><h1>x</h1></article>", "", "", true},
		{"\xEF\xBB\xBF<html>", "", "page", true},
		{"5 < 6 and <p> is a tag", "", "notes", false},
		{"hello", "text/html; charset=utf-8", "", true},
		{"<html>", "text/plain", "a.html", false},
		{"", "", "", false},
	} {
		if got := extract.IsHTML([]byte(tt.body), tt.contentType, tt.name); got != tt.want {
			t.Errorf("IsHTML(%q, %q, %q) = %v, want %v", tt.body, tt.contentType, tt.name, got, tt.want)
		}
	}
}
