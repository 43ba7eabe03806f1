package revision

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// openers are the marks that may begin a quotation. A straight or Swedish mark
	// opens and closes; guillemets point either way.
	openers = "“„‟\"«»‹›「『〝＂”‘‚'"
	// maxSingle is how many bytes a quotation in single marks may be long. The
	// closing one is also an apostrophe, so a far one is none.
	maxSingle = 400
	// maxDouble is likewise for double marks; it keeps the search for a mark that
	// is not there short.
	maxDouble = 8000
)

// closes reports whether r ends a quotation that the mark opener began.
func closes(opener, r rune) bool {
	switch opener {
	case '“', '‟':
		return r == '”' || r == '"'
	case '„':
		return r == '“' || r == '”' || r == '"'
	case '”':
		return r == '”'
	case '"':
		return r == '"' || r == '”'
	case '«':
		return r == '»'
	case '»':
		return r == '«' || r == '»'
	case '‹':
		return r == '›'
	case '›':
		return r == '‹'
	case '「':
		return r == '」'
	case '『':
		return r == '』'
	case '〝':
		return r == '〞' || r == '〟'
	case '＂':
		return r == '＂'
	case '‘', '\'':
		return r == '’' || r == '\''
	case '‚':
		return r == '‘' || r == '’'
	}
	return false
}

// quotations returns the stretches of text between quotation marks, marks
// included, of any style. One in double marks that is never closed runs to the
// end of its paragraph when it opened it, as in a quotation of several
// paragraphs. An apostrophe or a mark for inches is none.
func quotations(text string) []extent {
	var out []extent
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !strings.ContainsRune(openers, r) || !opens(r, text[:at], text[at+size:]) {
			at += size
			continue
		}
		end := closing(r, text, at+size)
		if end < 0 {
			at += size
			continue
		}
		out = append(out, extent{at, end})
		at = end
	}
	return out
}

// opens reports whether the mark r, between left and right, opens a quotation.
func opens(r rune, left, right string) bool {
	last, _ := utf8.DecodeLastRuneInString(left)
	next, _ := utf8.DecodeRuneInString(right)
	apart := left == "" || unicode.IsSpace(last) || strings.ContainsRune("([{—–-/…:“„\"‘'«", last) || unspaced(last)
	switch r {
	case '"', '”', '»', '›', '\'', '＂':
		return apart && right != "" && !unicode.IsSpace(next)
	case '‘':
		return apart && !unicode.IsDigit(next)
	}
	return true
}

// closing returns where the quotation opened by r ends, behind its mark; -1 if
// it does not.
func closing(r rune, text string, from int) int {
	single := strings.ContainsRune("‘'‚", r)
	limit := min(len(text), from+maxDouble)
	if single {
		limit = min(limit, from+maxSingle)
	}
	if paragraph := strings.IndexByte(text[from:limit], '\n'); paragraph >= 0 {
		limit = from + paragraph
	}
	for at := from; at < limit; {
		c, size := utf8.DecodeRuneInString(text[at:])
		if closes(r, c) && (!single || endsWord(text[:at], text[at+size:])) {
			return at + size
		}
		at += size
	}
	opened := strings.TrimSpace(text[:from-utf8.RuneLen(r)]) == ""
	if opened && !single && r != '”' && r != '»' {
		return limit
	}
	return -1
}

// endsWord reports whether a single mark between left and right stands behind a
// word or mark and before none.
func endsWord(left, right string) bool {
	last, _ := utf8.DecodeLastRuneInString(left)
	next, _ := utf8.DecodeRuneInString(right)
	return !unicode.IsSpace(last) && (right == "" || !isWordRune(next))
}

// quoted returns the quotation that word i of the side stands in.
func (s *side) quoted(i int) (extent, bool) {
	w := s.words[i]
	for _, q := range s.near(extent{w.start, w.end}) {
		if within(extent{w.start, w.end}, q) {
			return q, true
		}
	}
	return extent{}, false
}

// near returns the quotations that share a byte with e; they stand in order.
func (s *side) near(e extent) []extent {
	from, _ := slices.BinarySearchFunc(s.quotes, e.from, func(q extent, at int) int {
		if q.to <= at {
			return -1
		}
		return 1
	})
	to := from
	for to < len(s.quotes) && s.quotes[to].from < e.to {
		to++
	}
	return s.quotes[from:to]
}

// anyQuoted reports whether one of some words stands between quotation marks.
func (s *side) anyQuoted(words extent) bool {
	for i := words.from; i < words.to; i++ {
		if _, ok := s.quoted(i); ok {
			return true
		}
	}
	return false
}

// cutQuoted returns those of some words that stand between quotation marks; all of
// them where none does.
func (s *side) cutQuoted(words extent, all string) string {
	var at extent
	for i := words.from; i < words.to; i++ {
		if _, ok := s.quoted(i); ok {
			at = at.with(i, 1)
		}
	}
	if at.len() == 0 {
		return all
	}
	return s.cut(at)
}

// dropsMark returns the quotation one of whose marks lies within bytes.
func (s *side) dropsMark(bytes extent) (extent, bool) {
	for _, q := range s.near(bytes) {
		_, open := utf8.DecodeRuneInString(s.text[q.from:])
		_, shut := utf8.DecodeLastRuneInString(s.text[:q.to])
		if within(extent{q.from, q.from + open}, bytes) || within(extent{q.to - shut, q.to}, bytes) {
			return q, true
		}
	}
	return extent{}, false
}

func within(inner, outer extent) bool { return outer.from <= inner.from && inner.to <= outer.to }

// quote returns the evidence that words within quotation marks changed, or that
// marks were put around words or taken off.
func (p *passage) quote(s site) (before, after string, ok bool) {
	if p.old.anyQuoted(s.oldWords) || p.new.anyQuoted(s.newWords) {
		return p.old.cutQuoted(s.oldWords, p.before(s)), p.new.cutQuoted(s.newWords, p.after(s)), true
	}
	went, lost := p.old.dropsMark(s.oldBytes)
	came, won := p.new.dropsMark(s.newBytes)
	switch {
	case lost && won:
		return "", "", false
	case lost:
		inner := p.old.text[went.from:went.to]
		return inner, bare(inner), true
	case won:
		inner := p.new.text[came.from:came.to]
		return bare(inner), inner, true
	}
	return "", "", false
}

// bare returns a quotation without its marks.
func bare(quotation string) string {
	return strings.TrimFunc(quotation, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(openers+"’」』〞〟", r)
	})
}
