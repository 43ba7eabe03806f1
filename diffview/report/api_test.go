package report_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"storydiff/diffview/report"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
	"storydiff/tracker/search"
)

const api = "/api/v1"

// bridgeAddress is that of the first article of the sample.
const bridgeAddress = "https://www.harnherald.example/town/new-bridge-approved"

// A description is openapi.json, taken apart.
type description struct {
	doc     map[string]any
	compile *jsonschema.Compiler
}

// described reads the description. Answers are held against it strictly: a
// property that it does not name is an error, though clients are told to expect
// such.
func described(t *testing.T, h http.Handler) *description {
	t.Helper()
	status, body := get(t, h, api+"/openapi.json")
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil || status != 200 {
		t.Fatalf("GET openapi.json = %d: %v", status, err)
	}
	closeObjects(doc)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("mem:///openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	return &description{doc.(map[string]any), c}
}

// closeObjects forbids what a schema of an object does not name.
func closeObjects(node any) {
	switch node := node.(type) {
	case map[string]any:
		if _, named := node["properties"]; named && node["type"] == "object" {
			node["additionalProperties"] = false
		}
		for _, child := range node {
			closeObjects(child)
		}
	case []any:
		for _, child := range node {
			closeObjects(child)
		}
	}
}

func (d *description) at(t *testing.T, keys ...string) any {
	t.Helper()
	var node any = d.doc
	for _, key := range keys {
		object, ok := node.(map[string]any)
		if !ok || object[key] == nil {
			t.Fatalf("openapi.json has no %s", strings.Join(keys, " › "))
		}
		node = object[key]
		if ref, ok := node.(map[string]any)["$ref"].(string); ok {
			node = d.at(t, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
		}
	}
	return node
}

// holds checks an answer of a path against its schema.
func (d *description) holds(t *testing.T, path string, resp *http.Response, body string) {
	t.Helper()
	contentType := resp.Header.Get("Content-Type")
	schema, err := d.compile.Compile("mem:///openapi.json#" + d.pointer(path, resp.StatusCode, contentType))
	if err != nil {
		t.Fatalf("%s %d %s: %v", path, resp.StatusCode, contentType, err)
	}
	texts := []string{body}
	if contentType == "application/x-ndjson" {
		texts = slices.DeleteFunc(strings.Split(body, "\n"), func(line string) bool { return line == "" })
	}
	for _, text := range texts {
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
		if err != nil {
			t.Fatalf("%s: %v in:\n%s", path, err, text)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s %d: %v\n%s", path, resp.StatusCode, err, text[:min(len(text), 2000)])
		}
	}
}

func (d *description) pointer(path string, status int, contentType string) string {
	token := func(s string) string {
		return url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(s))
	}
	if status >= 400 {
		return "/components/responses/Problem/content/" + token(contentType) + "/schema"
	}
	return "/paths/" + token(path) + "/get/responses/200/content/" + token(contentType) + "/schema"
}

// Every address of the API is described, and what is described is there.
func TestAPIIsDescribed(t *testing.T) {
	d := described(t, handler(t, sample()))
	if d.doc["openapi"] != "3.1.0" {
		t.Errorf("openapi is %v", d.doc["openapi"])
	}
	paths := d.at(t, "paths").(map[string]any)
	if got, want := slices.Sorted(maps.Keys(paths)), slices.Sorted(slices.Values(report.APIPaths())); !slices.Equal(got, want) {
		t.Errorf("described are\n%v\nand there are\n%v", got, want)
	}
	ids := map[any]bool{}
	for path := range paths {
		get := d.at(t, "paths", path, "get").(map[string]any)
		if ids[get["operationId"]] || get["summary"] == nil {
			t.Errorf("%s: operationId %v, summary %v: want one of its own, and some", path, get["operationId"], get["summary"])
		}
		ids[get["operationId"]] = true
		for _, want := range params(path) {
			if !slices.ContainsFunc(d.parameters(t, path), func(p map[string]any) bool { return p["name"] == want && p["in"] == "path" }) {
				t.Errorf("%s: {%s} is not described", path, want)
			}
		}
	}
	for name := range d.at(t, "components", "schemas").(map[string]any) {
		if _, err := d.compile.Compile("mem:///openapi.json#/components/schemas/" + name); err != nil {
			t.Errorf("schema %s: %v", name, err)
		}
	}
}

// params are the names in braces.
func params(path string) (names []string) {
	for part := range strings.SplitSeq(path, "/") {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			names = append(names, strings.TrimSuffix(name, "}"))
		}
	}
	return names
}

