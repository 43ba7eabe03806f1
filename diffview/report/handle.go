package report

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"storydiff/tracker"
	"storydiff/tracker/search"
)

// errNoPage is an address under which there is no page.
var errNoPage = fmt.Errorf("no such address: %w", tracker.ErrNotFound)

// A badRequest is a sentence about what was asked, for the one who asked.
type badRequest string

func (e badRequest) Error() string { return string(e) }

// A refusal turns a visitor away with a status and a page of its own.
type refusal struct {
	status int
	told   errorPage
	retry  int // after so many seconds it may be otherwise; 0: that is not known
}

func (e refusal) Error() string { return e.told.Text }

// unavailable is why nothing can be answered at present.
type unavailable struct{ error }

func (e unavailable) Unwrap() error { return e.error }

// An errorPage is the data of templates/error.html.
type errorPage struct {
	Heading string
	Text    string
}

// handle turns f into a handler. What a visitor is told when f fails is decided
// by [answerTo] alone; what else there is to know goes to the log.
func (s *site) handle(f func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		err := f(w, r)
		if err == nil || errors.Is(err, context.Canceled) && r.Context().Err() != nil {
			return
		}
		status, told := answerTo(err)
		if status >= http.StatusInternalServerError {
			s.log.ErrorContext(r.Context(), "request failed", "path", r.URL.Path, "err", err)
		}
		if no, ok := errors.AsType[refusal](err); ok && no.retry > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(no.retry))
		}
		s.refuse(w, r, status, told)
	}
}

// refused turns a question that cannot be answered into a bad request.
func refused(err error) (badRequest, bool) {
	refusal, ok := errors.AsType[search.Refusal](err)
	return badRequest(refusal), ok
}

// answerTo decides what a visitor is told about err.
func answerTo(err error) (status int, told errorPage) {
	if bad, ok := errors.AsType[badRequest](err); ok {
		return http.StatusBadRequest, errorPage{"That cannot be answered", bad.Error()}
	}
	if no, ok := errors.AsType[refusal](err); ok {
		return no.status, no.told
	}
	if no, ok := errors.AsType[Refusal](err); ok {
		return http.StatusBadRequest, errorPage{"That cannot be done", sentenceOf(no.Error())}
	}
	if _, ok := errors.AsType[unavailable](err); ok {
		return http.StatusServiceUnavailable, errorPage{"Not available", "The database cannot be read at present. The log says why."}
	}
	if errors.Is(err, errNoPage) {
		return http.StatusNotFound, errorPage{"No such page", "There is no page at this address."}
	}
	if errors.Is(err, tracker.ErrNotFound) {
		return http.StatusNotFound, errorPage{"Not found", "No such article or version is kept here. It may have been removed."}
	}
	return http.StatusInternalServerError, errorPage{"Something went wrong", "The page could not be made. The log says why."}
}

// refuse sends an error page; a program that asks the API gets a problem.
func (s *site) refuse(w http.ResponseWriter, r *http.Request, status int, told errorPage) {
	if isAPI(r.URL.Path) {
		if err := sendProblem(w, r, status, told.Text); err != nil {
			s.log.ErrorContext(r.Context(), "error answer failed", "path", r.URL.Path, "err", err)
			http.Error(w, told.Text, status)
		}
		return
	}
	if err := s.render(w, r, status, "error", page{Title: told.Heading, Main: told}); err != nil {
		s.log.ErrorContext(r.Context(), "error page failed", "path", r.URL.Path, "err", err)
		http.Error(w, told.Text, status)
	}
}

// A page is the data of templates/layout.html.
type page struct {
	Title   string
	Nav     string // which entry of the navigation is this page: "changes", "articles", "outlets", "search", "add" or none
	Style   string // address of the style sheet
	Icon    string // address of the icon
	Version string // of the program
	Notice  string // a sentence at its head; may be empty
	NoIndex bool   // search engines are asked to leave it out
	Done    string // what the visitor has just done; may be empty
	Adds    bool   // articles can be added here
	Login   bool   // there is a password, and the visitor has not given it
	Logout  bool   // they have
	Script  string // address of the script
	Share   *share // what others learn who link to it; nil: no more than its title
	Feeds   feedLinks
	Main    any // data of the template "main"
}

