package revision

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"storydiff/tracker/worddiff"
)

// A side is one of the two texts of a row or field, read once.
type side struct {
	text   string
	words  []word
	quotes []extent     // bytes between quotation marks, the marks included
	credit bool         // it is a line of names, in which a capital tells a name
	ends   map[int]bool // where a sentence ends, before and after the space behind it
}

func newSide(text string) *side {
	s := &side{text: text, words: scan(text), quotes: quotations(text), ends: map[int]bool{0: true}}
	at := 0
	for _, sentence := range worddiff.Sentences(text) {
		at += len(sentence)
		for end := at - len(sentence) + len(strings.TrimRightFunc(sentence, unicode.IsSpace)); end <= at; end++ {
			s.ends[end] = true
		}
	}
	return s
}

// keys returns the keys of some of its words.
func (s *side) keys(e extent) []string {
	var out []string
	for _, w := range s.words[e.from:e.to] {
		out = append(out, w.key)
	}
	return out
}

// at returns the key of word i; empty where there is none.
func (s *side) at(i int) string {
	if i < 0 || i >= len(s.words) {
		return ""
	}
	return s.words[i].key
}

// between returns what stands between word i and the next.
func (s *side) between(i int) string {
	from, to := 0, len(s.text)
	if i >= 0 && i < len(s.words) {
		from = s.words[i].end
	}
	if i+1 < len(s.words) {
		to = s.words[i+1].start
	}
	return s.text[from:max(from, to)]
}

// A passage is a sentence with its changes, or several where their ends changed
// too.
type passage struct {
	old, new           *side // of the whole row
	oldBytes, newBytes extent
	spans              []worddiff.Span
	sites              []site
}

// A site is one place of a passage where something changed: the words that went
// and came, and the bytes, which also hold the marks.
type site struct {
	oldBytes, newBytes extent
	oldWords, newWords extent
}

// pure reports whether the passage came or went whole.
func (p *passage) pure() bool {
	for _, s := range p.spans {
		if s.Op == worddiff.Equal && strings.ContainsFunc(s.Text, isWordRune) {
			return false
		}
	}
	return true
}

func (p *passage) oldText() string { return p.old.text[p.oldBytes.from:p.oldBytes.to] }
func (p *passage) newText() string { return p.new.text[p.newBytes.from:p.newBytes.to] }

// before and after return the words of a site as they stand; its marks where no
// word changed.
func (p *passage) before(s site) string { return cutOut(p.old, s.oldBytes, s.oldWords, s.newWords) }
func (p *passage) after(s site) string  { return cutOut(p.new, s.newBytes, s.newWords, s.oldWords) }

func cutOut(s *side, bytes, words, other extent) string {
	switch {
	case words.len() > 0:
		return s.text[s.words[words.from].start:s.words[words.to-1].end]
	case other.len() > 0:
		return ""
	}
	return strings.TrimSpace(s.text[bytes.from:bytes.to])
}

// isMarks reports whether no word of the site changed.
func (s site) isMarks() bool { return s.oldWords.len() == 0 && s.newWords.len() == 0 }

// passages cuts the spans of a row into its sentences and returns those that
// changed. A cut is made where both texts end a sentence, never between a
// deletion and the insertion that takes its place. Moved spans are stepped over:
// they are not changes of words.
func passages(spans []worddiff.Span) []*passage {
	before, after := newSide(oldText(spans)), newSide(newText(spans))
	var out []*passage
	cur := &passage{old: before, new: after}
	o, n := 0, 0
	cut := func() {
		cur.oldBytes.to, cur.newBytes.to = o, n
		if slices.ContainsFunc(cur.spans, isChange) {
			out = append(out, cur)
		}
		cur = &passage{old: before, new: after, oldBytes: extent{from: o}, newBytes: extent{from: n}}
	}
	add := func(s worddiff.Span) {
		cur.spans = append(cur.spans, s)
		o, n = o+len(s.Old()), n+len(s.New())
	}
	for i, s := range spans {
		if ends := before.ends[o] && after.ends[n]; ends && (i == 0 || !isChange(s) || !isChange(spans[i-1])) {
			cut()
		}
		if s.Op != worddiff.Equal || s.Quiet {
			add(s)
			continue
		}
		for rest := s.Text; rest != ""; {
			k := sentenceEnd(before, after, o, n, len(rest))
			add(worddiff.Span{Op: worddiff.Equal, Text: rest[:k]})
			if rest = rest[k:]; rest != "" {
				cut()
			}
		}
	}
	cut()
	for _, p := range out {
		p.findSites()
	}
	return out
}

// sentenceEnd returns how many of the next limit bytes, equal in both texts,
// belong to the sentence at hand, the space behind it included.
func sentenceEnd(before, after *side, o, n, limit int) int {
	for k := 1; k < limit; k++ {
		if before.ends[o+k] && after.ends[n+k] && !(before.ends[o+k+1] && after.ends[n+k+1]) && utf8.RuneStart(after.text[n+k]) {
			return k
		}
	}
	return limit
}