// parameters returns those of a path and of its GET, references followed.
func (d *description) parameters(t *testing.T, path string) (all []map[string]any) {
	t.Helper()
	item := d.at(t, "paths", path).(map[string]any)
	for _, list := range []any{item["parameters"], item["get"].(map[string]any)["parameters"]} {
		list, _ := list.([]any)
		for _, p := range list {
			if ref, ok := p.(map[string]any)["$ref"].(string); ok {
				p = d.at(t, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
			}
			all = append(all, p.(map[string]any))
		}
	}
	return all
}

// apiCalls are answers over the sample, by the path that describes them.
func apiCalls() map[string][]string {
	calls := map[string][]string{
		"/articles":     {"/articles", "/articles?limit=1", "/articles?state=gone", "/articles?outlet=seapost.example&tag=harn&limit=500", "/articles?outlet=No.Example"},
		"/changes":      {"/changes", "/changes?limit=3", "/changes?kind=number&disclosure=silent", "/changes?level=major&since=7d", "/changes?min_significance=62&outlet=harnherald.example&tag=council", "/changes?since=2026-03-02", "/changes?q=%2212+million%22&until=2026-03-03"},
		"/outlets":      {"/outlets", "/outlets?period=all", "/outlets?period=4w&limit=1", "/outlets?cursor=zz.example"},
		"/search":       {"/search?q=million", "/search?q=council&limit=1", "/search?q=%2212+million%22&removed=1&outlet=harnherald.example&since=7d&until=2026-03-31", "/search?q=nowhere", "/search?q=bridge+council&sort=best", "/search?q=council&sort=best&limit=1", "/search?q=council&sort=best&cursor=99.1"},
		"/openapi.json": {"/openapi.json"},
	}
	for id := 1; id <= 9; id++ {
		at := fmt.Sprintf("/articles/%d", id)
		calls["/articles/{id}"] = append(calls["/articles/{id}"], at)
		calls["/articles/{id}/history"] = append(calls["/articles/{id}/history"], at+"/history", at+"/history?limit=2")
		calls["/articles/{id}/checks"] = append(calls["/articles/{id}/checks"], at+"/checks", at+"/checks?limit=5")
	}
	for n := 1; n <= 5; n++ {
		calls["/articles/{id}/versions/{n}"] = append(calls["/articles/{id}/versions/{n}"], fmt.Sprintf("/articles/1/versions/%d", n))
		for a := 1; a < n; a++ {
			calls["/articles/{id}/diff/{range}"] = append(calls["/articles/{id}/diff/{range}"], fmt.Sprintf("/articles/1/diff/%d..%d", a, n))
		}
	}
	return calls
}

// Every answer is as the description has it: over the sample, and over an article
// of which everything there is to tell happened.
func TestAPIAnswersFitTheirSchemas(t *testing.T) {
	src := sample()
	h := handler(t, src)
	d := described(t, h)
	calls := apiCalls()
	for _, path := range report.APIPaths() {
		if len(calls[path]) == 0 {
			t.Errorf("no call of %s is tried", path)
		}
		for _, target := range calls[path] {
			for _, accept := range []string{"", "application/x-ndjson"} {
				resp := ask(t, h, "GET", api+target, "Accept", accept)
				body := read(t, resp)
				if resp.StatusCode != 200 {
					t.Errorf("GET %s = %d:\n%s", target, resp.StatusCode, body)
					continue
				}
				checkHeaders(t, resp)
				if !strings.Contains(strings.Join(resp.Header.Values("Link"), ","), `</api/v1/openapi.json>; rel="service-desc"`) {
					t.Errorf("GET %s does not say where it is described: %q", target, resp.Header.Values("Link"))
				}
				if path != "/openapi.json" {
					d.holds(t, path, resp, body)
				}
			}
		}
	}
	f, id := eventful()
	h = handler(t, f)
	var events []string
	for _, row := range items(t, h, fmt.Sprintf("%s/articles/%d/history", api, id)) {
		if row["type"] == "event" {
			events = append(events, row["event"].(string))
		}
	}
	for _, want := range []string{"noted-late", "headline-test", "gap", "gone", "restored", "missing", "moved", "merged", "blocked"} {
		if !slices.Contains(events, want) {
			t.Errorf("there is no %s among the events %v", want, events)
		}
	}
	for path, target := range map[string]string{
		"/articles/{id}": "", "/articles/{id}/history": "/history", "/articles/{id}/checks": "/checks", "/articles/{id}/versions/{n}": "/versions/2", "/articles/{id}/diff/{range}": "/diff/1..2",
	} {
		resp := ask(t, h, "GET", fmt.Sprintf("%s/articles/%d%s", api, id, target))
		d.holds(t, path, resp, read(t, resp))
	}
}

// items are the rows of the first page of a list.
func items(t *testing.T, h http.Handler, target string) []map[string]any {
	t.Helper()
	var page struct {
		Items []map[string]any `json:"items"`
		Next  string           `json:"next"`
	}
	if _, body := get(t, h, target); json.Unmarshal([]byte(body), &page) != nil || page.Items == nil {
		t.Fatalf("GET %s is no list:\n%s", target, body)
	}
	return page.Items
}

// Pages of a list, one row each, are the list: no row twice, none left out, also
// where more come meanwhile.
func TestAPIPages(t *testing.T) {
	src := sample()
	h := handler(t, src)
	for _, target := range []string{"/articles", "/articles?tag=harn", "/changes", "/changes?disclosure=silent", "/changes?q=the&until=2026-03-03", "/outlets", "/search?q=the", "/articles/1/history", "/articles/1/checks"} {
		whole := items(t, h, api+target)
		for _, limit := range []int{1, 2, 7} {
			var rows []map[string]any
			q := "?"
			if strings.Contains(target, "?") {
				q = "&"
			}
			next := fmt.Sprintf("%s%s%slimit=%d", api, target, q, limit)
			for pages := 0; next != "" && pages < 50; pages++ {
				resp := ask(t, h, "GET", next)
				var page struct {
					Items []map[string]any `json:"items"`
					Next  string           `json:"next"`
				}
				if err := json.Unmarshal([]byte(read(t, resp)), &page); err != nil || len(page.Items) == 0 || len(page.Items) > limit {
					t.Fatalf("GET %s: %v, %d rows", next, err, len(page.Items))
				}
				link := strings.Join(resp.Header.Values("Link"), ", ")
				if page.Next != "" && !strings.Contains(link, "<"+page.Next+`>; rel="next"`) || page.Next == "" && strings.Contains(link, "next") {
					t.Errorf("GET %s: next is %q and Link %q", next, page.Next, link)
				}
				rows = append(rows, page.Items...)
				next = strings.TrimPrefix(page.Next, "http://localhost:8080")
			}
			if got, want := fmt.Sprint(rows), fmt.Sprint(whole); got != want {
				t.Errorf("GET %s in pages of %d gives %d rows, want the %d of one page", target, limit, len(rows), len(whole))
			}
		}
	}
	first := "/changes?limit=2"
	resp := ask(t, h, "GET", api+first)
	var page struct{ Next string }
	if err := json.Unmarshal([]byte(read(t, resp)), &page); err != nil {
		t.Fatal(err)
	}
	before := items(t, h, strings.TrimPrefix(page.Next, "http://localhost:8080"))
	src.see(1, clock(3, 11, 0), story("News", "Text."))
	src.changed(1, tracker.Change{Significance: 3})
	if after := items(t, h, strings.TrimPrefix(page.Next, "http://localhost:8080")); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Error("the second page is another after a new change")
	}
}

