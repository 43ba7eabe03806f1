package report_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"storydiff/diffview/report"
	"storydiff/tracker"
)

// A clerk is a desk that writes down what it is told to do.
type clerk struct {
	did     []string
	watched bool
	err     error // what it answers, if set
}

func (c *clerk) do(form string, args ...any) error {
	c.did = append(c.did, fmt.Sprintf(form, args...))
	return c.err
}

func (c *clerk) Add(_ context.Context, address string, tags []string) (tracker.Article, bool, error) {
	err := c.do("add %s %q", address, tags)
	return tracker.Article{ID: 7, URL: address}, !strings.Contains(address, "again"), err
}
func (c *clerk) Pause(_ context.Context, id int64) error   { return c.do("pause %d", id) }
func (c *clerk) Resume(_ context.Context, id int64) error  { return c.do("resume %d", id) }
func (c *clerk) LookNow(_ context.Context, id int64) error { return c.do("look %d", id) }
func (c *clerk) Tag(_ context.Context, id int64, tag string) error {
	return c.do("tag %d %q", id, tag)
}
func (c *clerk) Untag(_ context.Context, id int64, tag string) error {
	return c.do("untag %d %q", id, tag)
}
func (c *clerk) Annotate(_ context.Context, a *tracker.Annotation) error {
	return c.do("annotate %d %d..%d %q %q %q", a.ArticleID, a.From, a.To, a.Label, a.Text, a.By)
}
func (c *clerk) Unannotate(_ context.Context, article, id int64) error {
	return c.do("unannotate %d %d", article, id)
}
func (c *clerk) Watched(context.Context) (bool, error) { return c.watched, nil }

// told returns what the clerk was told since it was last asked.
func (c *clerk) told() string {
	all := strings.Join(c.did, "; ")
	c.did = nil
	return all
}

// staffed serves src with a clerk.
func staffed(src report.Source, doors report.Doors) (http.Handler, *clerk) {
	c := &clerk{}
	return report.New(src, staff(c, doors)), c
}

func staff(c *clerk, doors report.Doors) report.Options {
	return report.Options{
		Hosts: []string{"report.example"}, Desk: c, Doors: doors,
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "storydiff_up 1\n") }),
		Now:     func() time.Time { return clock(3, 12, 0) },
	}
}

// concrete is an address of the sample that a pattern matches.
func concrete(path string) string {
	return strings.NewReplacer("{$}", "", "{id}", "1", "{n}", "1", "{range}", "1..2", "{note}", "3").Replace(path)
}

// forms are the fields that a form of a path is sent with.
func forms(path string) string {
	switch path[strings.LastIndex(path, "/"):] {
	case "/add":
		return form("url", "https://news.example/a", "tags", "x")
	case "/tag", "/untag":
		return form("tag", "rivers")
	case "/notes":
		return form("label", "spin")
	case "/login":
		return form("password", "a guess")
	}
	return "" // without a field
}

