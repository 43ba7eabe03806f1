package storagetest

import (
	"fmt"
	"strings"
	"time"

	"storydiff/storage"
	"storydiff/tracker"
	"storydiff/tracker/revision"
)

func tagsOneByOne(f *fixture) {
	a := f.add("/a", "x")
	for _, tag := range []string{" élection ", "x", "b"} {
		f.ok(f.Tag(f.Context(), a.ID, tag))
	}
	f.ok(f.Untag(f.Context(), a.ID, "x"))
	a, err := f.Article(f.Context(), a.ID)
	f.ok(err)
	f.same("tags", a.Tags, []string{"b", "élection"})

	for _, tag := range []string{"", " \t", "a\x1b[31m", "a\nb", strings.Repeat("a", 101), "\xff"} {
		if err := f.Tag(f.Context(), a.ID, tag); err == nil {
			f.Errorf("the tag %q was taken", tag)
		}
	}
	f.wantErr(f.Untag(f.Context(), a.ID, "x"), tracker.ErrNotFound, "article 1")
	f.wantErr(f.Tag(f.Context(), 9, "x"), tracker.ErrNotFound, "article 9")
	for i := range 48 {
		f.ok(f.Tag(f.Context(), a.ID, fmt.Sprint("t", i)))
	}
	f.ok(f.Tag(f.Context(), a.ID, "b"))
	f.wantErr(f.Tag(f.Context(), a.ID, "too many"), storage.ErrTooMany, "article 1")
	f.ok(f.Remove(f.Context(), a.ID, false))
	f.wantErr(f.Tag(f.Context(), a.ID, "b"), tracker.ErrNotFound, "article 1")
}

func madeDue(f *fixture) {
	a := f.add("/a")
	f.look(a.ID, tracker.OutcomeFailed, nil)
	f.wantDue(start.Add(time.Minute))
	f.ok(f.MakeDue(f.Context(), a.ID, start.Add(time.Minute)))
	f.wantDue(start.Add(time.Minute), "example.com")
	f.ok(f.MakeDue(f.Context(), a.ID, start.Add(time.Hour))) // it is due sooner
	f.wantDue(start.Add(time.Minute), "example.com")

	for _, state := range []tracker.State{tracker.Paused, tracker.Retired} {
		f.ok(f.SetState(f.Context(), a.ID, state, time.Time{}))
		f.wantErr(f.MakeDue(f.Context(), a.ID, start), tracker.ErrNotFound, "article 1")
	}
	f.ok(f.SetState(f.Context(), a.ID, tracker.Gone, time.Time{}))
	f.ok(f.MakeDue(f.Context(), a.ID, start))
	f.ok(f.Remove(f.Context(), a.ID, false))
	f.wantErr(f.MakeDue(f.Context(), a.ID, start), tracker.ErrNotFound, "article 1")
	f.wantErr(f.MakeDue(f.Context(), 9, start), tracker.ErrNotFound, "article 9")
}

func annotations(f *fixture) {
	a, b := f.add("/a"), f.add("/b")
	for _, id := range []int64{a.ID, b.ID} {
		f.publish(id, story("One", "text"), nil)
		for i := range 2 {
			f.now = f.now.Add(time.Minute)
			f.publish(id, story(fmt.Sprint("More ", i), "text"), change(f.now, 30, revision.Headline))
		}
	}
	notes := []tracker.Annotation{
		{ArticleID: a.ID, From: 1, To: 2, Label: "error fixed", Text: "Two lines,\nof “text”.", By: "Ida", At: start.Add(1234567 * time.Nanosecond)},
		{ArticleID: a.ID, From: 1, To: 3, Label: "spin", At: start},
		{ArticleID: a.ID, From: 1, To: 2, Text: "<b>no markup</b>", At: start.Add(time.Hour)},
		{ArticleID: b.ID, From: 2, To: 3, Label: "as expected", At: start},
	}
	for i := range notes {
		f.ok(f.Annotate(f.Context(), &notes[i]))
		f.same("its number", notes[i].ID, i+1)
	}
	f.same("its time", notes[0].At, start.Add(time.Millisecond))
	f.wantNotes(a.ID, notes[0], notes[1], notes[2])
	f.wantNotes(b.ID, notes[3])

	changes, err := f.Changes(f.Context(), tracker.ChangeFilter{})
	f.ok(err)
	f.same("changes", len(changes), 4)
	f.same("notes on the change of b", changes[0].Annotations, notes[3:])
	f.same("notes on a change with none", len(changes[1].Annotations)+len(changes[2].Annotations), 0)
	f.same("notes on the change of a", changes[3].Annotations, []tracker.Annotation{notes[0], notes[2]})
	one, err := f.Change(f.Context(), a.ID, 1, 2)
	f.ok(err)
	f.same("notes on one change", one.Annotations, []tracker.Annotation{notes[0], notes[2]})

	f.wantErr(f.Unannotate(f.Context(), b.ID, notes[0].ID), tracker.ErrNotFound, "note 1 on article 2")
	f.ok(f.Unannotate(f.Context(), a.ID, notes[0].ID))
	f.wantErr(f.Unannotate(f.Context(), a.ID, notes[0].ID), tracker.ErrNotFound, "note 1 on article 1")
	f.wantNotes(a.ID, notes[1], notes[2])

	f.ok(f.Remove(f.Context(), a.ID, false))
	f.wantNotes(a.ID, notes[1], notes[2])
	f.ok(f.Remove(f.Context(), a.ID, true))
	f.wantNotes(a.ID)
	f.wantNotes(b.ID, notes[3])
}

func (f *fixture) wantNotes(id int64, want ...tracker.Annotation) {
	f.Helper()
	got, err := f.Annotations(f.Context(), id)
	f.ok(err)
	f.same("notes", got, want)
}

func annotationBounds(f *fixture) {
	a := f.add("/a")
	f.publish(a.ID, story("One", "text"), nil)
	f.publish(a.ID, story("Two", "text"), change(f.now, 30, revision.Headline))
	note := func(article int64, from, to int, label string) error {
		return f.Annotate(f.Context(), &tracker.Annotation{ArticleID: article, From: from, To: to, Label: label, At: start})
	}
	f.wantErr(note(a.ID, 2, 3, "x"), tracker.ErrNotFound, "versions 2 to 3 of article 1")
	f.wantErr(note(9, 1, 2, "x"), tracker.ErrNotFound, "article 9")
	for _, err := range []error{note(a.ID, 2, 1, "x"), note(a.ID, 1, 2, ""), note(a.ID, 1, 2, "a\x00b")} {
		if err == nil {
			f.Error("a note was taken that is none")
		}
	}
	for range 200 {
		f.ok(note(a.ID, 1, 2, "x"))
	}
	f.wantErr(note(a.ID, 1, 2, "x"), storage.ErrTooMany, "article 1")
}