func isChange(s worddiff.Span) bool { return s.Op != worddiff.Equal && s.Moved == 0 }

func oldText(spans []worddiff.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Old())
	}
	return b.String()
}

func newText(spans []worddiff.Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.New())
	}
	return b.String()
}

// findSites fills p.sites from its spans: runs of changes with no more than
// space between them, grown to whole words, and merged where that makes them
// share a word.
func (p *passage) findSites() {
	o, n := p.oldBytes.from, p.newBytes.from
	open := false
	for _, s := range p.spans {
		switch {
		case isChange(s):
			if !open {
				p.sites = append(p.sites, site{oldBytes: extent{o, o}, newBytes: extent{n, n}})
				open = true
			}
		case s.Op == worddiff.Equal && strings.TrimSpace(s.Text) != "":
			open = false
		}
		o, n = o+len(s.Old()), n+len(s.New())
		if open && s.Moved > 0 {
			open = p.sites[len(p.sites)-1].stepOver(s.Op, o, n)
		}
		if isChange(s) {
			last := &p.sites[len(p.sites)-1]
			if s.Op == worddiff.Delete {
				last.oldBytes.to = o
			} else {
				last.newBytes.to = n
			}
		}
	}
	for i := range p.sites {
		p.grow(&p.sites[i])
	}
	p.sites = p.merge(p.sites)
	for i := range p.sites {
		p.trim(&p.sites[i])
	}
}

// stepOver keeps a site open across a moved sentence that stands between what
// went and what came, and reports whether it can.
func (s *site) stepOver(op worddiff.Op, o, n int) bool {
	switch {
	case op == worddiff.Insert && s.newBytes.len() == 0:
		s.newBytes = extent{n, n}
		return true
	case op == worddiff.Delete && s.oldBytes.len() == 0:
		s.oldBytes = extent{o, o}
		return true
	}
	return false
}

// grow finds the words of a site. Where a word on one side reaches beyond what
// changed, as when $5 became €5 or 5% became 5, its twin is taken on the other.
func (p *passage) grow(s *site) {
	s.oldWords, s.newWords = overlap(p.old.words, s.oldBytes), overlap(p.new.words, s.newBytes)
	left, right := 0, 0
	reach := func(side *side, words, bytes extent) {
		if words.len() == 0 {
			return
		}
		left = max(left, bytes.from-side.words[words.from].start)
		right = max(right, side.words[words.to-1].end-bytes.to)
	}
	reach(p.old, s.oldWords, s.oldBytes)
	reach(p.new, s.newWords, s.newBytes)
	if left > 0 || right > 0 {
		s.oldWords = overlap(p.old.words, extent{s.oldBytes.from - left, s.oldBytes.to + right})
		s.newWords = overlap(p.new.words, extent{s.newBytes.from - left, s.newBytes.to + right})
	}
}

// merge makes one site of those that share a word, or that stand about a number
// joined to them, as where a score of 2-1 became 1-2.
func (p *passage) merge(sites []site) []site {
	var out []site
	for _, s := range sites {
		if n := len(out); n > 0 && (s.oldWords.from < out[n-1].oldWords.to || s.newWords.from < out[n-1].newWords.to || p.joined(out[n-1], s)) {
			last := &out[n-1]
			last.oldBytes.to, last.newBytes.to = s.oldBytes.to, s.newBytes.to
			last.oldWords.to, last.newWords.to = max(last.oldWords.to, s.oldWords.to), max(last.newWords.to, s.newWords.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

// joined reports whether no more than a number, with hyphens on both sides of it,
// stands between two sites.
func (p *passage) joined(a, b site) bool {
	between := func(s *side, from, to int) bool {
		return to-from == 1 && s.words[from].isNumber() && strings.ContainsAny(s.between(from-1)+s.between(from), "-–:")
	}
	return between(p.old, a.oldWords.to, b.oldWords.from) && between(p.new, a.newWords.to, b.newWords.from)
}

// trim drops words from both ends of a site that are the same on both sides, as
// where only the marks around them changed.
func (p *passage) trim(s *site) {
	same := func(i, j int) bool { return foldMarks(p.old.words[i].text) == foldMarks(p.new.words[j].text) }
	for s.oldWords.len() > 0 && s.newWords.len() > 0 && same(s.oldWords.from, s.newWords.from) {
		s.oldWords.from++
		s.newWords.from++
	}
	for s.oldWords.len() > 0 && s.newWords.len() > 0 && same(s.oldWords.to-1, s.newWords.to-1) {
		s.oldWords.to--
		s.newWords.to--
	}
}

// foldMarks returns text with straight apostrophes.
func foldMarks(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "’", "'"), "ʼ", "'")
}
