package revision

import (
	"slices"
	"strings"
)

// claims are the words of some part of a side that deny, qualify or
// attribute what it says.
type claims struct {
	negations       int
	denied          map[string]int // the words behind those that deny
	hedges          map[string]int
	sayings         map[string]int // verbs of saying by family, and phrases that name a source
	denials, doubts extent         // from the first word that denies, or qualifies, to the last
}

// around widens an extent to the three words on either side, which phrases that
// only changed in part still need.
func (s *side) around(e extent) extent {
	return extent{max(0, e.from-3), min(len(s.words), e.to+3)}
}

// plainKeys returns the keys of some words, "could" for "couldn't", and nothing
// for a month, which is no other word: "May" hedges nothing.
func (s *side) plainKeys(e extent, lex *lexicon) []string {
	keys := s.keys(e)
	for i := range keys {
		at := e.from + i
		if lex.month[keys[i]] && s.isCapitalAt(at) && !s.initial(at, lex) {
			keys[i] = ""
		}
		keys[i] = strings.TrimSuffix(keys[i], "n't")
	}
	return keys
}

// claims returns those that some words make, or make with what stands beside
// them.
func (s *side) claims(e extent, lex *lexicon) claims {
	wide := s.around(e)
	keys := s.plainKeys(wide, lex)
	c := claims{hedges: map[string]int{}, sayings: map[string]int{}}
	c.negations, c.denials = s.negations(e, wide, lex)
	if c.negations > 0 {
		c.denied = map[string]int{s.at(c.denials.to): 1}
	}
	// in reports whether n words from the i-th key lie at least in part in e.
	in := func(i, n int) bool {
		from := wide.from + i
		return from < e.to && from+n > e.from || e.len() == 0 && from < e.from && from+n > e.from
	}
	for i := 0; i < len(keys); {
		n := lex.hedge.at(keys[i:])
		if _, says := s.saying(wide.from+i, lex); n > 0 && in(i, n) && !(n == 1 && says) {
			c.hedges[strings.Join(keys[i:i+n], " ")]++
			c.doubts = c.doubts.with(wide.from+i, n)
		}
		about := lex.approximate.at(keys[i:])
		if n == 0 && about > 0 && in(i, about) && s.isApproximate(wide.from+i+about, lex) {
			c.hedges[strings.Join(keys[i:i+about], " ")]++
			c.doubts = c.doubts.with(wide.from+i, about)
		}
		if n := lex.source.at(keys[i:]); n > 0 && in(i, n) {
			c.sayings[strings.Join(keys[i:i+n], " ")]++
		}
		i += max(n, 1)
	}
	for i := e.from; i < e.to; i++ {
		if v, ok := s.saying(i, lex); ok {
			c.sayings[v.family]++
		}
	}
	return c
}

// isApproximate reports whether word i is a number that a word like "about"
// before it makes a rough one: no date, and no "second".
func (s *side) isApproximate(i int, lex *lexicon) bool {
	if !s.isNumeric(i, lex) || lex.ordinalOnly(s.at(i)) {
		return false
	}
	q, n := s.quantity(extent{i, len(s.words)}, lex)
	q.words, q.all = extent{i, i + max(n, 1)}, extent{i, i + max(n, 1)}
	return n > 0 && !s.isDate(i, q, lex)
}

// ordinalOnly reports whether a word is a number only by courtesy: "second".
func (l *lexicon) ordinalOnly(key string) bool {
	return l.ordinal[key] > 0 && key != "half" && key != "third" && key != "quarter" && l.number[key] == 0
}

// with widens an extent to n words from i on; an empty one holds nothing yet.
func (e extent) with(i, n int) extent {
	if e.len() == 0 {
		return extent{i, i + n}
	}
	return extent{min(e.from, i), max(e.to, i+n)}
}

// negations counts the words among e that negate, but for those in phrases that
// do not and the "No." of "No. 10", and returns from where to where they stand.
// The phrases may reach into wide.
func (s *side) negations(e, wide extent, lex *lexicon) (count int, at extent) {
	for i := wide.from; i < wide.to; {
		if n := lex.noNegation.at(s.keys(extent{i, wide.to})); n > 0 {
			i += n
			continue
		}
		k := s.at(i)
		numbered := k == "no" && i+1 < len(s.words) && s.words[i+1].isNumber()
		negates := lex.negation[k] || strings.HasSuffix(k, "n't") || strings.HasPrefix(k, "n'") && lex.negation["ne"]
		if e.from <= i && i < e.to && !numbered && negates {
			count++
			at = at.with(i, 1)
		}
		i++
	}
	return count, at
}