// TestEveryRouteAsEverybody walks the table of all addresses: each says whom it
// answers, no GET does anything, and no POST does anything for a stranger, for
// another site, or for one who is at a name that is not ours.
func TestEveryRouteAsEverybody(t *testing.T) {
	c := &clerk{}
	opts := staff(c, report.Doors{Password: password})
	src := sample()
	h := report.New(src, opts)
	mine := session(t, h)
	strangers := map[string][]string{
		"anonymous":        {"From", "192.0.2.7:99"},
		"at this machine":  nil,
		"with a guess":     {"Cookie", "storydiff-session=AAAAAAAAAAAAAAAAAAAAAAAAAA"},
		"of another site":  {"Cookie", mine, "Sec-Fetch-Site", "cross-site"},
		"of a sister site": {"Cookie", mine, "Sec-Fetch-Site", "same-site"},
		"of an old one":    {"Cookie", mine, "Origin", "https://evil.example"},
		"without origin":   {"Cookie", mine, "Origin", "null"},
		"by a false name":  {"Cookie", mine, "Host", "evil.example"},
	}
	writes := 0
	for _, r := range report.Routes(src, opts) {
		target := concrete(r.Path)
		switch {
		case r.Method == "GET" && (r.Who == "reader" || r.Who == "anyone" || r.Path == "/metrics" && r.Who == "operator"):
			for _, as := range [][]string{nil, {"Cookie", mine}, {"From", "192.0.2.7:99"}} {
				for _, query := range []string{"", "?" + form("url", "https://news.example/a", "tag", "x", "done", "added", "next", "/")} {
					send(t, h, "GET", target+query, "", as...)
					send(t, h, "HEAD", target+query, "", as...)
				}
			}
		case r.Method == "POST" && r.Who == "writer":
			writes++
			for who, as := range strangers {
				if status := send(t, h, "POST", target, forms(r.Path), as...).StatusCode; status != 401 && status != 403 {
					t.Errorf("POST %s %s = %d, want 401 or 403", target, who, status)
				}
				if told := c.told(); told != "" {
					t.Errorf("POST %s %s did %s", target, who, told)
				}
			}
			resp := send(t, h, "POST", target, forms(r.Path), "Cookie", mine, "Sec-Fetch-Site", "same-origin", "Origin", "http://localhost:8080", "From", "192.0.2.7:99")
			if told := c.told(); resp.StatusCode != 303 || told == "" || strings.Contains(told, ";") || !strings.HasPrefix(resp.Header.Get("Location"), "/articles/") {
				t.Errorf("POST %s with the password = %d to %q, did %q, want 303 and one thing", target, resp.StatusCode, resp.Header.Get("Location"), told)
			}
		case r.Method == "POST" && r.Who == "anyone" && (r.Path == "/login" || r.Path == "/logout"):
		default:
			t.Errorf("%s %s answers %s: no such rule is known", r.Method, r.Path, r.Who)
		}
		if told := c.told(); told != "" {
			t.Errorf("%s %s did %s", r.Method, target, told)
		}
	}
	if writes != 8 {
		t.Errorf("there are %d addresses that change something, want 8", writes)
	}
	for name, without := range map[string]report.Options{
		"read only":                       {Doors: report.Doors{Open: true, Password: password}},
		"neither password nor this place": {Desk: c},
	} {
		for _, r := range report.Routes(src, without) {
			if r.Method != "GET" && r.Path != "/login" && r.Path != "/logout" || r.Path == "/add" {
				t.Errorf("%s: there is %s %s", name, r.Method, r.Path)
			}
		}
	}
}