// The filters are those of the page, read by the same hand.
func TestAPIFiltersAsThePageDoes(t *testing.T) {
	h := handler(t, sample())
	for _, q := range []string{"", "disclosure=silent", "kind=number", "level=major", "min_significance=62", "outlet=Seapost.example", "tag=harn", "since=24h", "since=2026-03-02T09:00:00Z", "kind=byline", "until=2026-03-02", "q=%2212+million%22", "q=the&until=24h&disclosure=silent"} {
		_, page := get(t, h, "/?"+q)
		for _, c := range items(t, h, api+"/changes?"+q) {
			if want := fmt.Sprintf(`href="/articles/%v/changes/%v..%v"`, c["article"], c["from"], c["to"]); !strings.Contains(page, want) {
				t.Errorf("?%s: the page lacks %s", q, want)
			}
		}
		if got, want := len(items(t, h, api+"/changes?"+q)), strings.Count(page, `<article class="entry">`); got != want {
			t.Errorf("?%s: %d rows, and %d entries on the page", q, got, want)
		}
	}
}

func TestAPIRefusals(t *testing.T) {
	src := sample()
	h := handler(t, src)
	d := described(t, h)
	tests := []struct {
		target string
		status int
		says   string
	}{
		{"/changes?limit=0", 400, "limit must be a number from 1 to 500"},
		{"/changes?limit=501", 400, "limit must be a number from 1 to 500"},
		{"/changes?limit=ten", 400, "limit must be"},
		{"/changes?cursor=x", 400, "cursor"},
		{"/changes?cursor=-1", 400, "cursor"},
		{"/changes?before=5", 400, "no parameter before"},
		{"/changes?colour=red", 400, "There is no parameter colour. There are outlet, tag, kind"},
		{"/changes?kind=nonsense", 400, "kind must be one of"},
		{"/changes?kind=number&kind=quote", 400, "more than once"},
		{"/changes?level=major&min_significance=5", 400, "either level or min_significance"},
		{"/changes?until=yesterday", 400, "until must be a span"},
		{"/changes?since=1d&until=2d", 400, "until lies before since"},
		{"/changes?q=-ferry", 400, "Write a word to look for"},
		{"/outlets?period=3w", 400, "period must be one of 4w, 12w, 52w, all"},
		{"/outlets?sort=edited", 400, "There is no parameter sort. There are period, limit, cursor."},
		{"/search", 400, "q must say what to look for"},
		{"/search?q=+", 400, "q must say what to look for"},
		{"/search?q=-ferry", 400, "Write a word to look for"},
		{"/search?q=ferry&before=3", 400, "no parameter before"},
		{"/search?q=ferry&removed=yes", 400, "removed must be one of 1"},
		{"/search?q=ferry&cursor=0", 400, "cursor"},
		{"/search?q=ferry&cursor=999999999999999", 400, "cursor"},
		{"/articles?page=2", 400, "no parameter page"},
		{"/articles?state=lost", 400, "state must be one of"},
		{"/articles/1?limit=5", 400, "takes none"},
		{"/articles/1/history?cursor=9-9", 400, "cursor"},
		{"/articles/1/history?kind=number", 400, "no parameter kind"},
		{"/articles/1/diff/2..1", 400, "from the older to the newer"},
		{"/articles/1/diff/2..2", 400, "from the older to the newer"},
		{"/articles/1/diff/1..99", 404, "No such article or version"},
		{"/articles/1/diff/1", 404, ""},
		{"/articles/1/versions/9", 404, "No such article or version"},
		{"/articles/99", 404, "No such article or version"},
		{"/articles/99/history", 404, "No such article or version"},
		{"/articles/99/checks", 404, "No such article or version"},
		{"/articles/1%20OR%201=1", 404, ""},
		{"/articles/99999999999999999999/checks", 404, ""},
		{"/nothing", 404, ""},
		{"", 404, ""},
		{"/%2e%2e%2fetc", 404, ""},
		{"/openapi.json?x=1", 400, "takes none"},
	}
	for _, tt := range tests {
		resp := ask(t, h, "GET", "http://localhost"+api+tt.target)
		body := read(t, resp)
		if resp.StatusCode != tt.status || !strings.Contains(body, tt.says) || resp.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("GET %s = %d %s, want %d and %q in:\n%s", tt.target, resp.StatusCode, resp.Header.Get("Content-Type"), tt.status, tt.says, body)
			continue
		}
		d.holds(t, tt.target, resp, body)
		checkHeaders(t, resp)
	}
	post := ask(t, h, "POST", api+"/articles")
	if body := read(t, post); post.StatusCode != 405 || post.Header.Get("Content-Type") != "application/problem+json" || post.Header.Get("Allow") == "" {
		t.Errorf("POST = %d %v:\n%s", post.StatusCode, post.Header, body)
	}
	foreign := ask(t, h, "GET", api+"/articles", "Host", "evil.example")
	if body := read(t, foreign); foreign.StatusCode != 403 || strings.Contains(body, "harnherald") {
		t.Errorf("a foreign host = %d:\n%s", foreign.StatusCode, body)
	}
	src.broken = errors.New("disk I/O error in /home/ida/secret.db")
	for _, target := range []string{"/articles", "/articles/1", "/articles/1/history", "/articles/1/versions/1", "/articles/1/checks", "/articles/1/diff/1..2", "/changes", "/outlets", "/search?q=ferry"} {
		resp := ask(t, h, "GET", api+target)
		body := read(t, resp)
		if resp.StatusCode != 500 || strings.Contains(body, "secret") {
			t.Errorf("GET %s over a broken source = %d:\n%s", target, resp.StatusCode, body)
		}
		d.holds(t, target, resp, body)
	}
}