// saying returns the verb of saying that word i is. Forms that are also nouns, or
// verbs of something else, are told apart by what stands beside them.
func (s *side) saying(i int, lex *lexicon) (sayingVerb, bool) {
	key := s.at(i)
	v, ok := lex.attribution[key]
	if !ok {
		v, ok = lex.speech[key]
		if !ok || !s.reportsSpeech(i, lex) {
			return sayingVerb{}, false
		}
	}
	if _, quoted := s.quoted(i); quoted || lex.determiner[s.at(i-1)] && strings.TrimSpace(s.between(i-1)) == "" {
		return sayingVerb{}, false
	}
	if lex.nouns && s.words[i].isCapital() && !s.initial(i, lex) {
		return sayingVerb{}, false
	}
	for from := max(0, i-3); from <= i; from++ {
		if n := lex.noSaying.at(s.keys(extent{from, min(len(s.words), i+4)})); from+n > i {
			return sayingVerb{}, false
		}
	}
	return v, true
}

// quoteMarks are the marks that stand between speech and who speaks.
const quoteMarks = "\"“”„«»‘’「」『』"

// reportsSpeech reports whether the verb at word i stands as one does that
// reports what is said: before "that" or a quotation, or behind the clause.
func (s *side) reportsSpeech(i int, lex *lexicon) bool {
	switch s.at(i + 1) {
	case "that", "que", "dass", "che", "dat", "how", "why":
		return true
	}
	if strings.ContainsAny(s.between(i), quoteMarks+":") {
		return true
	}
	for back := 1; back <= 4 && i-back >= -1; back++ {
		gap := s.between(i - back)
		if strings.ContainsAny(gap, quoteMarks) || strings.Contains(gap, ",") && strings.ContainsAny(s.between(i)+s.between(i+1)+s.between(i+2)+s.between(i+3), ".") {
			return true
		}
		if strings.ContainsAny(gap, ".;!?") {
			return false
		}
	}
	return false
}

// terms are the claims of a passage that came or went, with those left out that
// went at one place and came at another.
type terms struct {
	negation, hedge, attribution bool
}

func (f *finding) terms() terms {
	lex := f.c.lex
	before, after := emptyClaims(), emptyClaims()
	for _, s := range f.p.sites {
		before.add(f.p.old.claims(s.oldWords, lex))
		after.add(f.p.new.claims(s.newWords, lex))
	}
	negation := before.negations != after.negations || !sameCounts(before.denied, after.denied)
	return terms{negation, !sameCounts(before.hedges, after.hedges), !sameCounts(before.sayings, after.sayings)}
}

func emptyClaims() claims {
	return claims{denied: map[string]int{}, hedges: map[string]int{}, sayings: map[string]int{}}
}

func (c *claims) add(other claims) {
	c.negations += other.negations
	for k, n := range other.denied {
		c.denied[k] += n
	}
	for k, n := range other.hedges {
		c.hedges[k] += n
	}
	for k, n := range other.sayings {
		c.sayings[k] += n
	}
}

// lexical adds negation, hedge and attribution, by the words of the site that
// mean them and what stands beside it. It reports whether any did.
func (f *finding) lexical(s site, t terms, named bool, before, after string) bool {
	lex, p := f.c.lex, f.p
	b, a := p.old.claims(s.oldWords, lex), p.new.claims(s.newWords, lex)
	found := false
	say := func(kind Kind, points int, before, after string) {
		f.add(kind, before, after, points, changed)
		found = true
	}
	denies := t.negation && b.negations != a.negations
	switch {
	case denies:
		before, after := p.closer(s, b.denials, a.denials)
		say(Negation, pointsNegation, before, after)
	case p.turned(s, lex):
		say(Negation, pointsNegation, before, after)
	}
	switch {
	case denies && onlyDenied(b.hedges, lex) && onlyDenied(a.hedges, lex): // "not clear" became "clear": told already
	case t.hedge && !sameCounts(b.hedges, a.hedges) && !p.fewer(s, b.hedges, a.hedges, lex):
		before, after := p.closer(s, b.doubts, a.doubts)
		say(Hedge, pointsHedge, before, after)
	case p.softened(s, lex):
		say(Hedge, pointsHedge, before, after)
	}
	if t.attribution && !sameCounts(b.sayings, a.sayings) || p.newSpeaker(s, named, lex) {
		say(Attribution, pointsAttribution, before, after)
	}
	return found
}

// onlyDenied reports whether all of some hedges begin with a word that denies.
func onlyDenied(hedges map[string]int, lex *lexicon) bool {
	for h := range hedges {
		first, _, _ := strings.Cut(h, " ")
		if !lex.negation[first] || h == first {
			return false
		}
	}
	return true
}

// fewer reports whether a "some of" took the place of "one of", or the other way:
// it says how many, and doubts nothing.
func (p *passage) fewer(s site, before, after map[string]int, lex *lexicon) bool {
	one := func(side *side, e extent) bool {
		return e.len() == 1 && (lex.number[side.at(e.from)] == 1 || lex.ordinal[side.at(e.from)] == 1)
	}
	some := func(hedges map[string]int) bool { return len(hedges) == 1 && hedges["some of"] == 1 }
	return one(p.old, s.oldWords) && some(after) || one(p.new, s.newWords) && some(before)
}