// TestOpenDoors asks a report without a password, which trusts this machine alone.
func TestOpenDoors(t *testing.T) {
	h, c := staffed(sample(), report.Doors{Open: true})
	for _, tt := range []struct {
		name   string
		header []string
		want   int
	}{
		{"this machine", []string{"Sec-Fetch-Site", "same-origin", "Origin", "http://localhost:8080"}, 303},
		{"this machine, a script", nil, 303},
		{"this machine over IPv6", []string{"From", "[::1]:9", "Host", "[::1]:8080", "Origin", "http://[::1]:8080"}, 303},
		{"another machine", []string{"From", "192.0.2.7:99"}, 403},
		{"another machine that says it is this one", []string{"From", "192.0.2.7:99", "X-Forwarded-For", "127.0.0.1"}, 403},
		{"through a proxy", []string{"X-Forwarded-For", "198.51.100.1"}, 403},
		{"through a proxy that says nothing", []string{"Origin", "https://report.example", "Sec-Fetch-Site", "same-origin"}, 403},
		{"by the name of a proxy", []string{"Host", "report.example"}, 403},
		{"another site", []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"}, 403},
		{"another site, an old browser", []string{"Origin", "https://evil.example"}, 403},
		{"another port of this machine", []string{"Origin", "http://localhost:3000"}, 403},
		{"a page that was rebound", []string{"Host", "evil.example", "Origin", "http://evil.example"}, 403},
	} {
		status := send(t, h, "POST", "/articles/1/pause", "", tt.header...).StatusCode
		if told := c.told(); status != tt.want || (told == "pause 1") != (tt.want == 303) {
			t.Errorf("%s: POST = %d and did %q, want %d", tt.name, status, told, tt.want)
		}
	}
	here := read(t, send(t, h, "GET", "/articles/1", ""))
	there := read(t, send(t, h, "GET", "/articles/1", "", "X-Forwarded-For", "198.51.100.1"))
	if !strings.Contains(here, `action="/articles/1/pause"`) || strings.Contains(there, "/pause") || strings.Contains(there, `href="/add"`) {
		t.Error("forms are not shown to those who may send them, or are shown to others")
	}
}

func TestToken(t *testing.T) {
	h, c := staffed(sample(), report.Doors{Token: "a token for scripts"})
	for token, want := range map[string]int{"a token for scripts": 303, "": 401} {
		header := []string{"From", "192.0.2.7:99"}
		if token != "" {
			header = append(header, "Authorization", "Bearer "+token)
		}
		resp := send(t, h, "POST", "/add", form("url", "https://news.example/a"), header...)
		if told := c.told(); resp.StatusCode != want || (told != "") != (want == 303) {
			t.Errorf("POST /add with the token %q = %d and did %q, want %d", token, resp.StatusCode, told, want)
		}
		if want == 401 && resp.Header.Get("Www-Authenticate") != "Bearer" {
			t.Errorf("a script is not told what to send: %v", resp.Header)
		}
	}
	if resp := send(t, h, "POST", "/login", form("password", "")); resp.StatusCode != 405 {
		t.Errorf("logging in where there is a token alone = %d, want 405", resp.StatusCode)
	}
	if resp := send(t, h, "POST", "/articles/1/pause", "", "Authorization", "Basic YTpi"); resp.StatusCode != 401 {
		t.Errorf("a proxy's own login = %d, want 401", resp.StatusCode)
	}
}

// TestForms sends each form well and badly.
func TestForms(t *testing.T) {
	h, c := staffed(sample(), report.Doors{Open: true})
	long := strings.Repeat("a", 3000)
	for _, tt := range []struct {
		target, body string
		status       int
		did, leads   string
	}{
		{"/add", form("url", " https://news.example/a ", "tags", "rivers, , towns"), 303, `add https://news.example/a ["rivers" "towns"]`, "/articles/7?done=added"},
		{"/add", form("url", "https://news.example/again"), 303, `add https://news.example/again []`, "/articles/7?done=tracked"},
		{"/add", form("url", ""), 400, "", ""},
		{"/add", form("tags", "x"), 400, "", ""},
		{"/add", form("url", "https://news.example/a", "tags", strings.Repeat("x", 101)), 400, "", ""},
		{"/add", form("url", "https://news.example/"+strings.Repeat(long, 3)), 400, "", ""},
		{"/add", form("url", "https://news.example/a", "password", "x"), 400, "", ""},
		{"/add", "url=https%3A%2F%2Fa.example&url=https%3A%2F%2Fb.example", 400, "", ""},
		{"/add", "url=%zz", 400, "", ""},
		{"/add", "url=a%00b", 400, "", ""},
		{"/add", "url=a%0Ab", 400, "", ""},
		{"/add", "url=%ff", 400, "", ""},
		{"/add", "url=" + strings.Repeat("a", 33<<10), 413, "", ""},
		{"/articles/1/pause", "", 303, "pause 1", "/articles/1?done=paused"},
		{"/articles/1/resume", "", 303, "resume 1", "/articles/1?done=resumed"},
		{"/articles/1/look", "", 303, "look 1", "/articles/1?done=due"},
		{"/articles/1/look", "x=1", 400, "", ""},
		{"/articles/0/look", "", 404, "", ""},
		{"/articles/1%20OR%201=1/look", "", 404, "", ""},
		{"/articles/99999999999999999999/look", "", 404, "", ""},
		{"/articles/1/tag", form("tag", " élection "), 303, `tag 1 "élection"`, "/articles/1?done=tagged"},
		{"/articles/1/tag", form("tag", " "), 400, "", ""},
		{"/articles/1/tag", form("tag", long), 400, "", ""},
		{"/articles/1/untag", form("tag", "x"), 303, `untag 1 "x"`, "/articles/1?done=untagged"},
		{"/articles/1/changes/1..2/notes", form("label", "error fixed", "text", " One.\r\nTwo. ", "by", "Ida"), 303, `annotate 1 1..2 "error fixed" "One.\nTwo." "Ida"`, "/articles/1/changes/1..2?done=noted"},
		{"/articles/1/changes/1..5/notes", form("text", "All of it."), 303, `annotate 1 1..5 "" "All of it." ""`, "/articles/1/changes/1..5?done=noted"},
		{"/articles/1/changes/1..2/notes", form("by", "Ida"), 400, "", ""},
		{"/articles/1/changes/2..1/notes", form("label", "spin"), 400, "", ""},
		{"/articles/1/changes/2/notes", form("label", "spin"), 404, "", ""},
		{"/articles/1/changes/1..2/notes", form("label", "a\nb"), 400, "", ""},
		{"/articles/1/changes/1..2/notes", form("text", "a\x1b[31m"), 400, "", ""},
		{"/articles/1/changes/1..2/notes", form("text", long), 400, "", ""},
		{"/articles/1/notes/3/delete", "", 303, "unannotate 1 3", "/articles/1?done=unnoted"},
		{"/articles/1/notes/x/delete", "", 404, "", ""},
		{"/articles/1/notes/-3/delete", "", 404, "", ""},
	} {
		resp := send(t, h, "POST", tt.target, tt.body)
		if told := c.told(); resp.StatusCode != tt.status || told != tt.did || resp.Header.Get("Location") != tt.leads {
			t.Errorf("POST %s with %.60s = %d to %q, did %q, want %d to %q and %q", tt.target, tt.body, resp.StatusCode, resp.Header.Get("Location"), told, tt.status, tt.leads, tt.did)
		}
		if tt.leads != "" {
			where, code, _ := strings.Cut(strings.Replace(tt.leads, "/7", "/1", 1), "done=")
			if body := read(t, send(t, h, "GET", where+"done="+code, "")); !strings.Contains(body, `role="status"`) {
				t.Errorf("%s says nothing of what was done", tt.leads)
			}
		}
	}
	for _, kind := range []string{"application/json", "multipart/form-data; boundary=x", "text/plain", "a b c"} {
		if resp := send(t, h, "POST", "/articles/1/pause", "x", "Content-Type", kind); resp.StatusCode != 415 || c.told() != "" {
			t.Errorf("a form of type %s = %d, want 415", kind, resp.StatusCode)
		}
	}
	for _, method := range []string{"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"} {
		if resp := send(t, h, method, "/articles/1/pause", ""); resp.StatusCode != 405 || resp.Header.Get("Allow") != "GET, HEAD, POST" {
			t.Errorf("%s = %d, Allow %q, want 405", method, resp.StatusCode, resp.Header.Get("Allow"))
		}
	}
	for target, want := range map[string]int{"/articles/1/pause": 404, "/articles/1/notes/3/delete": 404, "/articles/1/changes/1..2/notes": 404} {
		if resp := send(t, h, "GET", target, ""); resp.StatusCode != want {
			t.Errorf("GET %s = %d, want %d", target, resp.StatusCode, want)
		}
	}
}

func TestWhatTheDeskRefuses(t *testing.T) {
	h, c := staffed(sample(), report.Doors{Open: true})
	for _, tt := range []struct {
		err    error
		status int
		says   string
	}{
		{report.Refusal("it is <b>paused</b>: resume it first"), 400, "It is &lt;b&gt;paused&lt;/b&gt;: resume it first."},
		{fmt.Errorf("article 1: %w", tracker.ErrNotFound), 404, "No such article"},
		{errors.New("disk I/O error in /home/ida/secret.db"), 500, "could not be made"},
	} {
		c.err = tt.err
		for _, target := range []string{"/articles/1/pause", "/add"} {
			resp := send(t, h, "POST", target, map[bool]string{true: form("url", "https://news.example/<a>")}[target == "/add"])
			if body := read(t, resp); resp.StatusCode != tt.status || !strings.Contains(body, tt.says) || strings.Contains(body, "secret") {
				t.Errorf("POST %s over %v = %d, want %d with %q in:\n%s", target, tt.err, resp.StatusCode, tt.status, tt.says, body)
			} else if tt.status == 400 && target == "/add" && !strings.Contains(body, `value="https://news.example/&lt;a&gt;"`) {
				t.Error("what was written into the form is lost")
			}
		}
	}
}

// TestLoginLeadsBack sends forms without a session, and sees where the page that
// asks for the password leads.
func TestLoginLeadsBack(t *testing.T) {
	h, _ := staffed(sample(), report.Doors{Password: password})
	for target, want := range map[string]string{
		"/articles/1/pause":              `name="next" value="/articles/1"`,
		"/articles/1/changes/1..2/notes": `name="next" value="/articles/1/changes/1..2"`,
		"/articles/1/notes/3/delete":     `name="next" value="/articles/1"`,
		"/add":                           `name="next" value="/add?tags=x&amp;url=https%3A%2F%2Fnews.example%2Fa"`,
	} {
		resp := send(t, h, "POST", target, forms(target))
		if body := read(t, resp); resp.StatusCode != 401 || !strings.Contains(body, want) {
			t.Errorf("POST %s without a session = %d, lacks %s in:\n%s", target, resp.StatusCode, want, body)
		}
	}
	if body := read(t, send(t, h, "GET", "/articles/1/changes/1..2?view=side-by-side", "")); !strings.Contains(body, `href="/login?next=%2Farticles%2F1%2Fchanges%2F1..2%3Fview%3Dside-by-side"`) {
		t.Error("a change does not lead to the login and back")
	}
}

func TestDeskOnPages(t *testing.T) {
	src := sample()
	src.notes = map[int64][]tracker.Annotation{1: {
		{ID: 3, ArticleID: 1, From: 1, To: 2, Label: "error fixed", Text: "They had\nthe wrong year.", By: "Ida", At: clock(3, 9, 0)},
		{ID: 4, ArticleID: 1, From: 1, To: 5, Label: "spin", At: clock(3, 9, 30)},
	}}
	for i := range src.changes {
		if c := &src.changes[i]; c.ArticleID == 1 && c.To == 2 {
			c.Annotations = src.notes[1][:1]
		}
	}
	h, c := staffed(src, report.Doors{Open: true})
	shut := handler(t, src)
	for _, tt := range []struct {
		target string
		always []string // stands there for everybody
		mine   []string // for those alone who may
	}{
		{"/articles/1", []string{"error fixed", "the wrong year.", "<bdi>Ida</bdi>", `href="/articles/1/changes/1..5">version 1 to 5`},
			[]string{`action="/articles/1/look"`, `action="/articles/1/pause"`, `action="/articles/1/tag"`, `action="/articles/1/notes/3/delete"`, "Nobody is watching", `href="/add"`}},
		{"/articles/1/changes/1..2", []string{"error fixed", "the wrong year."}, []string{`action="/articles/1/changes/1..2/notes"`, `<option value="as expected">`, "/notes/3/delete"}},
		{"/articles/1/changes/1..5", []string{"spin"}, []string{`action="/articles/1/changes/1..5/notes"`, "/notes/4/delete"}},
		{"/", []string{`<span class="hidden">Note: </span><bdi>error fixed</bdi>`}, []string{`href="/add"`}},
	} {
		whole, bare := read(t, send(t, h, "GET", tt.target, "")), read(t, send(t, shut, "GET", tt.target, ""))
		for _, want := range tt.always {
			if !strings.Contains(whole, want) || !strings.Contains(bare, want) {
				t.Errorf("GET %s lacks %q", tt.target, want)
			}
		}
		for _, want := range tt.mine {
			if !strings.Contains(whole, want) || strings.Contains(bare, want) {
				t.Errorf("GET %s lacks %q for who may, or shows it to who may not", tt.target, want)
			}
		}
		checkPage(t, whole)
	}
	c.watched = true
	if body := read(t, send(t, h, "GET", "/articles/1", "")); !strings.Contains(body, "storydiff is watching") {
		t.Error("an article does not say that a daemon runs")
	}
	src.articles[0].State = tracker.Paused
	if body := read(t, send(t, h, "GET", "/articles/1", "")); !strings.Contains(body, "/resume") || strings.Contains(body, "/look") || strings.Contains(body, "/pause") {
		t.Error("a paused article can be paused or looked at, or not resumed")
	}
	src.articles[0].RemovedAt = clock(3, 10, 0)
	if body := read(t, send(t, h, "GET", "/articles/1", "")); strings.Contains(body, "/resume") || strings.Contains(body, "/tag\"") || !strings.Contains(body, "error fixed") {
		t.Error("an article that is not tracked any more has forms, or lost its notes")
	}
}

// TestAddPage opens the form as a bookmark does.
func TestAddPage(t *testing.T) {
	h, c := staffed(sample(), report.Doors{Open: true})
	body := read(t, send(t, h, "GET", "/add?"+form("url", `https://news.example/a?b="c"<d>`, "tags", "x"), ""))
	for _, want := range []string{
		`value="https://news.example/a?b=&#34;c&#34;&lt;d&gt;"`, `value="x"`,
		`href="javascript:location.href=%27http://localhost:8080/add?url=%27&#43;encodeURIComponent%28location.href%29"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/add lacks %s in:\n%s", want, body)
		}
	}
	for host, want := range map[string]bool{"[::1]:8080": true, "a');alert(1);('.localhost": false, "a b.localhost": false} {
		body := read(t, send(t, h, "GET", "/add", "", "Host", host))
		if strings.Contains(body, "javascript:") != want || strings.Contains(body, "alert(1)") {
			t.Errorf("at %s there is a bookmark: %v, want %v", host, !want, want)
		}
	}
	secure, _ := staffed(sample(), report.Doors{Password: password, Secure: true})
	if body := read(t, send(t, secure, "GET", "/add", "", "Host", "report.example")); !strings.Contains(body, "https://report.example/add?url=") || !strings.Contains(body, "/login?next=%2Fadd") {
		t.Error("the bookmark leads to http, or nothing leads to the login")
	}
	if status := send(t, h, "GET", "/add?url="+strings.Repeat("a", 8001), "").StatusCode; status != 400 {
		t.Errorf("a giant address = %d, want 400", status)
	}
	if body := read(t, send(t, h, "GET", "/add?url=a%1b%5b31m%00b", "")); strings.ContainsAny(body, "\x1b\x00") {
		t.Error("/add holds control characters")
	}
	if told := c.told(); told != "" {
		t.Errorf("opening the form did %s", told)
	}
}

// TestHostileNotesAreInert reads pages with hostile notes as one who may delete
// them, whose pages hold more.
func TestHostileNotesAreInert(t *testing.T) {
	src, targets := hostilePages()
	src.articles[0].Tags = []string{hostile}
	src.notes = map[int64][]tracker.Annotation{1: {{ID: 1, ArticleID: 1, From: 1, To: 2, Label: hostile, Text: hostile + "\n" + hostile, By: hostile, At: clock(1, 0, 0)}}}
	for i := range src.changes {
		src.changes[i].Annotations = src.notes[1]
	}
	h, _ := staffed(src, report.Doors{Open: true})
	for _, target := range append(targets, "/add?"+form("url", hostile, "tags", hostile, "done", hostile)) {
		body := read(t, send(t, h, "GET", target, ""))
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for n := range doc.Descendants() {
			ours := n.Type == html.ElementNode && (n.Data == "textarea" && attr(n, "name") == "text" && n.FirstChild == nil || attr(n, "class") == "bookmark")
			if n.Type == html.ElementNode && !ours {
				checkElement(t, target, n)
			}
		}
		if strings.ContainsAny(body, "\x1b\x00") {
			t.Errorf("GET %s holds control characters", target)
		}
	}
}