func TestAPINotModified(t *testing.T) {
	h := handler(t, sample())
	for _, target := range []string{"/articles", "/changes?limit=2", "/articles/1/diff/1..2", "/openapi.json"} {
		tag := ask(t, h, "GET", api+target).Header.Get("ETag")
		if resp := ask(t, h, "GET", api+target, "If-None-Match", tag); resp.StatusCode != 304 {
			t.Errorf("GET %s again = %d, want 304", target, resp.StatusCode)
		}
	}
}

// Each filter that the API takes is described, and each that is described is taken.
func TestAPIFiltersAreDescribed(t *testing.T) {
	h := handler(t, sample())
	d := described(t, h)
	for _, path := range []string{"/articles", "/changes", "/outlets", "/search", "/articles/{id}/history", "/articles/{id}/checks"} {
		var names []string
		for _, p := range d.parameters(t, path) {
			if p["in"] == "query" {
				names = append(names, p["name"].(string))
			}
		}
		_, body := get(t, h, api+concrete(path)+"?q=x&colour=red")
		var said struct{ Detail string }
		if err := json.Unmarshal([]byte(body), &said); err != nil {
			t.Fatal(err)
		}
		_, list, _ := strings.Cut(strings.TrimSuffix(said.Detail, "."), "There are ")
		taken := strings.Split(list, ", ")
		slices.Sort(names)
		slices.Sort(taken)
		if !slices.Equal(names, taken) {
			t.Errorf("%s takes %v, and described are %v", path, taken, names)
		}
	}
}

