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
	if !slices.ContainsFunc(edits, func(e edit) bool { return e.Kind == Number || e.Kind == Negation || e.Kind == Name }) {
		return edits
	}
	return slices.DeleteFunc(edits, func(e edit) bool {
		return e.Kind == Wording && (agreements[e.Before] == e.After && e.After != "" || agreements[e.After] == e.Before && e.Before != "")
	})
}

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
	dates = append(dates, p.changedDates(s, lex)...)
	if len(dates) > 0 {
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
	if !sameLetters && !f.c.lex.isKnown(name) && f.c.vocabulary.before[name] == 0 && f.p.new.isName(s.newWords.from, f.c.vocabulary, f.c.lex, titles) {
		f.add(Name, before, after, pointsNameFamiliar, respelt)
	}
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
