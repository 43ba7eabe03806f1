package revision

import (
	"slices"
	"strings"

	"storydiff/tracker/extract"
)

// A finding is what classify gathers about one passage.
type finding struct {
	c     *comparison
	p     *passage
	edits []edit
	said  map[Kind]bool
}

// classify names what changed in a passage: one edit for each kind and place,
// with the words as evidence. Wording is given where nothing finer explains a
// change, and never goes missing: a changed passage has an edit.
func (c *comparison) classify(p *passage, kind extract.BlockKind) []edit {
	f := &finding{c: c, p: p, said: map[Kind]bool{}}
	if redecoded(p.oldText(), p.newText()) {
		before, after := p.change()
		f.add(Spelling, before, after, pointsSpelling, changed)
		return f.edits
	}
	if f.oneSided() || f.rewritten() {
		f.replaced(kind)
		return f.edits
	}
	t := f.terms()
	for _, s := range p.sites {
		f.site(s, t, kind)
	}
	if len(f.edits) == 0 {
		f.wording(nil)
	}
	return withoutAgreement(f.edits)
}

// withoutAgreement drops the change of a verb that follows another, as where "one
// was" became "two were".
func withoutAgreement(edits []edit) []edit {
	if !slices.ContainsFunc(edits, func(e edit) bool { return e.Kind == Number || e.Kind == Negation || e.Kind == Name || e.Kind == Hedge }) {
		return edits
	}
	return slices.DeleteFunc(edits, func(e edit) bool {
		if e.Kind == Wording && (e.Before == "" && trailing[e.After] || e.After == "" && trailing[e.Before]) {
			return true
		}
		return e.Kind == Wording && (agreements[e.Before] == e.After && e.After != "" || agreements[e.After] == e.Before && e.Before != "")
	})
}

// trailing are German infinitives that a verb of another mood sends to the end: "hat
// … getötet" became "soll … getötet haben".
var trailing = map[string]bool{"haben": true, "sein": true, "worden": true, "werden": true}

// agreements are forms of a verb for one and for several.
var agreements = map[string]string{"was": "were", "is": "are", "has": "have"}

// site names what changed at one place.
func (f *finding) site(s site, t terms, kind extract.BlockKind) {
	p, lex := f.p, f.c.lex
	before, after := p.before(s), p.after(s)
	explained := f.inQuotes(s, kind)
	if s.isMarks() {
		if !explained {
			f.marks(before, after)
		}
		return
	}
	if p.misspelt(s, lex) {
		f.slip(s, before, after)
		return
	}
	numbers, dates, restyled := p.changedNumbers(s, lex)
	for _, d := range numbers {
		f.add(Number, d.before, d.after, pointsNumber, natureOf(d.before, d.after))
	}
	dates = whole(append(dates, p.changedDates(s, lex)...))
	if len(dates) > 0 && !f.has(Date, dates[0].before, dates[0].after) { // else another part of the same date changed too
		points := pointsDate
		if slices.ContainsFunc(dates, func(d pair) bool { return d.before != "" && d.after != "" }) && p.isRelative(s, lex) {
			points = pointsSlight
		}
		f.add(Date, dates[0].before, dates[0].after, points, natureOf(dates[0].before, dates[0].after))
	}
	if restyled && len(numbers)+len(dates) == 0 {
		f.add(Spelling, before, after, pointsSpelling, changed)
	}
	named := f.names(s, before, after)
	finer := len(numbers)+len(dates) > 0 || named || restyled
	finer = f.lexical(s, t, named, before, after) || finer
	if !explained && f.residue(s, finer) {
		f.wording(&s)
	}
}

// whole puts together what went and what came of a date that was put otherwise:
// "last week" became "two weeks ago".
func whole(dates []pair) []pair {
	if len(dates) != 2 {
		return dates
	}
	a, b := dates[0], dates[1]
	switch {
	case a.before == "" && b.after == "":
		return []pair{{b.before, a.after}}
	case a.after == "" && b.before == "":
		return []pair{{a.before, b.after}}
	}
	return dates
}

// inQuotes adds the kind quote where it applies and reports whether it did.
func (f *finding) inQuotes(s site, kind extract.BlockKind) bool {
	before, after, ok := f.p.quote(s)
	if !ok && kind == extract.Quote && !s.isMarks() {
		before, after, ok = f.p.before(s), f.p.after(s), true
	}
	if !ok {
		return false
	}
	n, points := natureOf(before, after), pointsQuote
	switch {
	case s.isMarks() && bare(before) == after:
		n = unmarked
	case s.isMarks() && before == bare(after):
		n = marked
	case f.p.misspelt(s, f.c.lex):
		points = pointsQuoteSlip
	}
	if (n == marked || n == unmarked) && f.has(Quote, before, after) {
		return true // the other mark of the same quotation
	}
	f.add(Quote, before, after, points, n)
	return true
}

// marks tells of marks alone. A question or exclamation mark changes what a
// sentence says; a comma hardly does.
func (f *finding) marks(before, after string) {
	if strings.ContainsAny(before, "?!？！") != strings.ContainsAny(after, "?!？！") {
		f.add(Wording, before, after, pointsOneSided, changed)
		return
	}
	f.add(Spelling, before, after, pointsSpelling, changed)
}

// slip tells of a spelling; where it is a name that the old story never spelt
// the new way, it may as well be another person.
func (f *finding) slip(s site, before, after string) {
	f.add(Spelling, before, after, pointsSpelling, changed)
	b, a := []rune(keyOf(before)), []rune(keyOf(after))
	if s.oldWords.len() != 1 || s.newWords.len() != 1 || len(a) != len(b) && len(a) > 40 {
		return
	}
	slices.Sort(b)
	slices.Sort(a)
	sameLetters := slices.Equal(a, b) || plain(keyOf(before)) == plain(keyOf(after))
	name := possessor(keyOf(after))
	titles := f.p.new.titleCase(f.c.lex)
	ordinary := f.c.lex.isKnown(name) && !f.p.new.behindFirstName(s.newWords.from, f.c.lex)
	if !sameLetters && !ordinary && f.c.vocabulary.before[name] == 0 && f.p.new.isName(s.newWords.from, f.c.vocabulary, f.c.lex, titles) {
		f.add(Name, before, after, pointsNameFamiliar, respelt)
	}
}

// behindFirstName reports whether word i stands behind a title or a name, so that
// it is a name though it be a common word too: "Brown" in "Gordon Brown".
func (s *side) behindFirstName(i int, lex *lexicon) bool {
	last := s.at(i - 1)
	return s.isCapitalAt(i-1) && strings.Trim(s.between(i-1), " .\u00a0") == "" && (lex.honorific[last] || !lex.isKnown(last) && !s.initial(i-1, lex))
}

// names adds the kind name where it applies.
func (f *finding) names(s site, before, after string) bool {
	went, came, familiar := f.p.changedNames(s, f.c.vocabulary, f.c.lex)
	if len(went) == 0 && len(came) == 0 {
		return false
	}
	points := pointsName
	if familiar {
		points = pointsNameFamiliar
	}
	n := changed
	switch {
	case len(went) == 0:
		n = added
	case len(came) == 0:
		n = removed
	}
	f.add(Name, before, after, points, n)
	return true
}

// isRelative reports whether the site is a number in "8 hours ago".
func (p *passage) isRelative(s site, lex *lexicon) bool {
	next := p.new.at(s.newWords.to)
	return s.newWords.len() == 1 && (lex.isTimeUnit(next) || abbreviatedUnit[next]) && lex.ago[p.new.at(s.newWords.to+1)]
}