// What was removed is found, with the version in which it stood and the one that
// has it no more; pages of the list may be shorter than asked, and say so.
func TestAPISearch(t *testing.T) {
	src := sample()
	h := handler(t, src)
	hit := items(t, h, api+"/search?q=%22lose+their+livelihood%22")
	if got, want := fmt.Sprint(hit), `removed:true stands:[map[came_by:2026-03-01T08:00:00Z first:1 last:2 went_after:2026-03-01T14:20:00Z went_by:`; len(hit) != 1 || !strings.Contains(got, want) || !strings.Contains(got, "went_in:3]] url:"+bridgeAddress) {
		t.Errorf("found %s, want %s", got, want)
	}
	src.unread = 7
	if _, body := get(t, h, api+"/search?q=council"); !strings.Contains(body, `"unread":7}`) {
		t.Errorf("no word of what is not indexed in %s", body)
	}
	src.refuses = search.Refusal("More than 200 words begin with “a”: write more of it.")
	if status, body := get(t, h, api+"/search?q=a*"); status != 400 || !strings.Contains(body, "write more of it.") {
		t.Errorf("what the source refuses = %d: %s", status, body)
	}
}

// The outlets are those of the page, with the figures that the command line prints.
func TestAPIOutlets(t *testing.T) {
	h := handler(t, newsroom(31))
	for i, want := range []struct {
		outlet                    string
		articles, edited, changes float64
	}{{"big.example", 31, 11, 11}, {"small.example", 3, 1, 1}} {
		list := items(t, h, api+"/outlets")
		if row := list[i]; len(list) != 2 || row["outlet"] != want.outlet || row["articles"] != want.articles || row["edited"] != want.edited || row["changes"] != want.changes {
			t.Errorf("outlet %d of %d is %v, want %v", i, len(list), row, want)
		}
	}
	if first := items(t, h, api+"/outlets?limit=1"); len(first) != 1 || first[0]["outlet"] != "big.example" {
		t.Errorf("the first page is %v", first)
	}
	if second := items(t, h, api+"/outlets?limit=1&cursor=big.example"); len(second) != 1 || second[0]["outlet"] != "small.example" {
		t.Errorf("the second page is %v", second)
	}
}

