package report

import (
	_ "embed"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"storydiff/diffview"
)

// The API tells programs what the pages tell people: the rows that the command
// line prints, read alone. openapi.json describes it; a test holds every answer
// against that.

// apiRoot is where the API begins. What is incompatible gets another number.
const apiRoot = "/api/v1"

// The lengths of a list, in rows.
const (
	rowsUnasked = 100
	rowsAtMost  = 500
)

//go:embed openapi.json
var openAPI []byte

// An apiRoute is one address of the API.
type apiRoute struct {
	path   string // below apiRoot
	answer func(http.ResponseWriter, *http.Request) error
}

// apiRoutes is the list of every address of the API.
func (s *site) apiRoutes() []apiRoute {
	return []apiRoute{
		{"/articles", s.apiArticles},
		{"/articles/{id}", s.apiArticle},
		{"/articles/{id}/history", s.apiHistory},
		{"/articles/{id}/versions/{n}", s.apiVersion},
		{"/articles/{id}/checks", s.apiChecks},
		{"/articles/{id}/diff/{range}", s.apiDiff},
		{"/changes", s.apiChanges},
		{"/outlets", s.apiOutlets},
		{"/search", s.apiSearch},
		{"/openapi.json", s.apiDescription},
	}
}

// described makes an answer of the API say where the API is described (RFC 8631).
func described(answer func(http.ResponseWriter, *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		w.Header().Add("Link", "<"+apiRoot+`/openapi.json>; rel="service-desc"; type="application/json"`)
		return answer(w, r)
	}
}

func (s *site) apiDescription(w http.ResponseWriter, r *http.Request) error {
	if err := onlyParameters(r); err != nil {
		return err
	}
	return send(w, r, http.StatusOK, "application/json", openAPI)
}

// isAPI reports whether an address is one of the API, there or not: its errors
// are for programs.
func isAPI(path string) bool { return path == "/api" || strings.HasPrefix(path, "/api/") }

// A problem is an error as RFC 9457 has it. Its type is about:blank, so its title
// is that of the status.
type problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

func sendProblem(w http.ResponseWriter, r *http.Request, status int, detail string) error {
	return sendJSON(w, r, status, "application/problem+json", problem{"about:blank", http.StatusText(status), status, detail})
}

// onlyParameters refuses a query string with anything but the named parameters:
// one that is misspelt must not go for a filter.
func onlyParameters(r *http.Request, names ...string) error {
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return err
	}
	return noOthers(q, names)
}

func noOthers(q url.Values, names []string) error {
	for _, name := range slices.Sorted(maps.Keys(q)) {
		if slices.Contains(names, name) {
			continue
		}
		if len(names) == 0 {
			return badRequest(fmt.Sprintf("There is no parameter %s: this address takes none.", shown(cutEnd(name, fieldLimit))))
		}
		return badRequest(fmt.Sprintf("There is no parameter %s. There are %s.", shown(cutEnd(name, fieldLimit)), strings.Join(names, ", ")))
	}
	return nil
}

// A listQuery is the part of a query string that says which page of a list is
// asked for.
type listQuery struct {
	rest   url.Values // the other parameters
	limit  int        // 1..rowsAtMost
	cursor string     // what the page before said; empty: the first page
}

func parseListQuery(r *http.Request) (listQuery, error) {
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return listQuery{}, err
	}
	l := listQuery{rest: q, limit: rowsUnasked, cursor: q.Get("cursor")}
	if text := q.Get("limit"); text != "" {
		if l.limit, err = strconv.Atoi(text); err != nil || l.limit < 1 || l.limit > rowsAtMost {
			return l, badRequest(fmt.Sprintf("limit must be a number from 1 to %d, not %q.", rowsAtMost, text))
		}
	}
	q.Del("limit")
	q.Del("cursor")
	return l, nil
}

// only refuses what is neither limit nor cursor nor one of names.
func (l listQuery) only(names ...string) error {
	return noOthers(l.rest, append(slices.Clone(names), "limit", "cursor"))
}

// id reads a cursor that is the ID of the last row; 0: the first page.
func (l listQuery) id() (int64, error) {
	if l.cursor == "" {
		return 0, nil
	}
	id, err := strconv.ParseInt(l.cursor, 10, 64)
	if err != nil || id < 1 {
		return 0, badCursor(l.cursor)
	}
	return id, nil
}

func badCursor(cursor string) error {
	return badRequest(fmt.Sprintf("cursor %q is none that this list gave out: take it from next, or leave it out.", cursor))
}

// A rowList is a page of a list.
type rowList struct {
	Items []any  `json:"items"`
	Next  string `json:"next,omitempty"` // address of the next page; absent on the last
	// Unread is how many articles are still to be indexed, and are not found.
	Unread int `json:"unread,omitempty"`
}

// lines is the type of an answer that is a row a line, as the command line has it.
const lines = "application/x-ndjson"

// sendRows answers with one row more or less than asked for: the one too many
// tells that there is a next page, which begins behind the last that is sent.
// cursorOf says where that is.
func (s *site) sendRows(w http.ResponseWriter, r *http.Request, l listQuery, rows []any, cursorOf func(i int) string) error {
	var cursor string
	if len(rows) > l.limit {
		rows, cursor = rows[:l.limit], cursorOf(l.limit-1)
	}
	return s.sendPage(w, r, rowList{Items: rows}, cursor)
}

// sendPage answers with a page of a list; the next one begins at a cursor, and
// there is none where that is empty.
func (s *site) sendPage(w http.ResponseWriter, r *http.Request, page rowList, cursor string) error {
	if cursor != "" {
		q := r.URL.Query()
		q.Set("cursor", cursor)
		page.Next = s.base(r) + withQuery(r.URL.EscapedPath(), q.Encode())
		w.Header().Add("Link", "<"+page.Next+`>; rel="next"`)
	}
	w.Header().Add("Vary", "Accept")
	if !strings.Contains(strings.ToLower(r.Header.Get("Accept")), lines) {
		if page.Items == nil {
			page.Items = []any{}
		}
		return sendJSON(w, r, http.StatusOK, "application/json", page)
	}
	buf := takeBuffer()
	defer giveBuffer(buf)
	for _, row := range page.Items {
		if err := diffview.WriteRow(buf, row); err != nil {
			return err
		}
	}
	return send(w, r, http.StatusOK, lines, buf.Bytes())
}
