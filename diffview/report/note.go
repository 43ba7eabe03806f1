package report

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"storydiff/tracker"
)

// A note is what a person said of a change.
type note struct {
	Label, Text, By string
	At              *moment
	Change          link   // what it is about
	Delete          string // where the form that deletes it goes; empty: the visitor may not
}

// changeNotes is what people said of a change; data of the template "notes".
type changeNotes struct {
	Notes  []note
	Add    string // where the form for one more goes; empty: the visitor may not
	Labels []string
	Login  string // where a visitor who may not logs in; empty: there is no need, or no password
}

// changeNotes returns what people said of the change between two versions.
func (s *site) changeNotes(r *http.Request, id int64, from, to int) (changeNotes, error) {
	var p changeNotes
	all, err := s.src.Annotations(r.Context(), id)
	if err != nil {
		return p, fmt.Errorf("reading the notes on article %d: %w", id, err)
	}
	may := s.desk != nil && s.gate.mayWrite(r)
	for _, a := range all {
		if a.From == from && a.To == to {
			p.Notes = append(p.Notes, newNote(a, may))
		}
	}
	switch {
	case may:
		p.Add, p.Labels = changePath(id, from, to)+"/notes", tracker.AnnotationLabels()
	case s.desk != nil:
		p.Login = s.loginAddress(r)
	}
	return p, nil
}

// notesOn returns what people said of the changes of an article.
func (s *site) notesOn(r *http.Request, id int64) ([]note, error) {
	all, err := s.src.Annotations(r.Context(), id)
	if err != nil {
		return nil, fmt.Errorf("reading the notes on article %d: %w", id, err)
	}
	var out []note
	for _, a := range all {
		out = append(out, newNote(a, s.desk != nil && s.gate.mayWrite(r)))
	}
	return out, nil
}

func newNote(a tracker.Annotation, may bool) note {
	n := note{
		Label:  brief(a.Label),
		Text:   shown(a.Text),
		By:     brief(a.By),
		At:     newMoment(a.At),
		Change: link{Href: changePath(a.ArticleID, a.From, a.To), Text: fmt.Sprintf("version %d to %d", a.From, a.To)},
	}
	if may {
		n.Delete = fmt.Sprintf("%s/notes/%d/delete", articlePath(a.ArticleID), a.ID)
	}
	return n
}

// markLimit is how much of a note without a label a list shows, in runes.
const markLimit = 40

// marks are the notes on a change in as few words as a list has room for.
func marks(notes []tracker.Annotation) []string {
	var out []string
	for _, a := range notes {
		text := a.Label
		if text == "" {
			text, _, _ = strings.Cut(a.Text, "\n")
		}
		out = append(out, shown(cutEnd(text, markLimit)))
	}
	return out
}

// annotate keeps a note on a change.
func (s *site) annotate(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	from, to, err := parseRange(r.PathValue("range"))
	if err != nil {
		return err
	}
	form, err := readForm(w, r, fields{"label": labelLimit, manyLines: textLimit, "by": nameLimit})
	if err != nil {
		return err
	}
	a := tracker.Annotation{ArticleID: id, From: from, To: to, Label: form.Get("label"), Text: form.Get(manyLines), By: form.Get("by"), At: s.now()}
	if err := a.Check(); err != nil {
		return badRequest(sentence(err.Error()))
	}
	if err := s.desk.Annotate(r.Context(), &a); err != nil {
		return err
	}
	s.wrote(r, "noted", "article", id, "from_version", from, "to_version", to, "note", a.ID)
	return leadBack(w, r, changePath(id, from, to), "noted")
}

// unannotate deletes a note.
func (s *site) unannotate(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	noteID, err := strconv.ParseInt(r.PathValue("note"), 10, 64)
	if err != nil || noteID < 1 {
		return errNoPage
	}
	if _, err := readForm(w, r, nil); err != nil {
		return err
	}
	if err := s.desk.Unannotate(r.Context(), id, noteID); err != nil {
		return err
	}
	s.wrote(r, "unnoted", "article", id, "note", noteID)
	return leadBack(w, r, articlePath(id), "unnoted")
}
