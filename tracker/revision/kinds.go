package revision

import (
	"slices"
	"strings"
	"unicode"

	"storydiff/tracker/extract"
	"storydiff/tracker/worddiff"
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
	return f.edits
}

// oneSided reports whether the passage came or went whole.
func (f *finding) oneSided() bool {
	o, n := overlap(f.p.old.words, f.p.oldBytes).len(), overlap(f.p.new.words, f.p.newBytes).len()
	return f.p.pure() && (o == 0 || n == 0)
}

// rewritten reports whether less than a fifth of the words of content stayed, of
// five at least, or none of three: what one word became is then a matter of
// chance.
func (f *finding) rewritten() bool {
	count := func(words []word) int {
		n := 0
		for _, w := range words {
			if f.c.lex.isContent(w) {
				n++
			}
		}
		return n
	}
	o, n := overlap(f.p.old.words, f.p.oldBytes), overlap(f.p.new.words, f.p.newBytes)
	all := min(count(f.p.old.words[o.from:o.to]), count(f.p.new.words[n.from:n.to]))
	gone := 0
	for _, s := range f.p.sites {
		gone += count(f.p.new.words[s.newWords.from:s.newWords.to])
	}
	stayed := count(f.p.new.words[n.from:n.to]) - gone
	return all >= 3 && stayed <= 0 || all >= 5 && stayed*5 < all
}

// replaced tells of sentences that came, went or took the place of others with
// hardly a word in common. Of single words no more is said than the numbers and
// dates where both have some, and that a quotation is among them.
func (f *finding) replaced(kind extract.BlockKind) {
	p := f.p
	before, after := strings.TrimSpace(p.oldText()), strings.TrimSpace(p.newText())
	words := site{p.oldBytes, p.newBytes, overlap(p.old.words, p.oldBytes), overlap(p.new.words, p.newBytes)}
	if words.isMarks() {
		f.marks(before, after)
		return
	}
	if words.oldWords.len() > 0 && words.newWords.len() > 0 {
		for _, s := range []struct {
			kind   Kind
			points int
			pairs  []pair
		}{{Number, pointsNumber, f.numbers(words)}, {Date, pointsDate, p.changedDates(words, f.c.lex)}} {
			for _, d := range s.pairs {
				if d.before != "" && d.after != "" {
					f.add(s.kind, d.before, d.after, s.points, changed)
				}
			}
		}
	}
	if kind == extract.Quote || p.old.anyQuoted(words.oldWords) || p.new.anyQuoted(words.newWords) {
		f.add(Quote, before, after, pointsQuote, natureOf(before, after))
	}
	f.add(Wording, before, after, f.sentencePoints(words), natureOf(before, after))
}

func (f *finding) numbers(s site) []pair {
	numbers, _, _ := f.p.changedNumbers(s, f.c.lex)
	return numbers
}

// terms are the words of a passage that came or went and mean a kind, with
// those left out that went at one place and came at another.
type terms struct {
	negation, hedge, attribution bool
}

func (f *finding) terms() terms {
	var before, after []string
	for _, s := range f.p.sites {
		before = append(append(before, "\n"), f.neighbourhood(f.p.old, s.oldWords)...)
		after = append(append(after, "\n"), f.neighbourhood(f.p.new, s.newWords)...)
	}
	return terms{
		negation:    f.c.lex.negations(before) != f.c.lex.negations(after),
		hedge:       !sameCounts(phrases(f.c.lex.hedge, before), phrases(f.c.lex.hedge, after)),
		attribution: !sameCounts(f.c.lex.reporting(before), f.c.lex.reporting(after)),
	}
}

