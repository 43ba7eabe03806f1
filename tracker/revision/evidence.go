package revision

import (
	"slices"
	"strings"
	"unicode"

	"storydiff/tracker/worddiff"
)

// residue reports whether words of the site remain that no finer kind explains:
// content words on both sides, or three in all.
func (f *finding) residue(s site, finer bool) bool {
	if !finer {
		return true
	}
	old, now := f.unexplained(f.p.old, s.oldWords), f.unexplained(f.p.new, s.newWords)
	before, after := difference(old, now), difference(now, old)
	if f.said[Negation] || f.said[Number] {
		before, after = f.withoutForms(s, before, after)
	}
	b, a := len(before), len(after)
	return b > 0 && a > 0 || b+a >= 3
}

// withoutForms drops of words that went and came a pair that are forms of one:
// "resigned" became "did not resign", "knew" became "did not know", "one son"
// became "two sons".
func (f *finding) withoutForms(s site, before, after []string) (b, a []string) {
	helped := func(side *side, e extent) bool {
		return slices.ContainsFunc(side.keys(e), func(k string) bool { return helping[strings.TrimSuffix(k, "n't")] })
	}
	helps := helped(f.p.old, s.oldWords) != helped(f.p.new, s.newWords)
	for i, x := range before {
		for j, y := range after {
			if f.c.lex.inflected(x, y) || helps && x[0] == y[0] {
				return slices.Delete(slices.Clone(before), i, i+1), slices.Delete(slices.Clone(after), j, j+1)
			}
		}
	}
	return before, after
}

// helping are forms of the English verb that a negation calls for.
var helping = map[string]bool{"do": true, "does": true, "did": true}

// unexplained returns the content words that none of the finer kinds is about.
func (f *finding) unexplained(s *side, e extent) []string {
	lex := f.c.lex
	titles := s.titleCase(lex)
	var out []string
	for i := e.from; i < e.to; i++ {
		w := s.words[i]
		if lex.isContent(w) && !f.isExplained(s, i, titles) {
			out = append(out, w.key)
		}
	}
	return out
}

// isExplained reports whether a finer kind of those found is about word i.
func (f *finding) isExplained(s *side, i int, titles bool) bool {
	lex, w := f.c.lex, s.words[i]
	switch {
	case f.said[Attribution], f.said[Hedge]:
		return true
	case w.isNumber(), strings.Contains(hanNumerals, w.key), strings.Contains("日天", w.key) && f.said[Date], lex.isNumberWord(w.key),
		(s.isUnit(i, lex) || len(lex.percent[s.at(i-1)]) > 0 || w.key == minus) && f.said[Number], lex.weekday[w.key], lex.month[w.key], lex.time[w.key], lex.negation[w.key]:
		return true
	case f.said[Date] && (lex.relative[w.key] || lex.period[w.key] || lex.unit[w.key] != "" || lex.ago[w.key] || lex.weekdayWeak[w.key]):
		return true
	case f.said[Negation]:
		return strings.HasSuffix(w.key, "ful") || strings.HasSuffix(w.key, "less") || slices.ContainsFunc(lex.opposing, func(prefix string) bool { return strings.HasPrefix(w.key, prefix) })
	}
	return s.isName(i, f.c.vocabulary, lex, titles) || f.said[Name] && lex.honorific[w.key]
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

// closer returns what went and came at a site as evidence of words among it: the
// whole of a short one, and of a long one, on either side, those words and what
// stands right beside them.
func (p *passage) closer(s site, old, new extent) (before, after string) {
	const short = 5 // words
	if s.oldWords.len() <= short && s.newWords.len() <= short {
		return p.before(s), p.after(s)
	}
	cut := func(side *side, all, words extent) string {
		if words.len() == 0 {
			return ""
		}
		from, to := max(all.from, words.from-1), min(all.to, words.to+1)
		for from < words.from && strings.TrimSpace(side.between(from)) != "" {
			from++
		}
		for to > words.to && strings.TrimSpace(side.between(to-2)) != "" {
			to--
		}
		return side.cut(extent{max(all.from, min(from, words.from)), max(to, min(words.to, all.to))})
	}
	return cut(p.old, s.oldWords, old), cut(p.new, s.newWords, new)
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
	text = text[:min(len(text), 4*n)]
	if !evenlySpaced(text) {
		text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "")), " ")
	}
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

// evenlySpaced reports whether text is ASCII, with single spaces inside and no
// other white space.
func evenlySpaced(text string) bool {
	last := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c >= 0x7f || c < ' ' || c == ' ' && last == ' ' {
			return false
		}
		last = c
	}
	return last != ' ' || text == ""
}
