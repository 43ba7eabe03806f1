package tracker

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The bounds of an annotation, in bytes: a label fits beside a change in a list,
// a text is a paragraph or two.
const (
	maxLabel      = 100
	maxAnnotation = 2000
	maxAuthor     = 100
)

// An Annotation is what a person says of what lies between two versions of an
// article: a judgement that no program makes.
type Annotation struct {
	ID        int64
	ArticleID int64
	From, To  int       // version numbers, From the smaller; they need not follow one another
	Label     string    // in a word or three, at best one of [AnnotationLabels]; may be empty where there is a Text
	Text      string    // may have several lines, and may be empty where there is a Label
	By        string    // who says so; may be empty
	At        time.Time // when it was said
}

// AnnotationLabels are the labels that are offered. Others may be used; the same
// words for the same thing let them be counted.
func AnnotationLabels() []string {
	return []string{"error fixed", "as expected", "context added", "context removed", "softened", "sharpened", "spin"}
}

// Check says in a sentence why an annotation cannot be kept; nil: it can.
func (a *Annotation) Check() error {
	switch {
	case a.From < 1 || a.To <= a.From:
		return fmt.Errorf("a note is about the change from a version to a later one, not from %d to %d", a.From, a.To)
	case a.Label == "" && a.Text == "":
		return errors.New("a note needs a label or a text")
	case len(a.Label) > maxLabel:
		return fmt.Errorf("the label of a note has %d bytes at most", maxLabel)
	case len(a.Text) > maxAnnotation:
		return fmt.Errorf("the text of a note has %d bytes at most", maxAnnotation)
	case len(a.By) > maxAuthor:
		return fmt.Errorf("the name under a note has %d bytes at most", maxAuthor)
	case !plain(a.Label, "") || !plain(a.By, "") || !plain(a.Text, "\n\t"):
		return errors.New("a note is plain text, without control characters")
	}
	return nil
}

// plain reports whether a text is well-formed and has no control characters but
// those that are let be.
func plain(text, let string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !strings.ContainsRune(let, r) })
}
