package revision

import (
	"math"
	"slices"
	"strings"
)

// A sum adds up number words as they are said: scale words multiply what came
// before, the rest adds.
type sum struct{ total, part float64 }

func (n *sum) add(v float64)  { n.part += v }
func (n *sum) value() float64 { return n.total + n.part }
func (n *sum) scale(v float64) {
	n.part = max(n.part, 1) * v
	if v >= 1000 {
		n.total, n.part = n.total+n.part, 0
	}
}

// numberWords adds up a run of number words: "two hundred and five", "treinta y
// dos", "quatre-vingt-dix", "zweiundzwanzig".
func (s *side) numberWords(e extent, lex *lexicon) (quantity, int) {
	var n sum
	count, strong := 0, false
	for i := e.from; i < e.to; i++ {
		key := s.words[i].key
		v, isNumber := lex.number[key]
		weak, isWeak := lex.ordinal[key]
		scale, isScale := lex.scale[key]
		switch {
		case isNumber && v == 20 && n.part == 4 && strings.HasPrefix(key, "vingt"):
			n.part = 80 // quatre-vingts
		case isNumber:
			n.add(v)
			strong = true
		case isScale:
			n.scale(scale)
			strong = true
		case isWeak && !(count > 0 && s.isUnit(i, lex)) && !(lex.weekdayWeak[key] && s.isWeakDay(i, lex)):
			n.add(weak)
			strong = strong || count > 0
		case lex.numberAnd[key] && count > 0 && i+1 < e.to && s.joinsNumbers(i, n, lex):
		default:
			v, ok := lex.compound(key)
			if !ok {
				return quantity{value: n.value(), weak: !strong}, count
			}
			n.add(v)
			strong = true
		}
		count++
		if i+1 < e.to && strings.ContainsAny(s.between(i), ",;.") {
			break
		}
	}
	return quantity{value: n.value(), weak: !strong}, count
}

// joinsNumbers reports whether the "and" at word i stands within a number: behind
// a hundred or a thousand, or between tens and ones.
func (s *side) joinsNumbers(i int, n sum, lex *lexicon) bool {
	next, ok := lex.number[s.words[i+1].key]
	if !ok {
		next, ok = lex.ordinal[s.words[i+1].key]
	}
	if !ok || next < 1 || next != math.Trunc(next) {
		return false
	}
	return lex.scale[s.words[i-1].key] > 0 || n.part >= 20 && math.Mod(n.part, 10) == 0 && next < 20
}

// compound reads a number written as one word of several: "zweiundzwanzig",
// "tweeëntwintig", "ventidue". Words longer than any such number are none.
func (l *lexicon) compound(key string) (float64, bool) {
	if len(l.numberPart) == 0 || len(key) < 6 || len(key) > 60 {
		return 0, false
	}
	var n sum
	ok := l.pieces(key, &n, 0)
	return n.value(), ok
}

// pieces takes a word apart from the left, the longest piece first, and reports
// whether it is number words throughout.
func (l *lexicon) pieces(rest string, n *sum, depth int) bool {
	if rest == "" {
		return depth > 1
	}
	if depth > 8 {
		return false
	}
	for size := len(rest); size > 0; size-- {
		piece, before := rest[:size], *n
		v, ok := l.number[piece]
		if !ok {
			v, ok = l.numberPart[piece]
		}
		switch scale := l.scale[piece]; {
		case scale > 0:
			n.scale(scale)
		case ok && (v >= 1 || depth > 0) && v == math.Trunc(v):
			n.add(v)
		case depth > 0 && l.numberAnd[piece]:
		default:
			continue
		}
		if l.pieces(rest[size:], n, depth+1) {
			return true
		}
		*n = before
	}
	return false
}

// isNumberWord reports whether a word is a number or part of one.
func (l *lexicon) isNumberWord(key string) bool {
	_, number := l.number[key]
	_, ordinal := l.ordinal[key]
	if number || ordinal || l.scale[key] > 0 {
		return true
	}
	_, ok := l.compound(key)
	return ok
}