// neighbourhood returns the keys of words and of the two on either side, which
// phrases that only changed in part still need. A month is no other word: "May"
// hedges nothing.
func (f *finding) neighbourhood(s *side, e extent) []string {
	e = extent{max(0, e.from-2), min(len(s.words), e.to+2)}
	keys := s.keys(e)
	for i := range keys {
		at := e.from + i
		if s.isMonth(at, f.c.lex) && !s.initial(at, f.c.lex) {
			keys[i] = ""
		}
	}
	return keys
}

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
	if !sameLetters && f.c.vocabulary.before[name] == 0 && f.p.new.isName(s.newWords.from, f.c.vocabulary, f.c.lex, titles) {
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

// lexical adds negation, hedge and attribution, by the words of the site that
// mean them and what stands beside it. It reports whether any did.
func (f *finding) lexical(s site, t terms, named bool, before, after string) bool {
	lex, p := f.c.lex, f.p
	b, a := f.neighbourhood(p.old, s.oldWords), f.neighbourhood(p.new, s.newWords)
	found := false
	say := func(kind Kind, points int) {
		f.add(kind, before, after, points, changed)
		found = true
	}
	if t.negation && lex.negations(b) != lex.negations(a) || p.turned(s) {
		say(Negation, pointsNegation)
	}
	if t.hedge && !sameCounts(phrases(lex.hedge, b), phrases(lex.hedge, a)) {
		say(Hedge, pointsHedge)
	}
	if t.attribution && !sameCounts(lex.reporting(b), lex.reporting(a)) || p.newSpeaker(s, named, lex) {
		say(Attribution, pointsAttribution)
	}
	return found
}

// negations counts the negations among keys.
func (l *lexicon) negations(keys []string) int {
	n := 0
	for _, k := range keys {
		if l.negation[k] || strings.HasSuffix(k, "n't") {
			n++
		}
	}
	return n
}

// reporting counts the verbs of saying by their family, and the phrases that
// name a source.
func (l *lexicon) reporting(keys []string) map[string]int {
	found := phrases(l.source, keys)
	for _, k := range keys {
		if family := l.attribution[k]; family != "" {
			found[family]++
		}
	}
	return found
}

func sameCounts(a, b map[string]int) bool {
	if len(a) != len(b) {
		return false
	}
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return true
}

// turned reports whether a word of the site became its own opposite: legal and
// illegal.
func (p *passage) turned(s site) bool {
	if s.oldWords.len() != s.newWords.len() {
		return false
	}
	for i := range s.oldWords.len() {
		if opposed(p.old.at(s.oldWords.from+i), p.new.at(s.newWords.from+i)) {
			return true
		}
	}
	return false
}

// newSpeaker reports whether what changed is who said something: a name within
// three words of a verb of saying, or any content word right before one or
// right behind "according to".
func (p *passage) newSpeaker(s site, named bool, lex *lexicon) bool {
	if s.oldWords.len() == 0 || s.newWords.len() == 0 {
		return false
	}
	reach := 1
	if named {
		reach = 3
	}
	near := func(side *side, e extent) bool {
		for d := range reach {
			if lex.attribution[side.at(e.to+d)] != "" || named && lex.attribution[side.at(e.from-1-d)] != "" {
				return true
			}
		}
		from := max(0, e.from-3)
		return len(phrases(lex.source, side.keys(extent{from, e.from}))) > 0
	}
	content := slices.ContainsFunc(p.old.words[s.oldWords.from:s.oldWords.to], lex.isContent) &&
		slices.ContainsFunc(p.new.words[s.newWords.from:s.newWords.to], lex.isContent)
	return content && (near(p.old, s.oldWords) || near(p.new, s.newWords))
}

// isRelative reports whether the site is a number in "8 hours ago".
func (p *passage) isRelative(s site, lex *lexicon) bool {
	return s.newWords.len() == 1 && timeUnits.MatchString(p.new.at(s.newWords.to)) && lex.ago[p.new.at(s.newWords.to+1)]
}

// residue reports whether words of the site remain that no finer kind explains:
// content words on both sides, or three in all.
func (f *finding) residue(s site, finer bool) bool {
	if !finer {
		return true
	}
	before, after := f.unexplained(f.p.old, s.oldWords), f.unexplained(f.p.new, s.newWords)
	b, a := len(difference(before, after)), len(difference(after, before))
	return b > 0 && a > 0 || b+a >= 3
}

// unexplained returns the content words that none of the finer kinds is about.
func (f *finding) unexplained(s *side, e extent) []string {
	lex := f.c.lex
	titles := s.titleCase(lex)
	speech := f.said[Attribution]
	var out []string
	for i := e.from; i < e.to; i++ {
		w := s.words[i]
		switch {
		case !lex.isContent(w), w.isNumber(), strings.Contains(hanNumerals, w.key), strings.Contains("日天", w.key) && f.said[Date], lex.number[w.key] > 0, lex.ordinal[w.key] > 0, lex.scale[w.key] > 0,
			lex.weekday[w.key], lex.month[w.key], lex.time[w.key], lex.negation[w.key], lex.attribution[w.key] != "",
			s.isName(i, f.c.vocabulary, lex, titles), speech, len(phrases(lex.hedge, []string{w.key})) > 0,
			f.said[Hedge] || f.said[Negation] && f.p.pureWord(w):
			continue
		}
		out = append(out, w.key)
	}
	return out
}

// pureWord reports whether the word begins with a prefix that negates.
func (p *passage) pureWord(w word) bool {
	for _, prefix := range []string{"un", "in", "im", "il", "ir", "dis", "non"} {
		if strings.HasPrefix(w.key, prefix) {
			return true
		}
	}
	return false
}

// wording adds what remains: at one site, or for the whole passage.
func (f *finding) wording(s *site) {
	before, after := f.p.change()
	points, n := pointsFunction, changed
	if s != nil {
		before, after = f.p.before(*s), f.p.after(*s)
		points, n = f.wordingPoints(*s), natureOf(before, after)
	}
	f.add(Wording, before, after, points, n)
}

func (f *finding) add(kind Kind, before, after string, points int, n nature) {
	f.said[kind] = true
	f.edits = append(f.edits, edit{Edit: Edit{Kind: kind, Before: before, After: after}, spans: f.p.spans,
		points: points, slight: kind == Spelling || points <= pointsSlight, nature: n})
}

func (f *finding) has(kind Kind, before, after string) bool {
	return slices.ContainsFunc(f.edits, func(e edit) bool { return e.Kind == kind && e.Before == before && e.After == after })
}

// change returns the words of a passage that went and came.
func (p *passage) change() (before, after string) {
	if p.pure() {
		return strings.TrimSpace(p.oldText()), strings.TrimSpace(p.newText())
	}
	var b, a []string
	for _, s := range p.sites {
		b, a = append(b, p.before(s)), append(a, p.after(s))
	}
	return strings.TrimSpace(strings.Join(b, " … ")), strings.TrimSpace(strings.Join(a, " … "))
}

func withoutWording(edits []edit) []edit {
	return slices.DeleteFunc(edits, func(e edit) bool { return e.Kind == Wording })
}

// onlySlight reports whether edits are there and all slight.
func onlySlight(edits []edit) bool {
	return len(edits) > 0 && !slices.ContainsFunc(edits, func(e edit) bool { return !e.slight })
}

func hasChangedWord(s worddiff.Span) bool {
	return isChange(s) && strings.ContainsFunc(s.Text, isWordRune)
}

// changedText returns the text of the changes among spans.
func changedText(spans []worddiff.Span) string {
	var b strings.Builder
	for _, s := range spans {
		if isChange(s) {
			b.WriteString(s.Text)
		}
	}
	return strings.TrimSpace(b.String())
}

// clip cuts text to n bytes at most, at the end of a word, and says so.
func clip(text string, n int) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text[:min(len(text), 4*n)], "")), " ")
	if len(text) <= n {
		return text
	}
	cut := strings.LastIndexFunc(text[:n], unicode.IsSpace)
	if cut < n/2 {
		cut = n
		for cut > 0 && text[cut]&0xC0 == 0x80 {
			cut--
		}
	}
	return text[:cut] + "…"
}
