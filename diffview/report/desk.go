package report

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"storydiff/tracker"
)

// A Desk does what visitors want changed. A [Refusal] is their mistake, an error
// that wraps [tracker.ErrNotFound] names what is not there; both are told to them.
type Desk interface {
	// Add tracks an article. Where it is tracked already, under this address or
	// another form of it, added is false, and it has the further tags.
	Add(ctx context.Context, address string, tags []string) (a tracker.Article, added bool, err error)
	// Pause stops the looks at an article.
	Pause(ctx context.Context, id int64) error
	// Resume makes an article be looked at again, the next time at once.
	Resume(ctx context.Context, id int64) error
	// LookNow makes an article due at once.
	LookNow(ctx context.Context, id int64) error
	// Tag gives an article one more tag.
	Tag(ctx context.Context, id int64, tag string) error
	// Untag takes a tag from an article.
	Untag(ctx context.Context, id int64, tag string) error
	// Annotate keeps a note on a change, and gives it its ID and time.
	Annotate(ctx context.Context, a *tracker.Annotation) error
	// Unannotate deletes a note on an article.
	Unannotate(ctx context.Context, articleID, id int64) error
	// Watched reports whether somebody looks at what is due.
	Watched(ctx context.Context) (bool, error)
}

// A Refusal says in a sentence, for the one who asked, why something is not done.
type Refusal string

func (e Refusal) Error() string { return string(e) }

// The bounds of what is posted, in bytes.
const (
	tagLimit   = 100
	labelLimit = 100
	textLimit  = 2000
	nameLimit  = 100
)

func (s *site) deskRoutes() []route {
	return []route{
		{"GET /add", reader, s.addPage},
		{"POST /add", writer, s.add},
		{"POST /articles/{id}/pause", writer, s.onArticle("paused", s.desk.Pause)},
		{"POST /articles/{id}/resume", writer, s.onArticle("resumed", s.desk.Resume)},
		{"POST /articles/{id}/look", writer, s.onArticle("due", s.desk.LookNow)},
		{"POST /articles/{id}/tag", writer, s.onTag("tagged", s.desk.Tag)},
		{"POST /articles/{id}/untag", writer, s.onTag("untagged", s.desk.Untag)},
		{"POST /articles/{id}/changes/{range}/notes", writer, s.annotate},
		{"POST /articles/{id}/notes/{note}/delete", writer, s.unannotate},
	}
}

// onArticle answers a form without fields that does something to an article.
func (s *site) onArticle(done string, do func(context.Context, int64) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := articleID(r)
		if err != nil {
			return err
		}
		if _, err := readForm(w, r, nil); err != nil {
			return err
		}
		if err := do(r.Context(), id); err != nil {
			return err
		}
		s.wrote(r, done, "article", id)
		return leadBack(w, r, articlePath(id), done)
	}
}

// onTag answers a form with a tag.
func (s *site) onTag(done string, do func(context.Context, int64, string) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		id, err := articleID(r)
		if err != nil {
			return err
		}
		form, err := readForm(w, r, fields{"tag": tagLimit})
		if err != nil {
			return err
		}
		tag := form.Get("tag")
		if tag == "" {
			return badRequest("Give a tag of at least one letter.")
		}
		if err := do(r.Context(), id, tag); err != nil {
			return err
		}
		s.wrote(r, done, "article", id, "tag", tag)
		return leadBack(w, r, articlePath(id), done)
	}
}

// wrote tells the log what a visitor changed.
func (s *site) wrote(r *http.Request, what string, args ...any) {
	s.log.InfoContext(r.Context(), "changed by hand", append([]any{"what", what, "from", r.RemoteAddr}, args...)...)
}

// An articleDesk is what can be done with an article; data of the template "desk".
type articleDesk struct {
	Article             string // address of the article's page, below which the forms go
	Pause, Resume, Look bool   // which of them there are
	Watched             bool   // somebody looks at what is due
	Tags                []tagOn
	Login               string // where who may do none of it logs in; empty: it may be done
	Notes               []note // what people said of its changes
}

// A tagOn is a tag that can be taken off.
type tagOn struct {
	Value string // as it is kept
	Text  string // as it is shown
}

// articleDesk returns what a visitor can do with an article, and what people said
// of it; nil: nothing.
func (s *site) articleDesk(r *http.Request, a tracker.Article) (*articleDesk, error) {
	notes, err := s.notesOn(r, a.ID)
	if err != nil {
		return nil, err
	}
	d := &articleDesk{Article: articlePath(a.ID), Notes: notes}
	switch {
	case s.desk == nil || !a.RemovedAt.IsZero():
		if len(notes) == 0 {
			return nil, nil
		}
		d.Article = ""
		return d, nil
	case !s.gate.mayWrite(r):
		if d.Login = s.loginAddress(r); d.Login == "" && len(notes) == 0 {
			return nil, nil
		}
		if d.Login == "" {
			d.Article = ""
		}
		return d, nil
	}
	d.Resume = a.State == tracker.Paused || a.State == tracker.Retired
	d.Pause = !d.Resume
	d.Look = !d.Resume
	for _, tag := range a.Tags {
		if !strings.ContainsFunc(tag, unicode.IsControl) { // no form could send it
			d.Tags = append(d.Tags, tagOn{tag, brief(tag)})
		}
	}
	if d.Watched, err = s.desk.Watched(r.Context()); err != nil {
		return nil, fmt.Errorf("finding out who watches: %w", err)
	}
	return d, nil
}

// loginAddress returns where a visitor can log in and come back; empty: there is
// no password.
func (s *site) loginAddress(r *http.Request) string {
	if !s.gate.password.set {
		return ""
	}
	return withQuery("/login", url.Values{"next": {nextOf(r)}}.Encode())
}