// measure returns the unit that words behind a number give it, and how many of
// them it takes: "per cent", "dollars", "days".
func (s *side) measure(i int, to int, lex *lexicon) (unit string, n int) {
	if i >= to {
		return "", 0
	}
	mark := strings.TrimSpace(s.between(i - 1))
	abbreviated := mark == "." && lex.scale[s.at(i-1)] > 0 && len(s.at(i-1)) <= 4 // "2,5 Mio. Euro"
	if mark != "" && mark != "-" && !abbreviated {
		return "", 0
	}
	var keys []string
	for j := i; j < min(to, i+3); j++ {
		keys = append(keys, s.words[j].key)
	}
	if n := lex.percent.at(keys); n > 0 {
		return lex.percentUnit[strings.Join(keys[:n], " ")], n
	}
	if keys[0] == "de" && lex.scale[s.at(i-1)] > 0 && i+1 < to && lex.currency[s.at(i+1)] != "" {
		return lex.currency[s.at(i+1)], 2 // "4 millones de euros"
	}
	if unit := lex.currency[keys[0]]; unit != "" {
		return unit, 1
	}
	if unit := lex.unit[keys[0]]; unit != "" {
		return unit, 1
	}
	return "", 0
}

// isUnit reports whether word i is a unit or the start of one.
func (s *side) isUnit(i int, lex *lexicon) bool {
	if i < 0 || i >= len(s.words) {
		return false
	}
	key := s.words[i].key
	return lex.currency[key] != "" || lex.unit[key] != "" || len(lex.percent[key]) > 0
}

// isNumeric reports whether word i is a number, in digits or words.
func (s *side) isNumeric(i int, lex *lexicon) bool {
	return i >= 0 && i < len(s.words) && (s.words[i].isNumber() || lex.isNumberWord(s.words[i].key))
}

// wholeNumbers widens the words of a site, on both sides alike, to the numbers
// and units that it cuts: a site of "days" to "2 days", one of "2" likewise.
func (p *passage) wholeNumbers(s site, lex *lexicon) (old, new extent) {
	left, right := 0, 0
	for _, side := range []struct {
		s *side
		e extent
	}{{p.old, s.oldWords}, {p.new, s.newWords}} {
		e := side.e
		if e.len() == 0 {
			continue
		}
		l := 0
		for l < 3 && side.s.isNumeric(e.from-l-1, lex) && (side.s.isNumeric(e.from-l, lex) || l == 0 && side.s.isUnit(e.from, lex)) &&
			!strings.ContainsAny(side.s.between(e.from-l-1), ",;.()") {
			l++
		}
		if l < 3 && side.s.at(e.from-l-1) == minus && side.s.isNumeric(e.from-l, lex) {
			l++
		}
		r := 0
		if side.s.at(e.to-1) == minus && side.s.isNumeric(e.to, lex) {
			r++
		}
		spelled := func(i int) bool { return side.s.isNumeric(i, lex) && !side.s.words[i].isNumber() }
		for r < 3 && spelled(e.to-1+r) && spelled(e.to+r) && !strings.ContainsAny(side.s.between(e.to-1+r), ",;.()") {
			r++
		}
		if side.s.isNumeric(e.to-1+r, lex) {
			_, n := side.s.measure(e.to+r, len(side.s.words), lex)
			r += n
		}
		for r < 3 && (side.s.isNumeric(e.to-1+r, lex) || side.s.isUnit(e.to-1+r, lex)) &&
			(side.s.isUnit(e.to+r, lex) || lex.scale[side.s.at(e.to+r)] > 0 && !side.s.isUnit(e.to-1+r, lex)) {
			r++
		}
		if lex.scale[side.s.at(e.to-1+r)] > 0 {
			_, n := side.s.measure(e.to+r, len(side.s.words), lex)
			r += n
		}
		left, right = max(left, l), max(right, r)
	}
	widen := func(side *side, e extent) extent {
		return extent{max(0, e.from-left), min(len(side.words), e.to+right)}
	}
	return widen(p.old, s.oldWords), widen(p.new, s.newWords)
}

// sameOrder reports whether the numbers of two lists, alike but for their order,
// belong to the same words: "12 men and 5 women" and "5 women and 12 men".
func sameOrder(old, new *side, before, after []quantity) bool {
	if slices.EqualFunc(before, after, quantity.same) {
		return true
	}
	owner := func(s *side, q quantity) string { return s.at(q.all.to) }
	for _, q := range before {
		if !slices.ContainsFunc(after, func(r quantity) bool { return q.same(r) && owner(old, q) == owner(new, r) && owner(old, q) != "" }) {
			return false
		}
	}
	return true
}