// A diff of neighbours says of their change what was kept; a check that found it
// says the same.
func TestAPITellsWhatWasKept(t *testing.T) {
	h := handler(t, sample())
	_, body := get(t, h, api+"/articles/1/diff/1..2")
	for _, want := range []string{`"disclosure":"silent"`, `"significance":62`, `"source":"` + bridgeAddress + `@1"`, `{"op":"delete","text":"12"}`, "An amount changed by a sixth"} {
		if !strings.Contains(body, want) {
			t.Errorf("the diff lacks %s", want)
		}
	}
	_, body = get(t, h, api+"/articles/1/checks")
	for _, want := range []string{`"outcome":"changed","version":2,"kinds":["number"],"disclosure":"silent","significance":62`, `"at":"2026-03-01T10:20:00Z","status":200`, `"reason":"http-503"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the checks lack %s:\n%s", want, body)
		}
	}
}

// eventful is an article to which all happened that a history tells.
func eventful() (*fake, int64) {
	f := turning()
	a := &f.articles[0]
	a.Canonical, a.Live, a.GoneFrom = "https://turning.example/one", true, clock(2, 8, 0)
	a.LastOutcome, a.State = tracker.OutcomeGone, tracker.Gone
	v := &f.versions[1][1]
	v.RevertsTo, v.Story.Modified, v.Story.Sources = 1, clock(1, 9, 0), map[string]string{"headline": "h1"}
	v.Story.Blocks = append(v.Story.Blocks, extract.Block{Kind: extract.Note, Text: "Correction: none.", End: "\n", Place: "at the end", Path: "p", Post: "x",
		Links: []extract.Link{{Text: "none", URL: "https://turning.example/two"}}})
	f.changes[1].RevertsTo, f.changes[4].NoteSpeaks, f.changes[4].Disclosure, f.changes[4].Proof = 1, revision.SpeaksOfChange, revision.Noted, "Correction"
	f.changes = append(f.changes, tracker.Change{ID: 6, ArticleID: 1, From: 6, To: 7, SeenBy: clock(1, 21, 0), Disclosure: revision.Silent, Ours: true})
	for i, kind := range []tracker.EventKind{tracker.EventBlocked, tracker.EventMissing, tracker.EventGone, tracker.EventRestored, tracker.EventMoved, tracker.EventMerged} {
		f.events[1] = append(f.events[1], tracker.Event{ArticleID: 1, Kind: kind, At: clock(2, 8, 0), Until: clock(2, 8, i), Reason: "http-404", Detail: "It answered 404."})
	}
	f.watching = map[int64]tracker.Watching{1: {ArticleID: 1, Lapses: []tracker.Lapse{{
		Seen: clock(1, 12, 0), Planned: clock(1, 12, 30), Next: clock(1, 20, 0),
		Tried: []tracker.Check{{At: clock(1, 13, 0), Outcome: tracker.OutcomeFailed, Reason: "dns"}},
	}}}}
	return f, 1
}