// turned reports whether a word of the site became its own opposite: legal and
// illegal.
func (p *passage) turned(s site, lex *lexicon) bool {
	if s.oldWords.len() != s.newWords.len() {
		return false
	}
	for i := range s.oldWords.len() {
		if opposed(p.old.at(s.oldWords.from+i), p.new.at(s.newWords.from+i), lex) {
			return true
		}
	}
	return false
}

// opposed reports whether one word is the other with a prefix that turns it
// round: lawful and unlawful, "harmful" and "harmless".
func opposed(a, b string, lex *lexicon) bool {
	if x, ok := strings.CutSuffix(a, "ful"); ok && len(lex.opposing) > 0 && x+"less" == b {
		return true
	}
	if x, ok := strings.CutSuffix(a, "less"); ok && len(lex.opposing) > 0 && x+"ful" == b {
		return true
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) < 4 || lex.unopposed[b] {
		return false
	}
	prefix, ok := strings.CutSuffix(b, a)
	return ok && slices.Contains(lex.opposing, prefix)
}

// softened reports whether a verb that states became one that qualifies, or the
// other way: "will" and "would", "fermera" and "fermerait".
func (p *passage) softened(s site, lex *lexicon) bool {
	before, after := p.old.keys(s.oldWords), p.new.keys(s.newWords)
	has := func(keys []string, set map[string]bool) bool {
		return slices.ContainsFunc(keys, func(k string) bool { return set[k] })
	}
	if has(before, lex.firm) && has(after, lex.soft) && !has(after, lex.firm) && !has(before, lex.soft) ||
		has(after, lex.firm) && has(before, lex.soft) && !has(before, lex.firm) && !has(after, lex.soft) {
		return true
	}
	if len(before) != len(after) {
		return false
	}
	for i := range before {
		if lex.isConditional(before[i], after[i]) || lex.isConditional(after[i], before[i]) {
			return true
		}
	}
	return false
}

// isConditional reports whether one word is the future of a verb and the other
// its conditional.
func (l *lexicon) isConditional(future, conditional string) bool {
	for f, c := range l.conditional {
		stem, ok := strings.CutSuffix(future, f)
		if ok && len(stem) > 2 && stem+c == conditional {
			return true
		}
	}
	return false
}

// newSpeaker reports whether what changed is who said something: the subject of
// a verb of saying, or what stands behind "according to".
func (p *passage) newSpeaker(s site, named bool, lex *lexicon) bool {
	if s.oldWords.len() == 0 || s.newWords.len() == 0 {
		return false
	}
	content := slices.ContainsFunc(p.old.words[s.oldWords.from:s.oldWords.to], lex.isContent) &&
		slices.ContainsFunc(p.new.words[s.newWords.from:s.newWords.to], lex.isContent)
	if !content || p.old.anyQuoted(s.oldWords) || p.new.anyQuoted(s.newWords) {
		return false
	}
	return p.old.speaks(s.oldWords, named, lex) || p.new.speaks(s.newWords, named, lex)
}

// speaks reports whether the words of an extent are, or are in, what a verb of
// saying has for its subject.
func (s *side) speaks(e extent, named bool, lex *lexicon) bool {
	apart := func(i int) bool { return strings.ContainsAny(s.between(i), ",.;:!?()"+quoteMarks) }
	reach := 1
	if named || phraseWords[s.at(e.to)] {
		reach = 5
	}
	for i := e.to; i < e.to+reach && i < len(s.words) && !apart(i-1); i++ {
		if _, ok := s.saying(i, lex); ok {
			return true
		}
	}
	for i := e.from - 1; i >= max(0, e.from-6) && !apart(i); i-- {
		if lex.source.at(s.keys(extent{i, e.from})) > 0 {
			return true
		}
		_, ok := s.saying(i, lex)
		gap := s.between(i - 1)
		if lex.stop[s.at(i-1)] {
			gap += s.between(i - 2) // ", ha detto", "„…“, hat … gesagt"
		}
		if ok && strings.ContainsAny(gap, ","+quoteMarks) && !lex.isTold(s.at(i)) && s.at(i+1) != "as" { // "described as"
			return true
		}
	}
	return false
}

// isTold reports whether the verb is one of those behind which the hearer stands.
func (l *lexicon) isTold(key string) bool {
	return l.attribution[key].family == "tell" || l.attribution[key].family == "accuse"
}

// phraseWords begin what may stand between a speaker and the verb: "the mayor of
// Rivermouth said".
var phraseWords = map[string]bool{
	"of": true, "for": true, "at": true, "from": true, "in": true, "de": true, "del": true, "du": true, "da": true, "do": true,
	"di": true, "della": true, "der": true, "des": true, "von": true, "van": true,
}
