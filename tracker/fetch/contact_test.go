package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"storydiff/tracker/fetch"
)

func TestParseContact(t *testing.T) {
	for in, want := range map[string]fetch.Contact{
		"desk@example.org":                      {Mail: "desk@example.org"},
		" mailto:first.last+diff@example.co.uk": {Mail: "first.last+diff@example.co.uk"},
		"https://example.org/bot":               {Page: "https://example.org/bot"},
		"https://example.org":                   {Page: "https://example.org"},
	} {
		if got, err := fetch.ParseContact(in); err != nil || got != want {
			t.Errorf("ParseContact(%q) = %+v, %v; want %+v", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "desk", "desk@", "@example.org", "desk@localhost", "Desk <desk@example.org>", "a@example.org, b@example.org",
		"http://example.org/", "https://", "https://localhost/", "https://me:secret@example.org/", "ftp://example.org",
		"desk@example.org\r\nX-Evil: 1", "https://example.org/a b", "https://example.org/(x)", strings.Repeat("a", 300) + "@example.org", "bürger@example.org",
	} {
		if got, err := fetch.ParseContact(in); err == nil || !strings.Contains(err.Error(), "mail address") {
			t.Errorf("ParseContact(%q) = %+v, %v; want an error that says what to write", in, got, err)
		}
	}
}

// Who asks is told with each request, that for robots.txt too.
func TestIdentity(t *testing.T) {
	page, mail := fetch.Contact{Page: "https://example.org/bot"}, fetch.Contact{Mail: "desk@example.org"}
	for _, tt := range []struct {
		agent       string
		contact     fetch.Contact
		wants, from string
	}{
		{"storydiff/1.2", fetch.Contact{}, "storydiff/1.2", ""},
		{"storydiff/1.2", page, "storydiff/1.2 (+https://example.org/bot)", ""},
		{"storydiff/1.2", mail, "storydiff/1.2 (+mailto:desk@example.org)", "desk@example.org"},
		{"", mail, "storydiff (+mailto:desk@example.org)", "desk@example.org"},
		{"watch/2 (+https://example.net/us)", mail, "watch/2 (+https://example.net/us)", "desk@example.org"},
	} {
		h := func(w http.ResponseWriter, r *http.Request) {
			if got := r.UserAgent(); got != tt.wants {
				t.Errorf("%s: User-Agent %q, want %q", r.URL, got, tt.wants)
			}
			if got := r.Header.Get("From"); got != tt.from {
				t.Errorf("%s: From %q, want %q", r.URL, got, tt.from)
			}
			story(w, r)
		}
		in(t, fetch.Options{UserAgent: tt.agent, Contact: tt.contact}, h, func(t *testing.T, w *web, c *fetch.Client) {
			get(t, c, "http://example.org/a")
		})
	}
}

// A client that must name somebody and does not asks no public host, on no hop.
func TestNoContact(t *testing.T) {
	h := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "http://example.org/", http.StatusFound)
			return
		}
		story(w, r)
	}
	need := fetch.Options{NeedContact: true, AllowPrivate: true, HostDelay: -1, IgnoreRobots: true}
	in(t, need, h, func(t *testing.T, w *web, c *fetch.Client) {
		e := refuse(t, c, "http://www.example.org/", "no-contact")
		if !strings.Contains(e.Detail, "example.org") || !strings.Contains(e.Detail, "--contact") {
			t.Errorf("detail %q", e.Detail)
		}
		wantVisits(t, w)
		get(t, c, "http://127.0.0.1/a")
		get(t, c, "http://paper.test/a")
		refuse(t, c, "http://127.0.0.1/away", "no-contact")
	})
	for _, agent := range []string{"me/1 (desk@example.org)", "me/1 (+http://example.org/bot)"} {
		named := need
		named.UserAgent = agent
		in(t, named, h, func(t *testing.T, w *web, c *fetch.Client) { get(t, c, "http://example.org/") })
	}
	need.Contact.Mail = "desk@example.org"
	in(t, need, h, func(t *testing.T, w *web, c *fetch.Client) { get(t, c, "http://example.org/") })
}

func TestPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"https://www.example.org/a": true, "http://8.8.8.8/": true, "http://[2606:4700::1]/": true, "https://bücher.example.net": true,
		"http://127.0.0.1:8080/": false, "http://[::1]/": false, "http://192.168.1.1/": false, "http://10.2.3.4/": false, "http://169.254.169.254/": false,
		"http://localhost/": false, "http://a.localhost.:80/": false, "http://paper/": false, "http://printer.local": false, "http://x.internal/": false,
		"http://nas.home.arpa/": false, "http://a.test/": false, "http://0x7f000001/": false, "ftp://example.org/": false, "": false,
	} {
		if got := fetch.Public(address); got != want {
			t.Errorf("Public(%q) = %v, want %v", address, got, want)
		}
	}
	for agent, want := range map[string]bool{
		"storydiff/0.1.0": false, "Mozilla/5.0 (X11; Linux x86_64)": false, "a/1 (+https://localhost/)": false, "a@b": false,
		"a/1 (+https://example.org/)": true, "a/1 (desk@example.org)": true, "a/1 (+mailto:desk@example.org)": true,
	} {
		if got := fetch.NamesContact(agent); got != want {
			t.Errorf("NamesContact(%q) = %v, want %v", agent, got, want)
		}
	}
}

// Validators go back as they came; caches are asked to stand aside where that is
// wanted, on every hop, and otherwise never.
func TestConditions(t *testing.T) {
	var got []string
	h := func(w http.ResponseWriter, r *http.Request) {
		got = append(got, fmt.Sprintf("%s %q %q %q", r.URL.Path, r.Header["If-None-Match"], r.Header["If-Modified-Since"], r.Header["Cache-Control"]))
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/a", http.StatusFound)
		}
	}
	in(t, fetch.Options{HostDelay: -1, IgnoreRobots: true}, h, func(t *testing.T, w *web, c *fetch.Client) {
		for _, r := range []fetch.Request{
			{URL: "http://example.org/a"},
			{URL: "http://example.org/a", ETag: `W/"a ,b"`, LastModified: "Tue, 3 Nov 2026 9:5:7 +0100"},
			{URL: "http://example.org/a", ETag: `unquoted`},
			{URL: "http://example.org/away", ETag: `"x"`, NoCache: true},
		} {
			if _, err := c.Get(t.Context(), r); err != nil {
				t.Errorf("Get(%+v): %v", r, err)
			}
		}
	})
	want := []string{
		`/a [] [] []`,
		`/a ["W/\"a ,b\""] ["Tue, 3 Nov 2026 9:5:7 +0100"] []`,
		`/a ["unquoted"] [] []`,
		`/away ["\"x\""] [] ["no-cache"]`,
		`/a [] [] ["no-cache"]`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("asked\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