// render makes a page whole and then sends it.
func (s *site) render(w http.ResponseWriter, r *http.Request, status int, name string, p page) error {
	p.Style, p.Icon, p.Script, p.Version, p.Notice = s.assets.style.path, s.assets.icon.path, s.assets.script.path, s.version, s.notice
	if p.Feeds = s.feedsOf(r, status); s.static {
		p.Share = nil // which speaks of addresses at which somebody answers
		if strings.Contains(p.Feeds.Atom, "?") {
			p.Feeds = feedLinks{} // an export has a feed of all, of each outlet and of each article
		}
	}
	s.greet(w, r, &p)
	buf := takeBuffer()
	defer giveBuffer(buf)
	if err := templates()[name].ExecuteTemplate(buf, "layout", p); err != nil {
		return fmt.Errorf("rendering page %s: %w", name, err)
	}
	return send(w, r, status, "text/html; charset=utf-8", buf.Bytes())
}

// greet says on a page what is the visitor's alone.
func (s *site) greet(w http.ResponseWriter, r *http.Request, p *page) {
	if strings.Contains(r.URL.RawQuery, "done=") {
		p.Done = doneWords[r.URL.Query().Get("done")]
	}
	p.Adds = s.desk != nil && (s.gate.locked() || s.gate.mayWrite(r))
	if !s.gate.locked() {
		return
	}
	w.Header().Add("Vary", "Cookie")
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "private, no-cache")
	}
	p.Logout = s.gate.knows(r)
	p.Login = !p.Logout && s.gate.password.set
}

// Both pools spare a page its largest allocations.
var (
	buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}
	zippers = sync.Pool{New: func() any { return newZipper() }}
)

// newZipper returns a compressor of the quickest kind: while something is written
// every second, a page is packed for few readers.
func newZipper() *gzip.Writer {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is ours
	}
	return z
}

func takeBuffer() *bytes.Buffer {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	return buf
}

// giveBuffer keeps buf for the next page, unless this one was a giant.
func giveBuffer(buf *bytes.Buffer) {
	if buf.Cap() <= 1<<20 {
		buffers.Put(buf)
	}
}

// gzipFrom is the least length worth compressing: less fits one network packet anyway.
const gzipFrom = 1 << 10

// send answers with body, or with 304 where the visitor has it already. The tag
// is a weak one, since the compressed form shares it.
func send(w http.ResponseWriter, r *http.Request, status int, contentType string, body []byte) error {
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Add("Vary", "Accept-Encoding")
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	if status == http.StatusOK {
		sum := sha256.Sum256(body)
		tag := `"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("ETag", "W/"+tag)
		if holds(r.Header.Values("If-None-Match"), tag) {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	if len(body) >= gzipFrom && acceptsGzip(r.Header.Values("Accept-Encoding")) {
		return sendZipped(w, r, status, body)
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(body) // an error means that the visitor has gone
	}
	return nil
}

func sendZipped(w http.ResponseWriter, r *http.Request, status int, body []byte) error {
	buf := takeBuffer()
	defer giveBuffer(buf)
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	z.Reset(buf)
	if _, err := z.Write(body); err != nil {
		return fmt.Errorf("compressing page: %w", err)
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("compressing page: %w", err)
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Content-Length", strconv.Itoa(buf.Len()))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		w.Write(buf.Bytes()) // an error means that the visitor has gone
	}
	return nil
}

// holds reports whether an If-None-Match list names tag, weak or not.
func holds(list []string, tag string) bool {
	for t := range strings.SplitSeq(strings.Join(list, ","), ",") {
		t = strings.TrimSpace(t)
		if t == "*" || strings.TrimPrefix(t, "W/") == tag {
			return true
		}
	}
	return false
}

// acceptsGzip reads Accept-Encoding as RFC 9110 §12.5.3 has it.
func acceptsGzip(list []string) bool {
	for part := range strings.SplitSeq(strings.Join(list, ","), ",") {
		coding, weight, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			continue
		}
		_, q, found := strings.Cut(weight, "=")
		n, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		return !found || err == nil && n > 0
	}
	return false
}
