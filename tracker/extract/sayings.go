package extract

import (
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Sayings are phrases of the lexicon that may stand anywhere in a line. Each is
// in parts where … stands for a few words between.
type sayings func() *saidBook

// A saidBook is phrases by how they begin: a line is gone through once, and most
// of its words begin none.
type saidBook struct {
	phrases [][]string
	of      []int                // under which of the keys a phrase is listed
	pairs   [1 << 16 / 64]uint64 // the first two bytes of the phrases, a bit each
	byStart map[string][]int     // by their first [startBytes] bytes, or all they begin with
	lengths []int                // of those starts
	dense   []int                // those that begin in a script without spaces, and so within what looks like a word
}

const (
	// betweenParts is how many bytes may stand where a phrase has an ellipsis: about
	// five words.
	betweenParts = 40

	// startBytes are enough to tell most phrases that begin with the same word apart.
	startBytes = 8
)

// said returns the phrases that a file lists under some keys. They are read when
// they are first asked for.
func said(file string, keys ...string) sayings {
	return sync.OnceValue(func() *saidBook {
		b := &saidBook{byStart: map[string][]int{}}
		for of, key := range keys {
			for _, entry := range entries(file, key) {
				b.add(entry, of)
			}
		}
		slices.Sort(b.lengths)
		return b
	})
}

func (b *saidBook) add(entry string, of int) {
	var parts []string
	for part := range strings.SplitSeq(entry, "…") {
		parts = append(parts, spoken(part))
	}
	i := len(b.phrases)
	b.phrases, b.of = append(b.phrases, parts), append(b.of, of)
	if dense(firstRune(parts[0])) {
		b.dense = append(b.dense, i)
		return
	}
	start := parts[0][:min(len(parts[0]), startBytes)]
	b.byStart[start] = append(b.byStart[start], i)
	if !slices.Contains(b.lengths, len(start)) {
		b.lengths = append(b.lengths, len(start))
	}
	pair := pairOf(start)
	b.pairs[pair/64] |= 1 << (pair % 64)
}

// pairOf returns the first two bytes of a text of at least two.
func pairOf(text string) int { return int(text[0])<<8 | int(text[1]) }

// spoken returns a line as sayings are written: in lower case, with straight
// apostrophes and single spaces.
func spoken(line string) string {
	line = strings.ToLower(line)
	if !isASCII([]byte(line)) {
		for _, curly := range []string{"’", "‘", "ʼ"} {
			line = strings.ReplaceAll(line, curly, "'")
		}
	}
	return squeeze(line)
}

// each calls yield once for every phrase that stands in a line that is [spoken],
// until it returns false.
func (b *saidBook) each(line string, yield func(phrase int) bool) {
	if len(b.dense) > 0 && strings.ContainsFunc(line, dense) {
		for _, i := range b.dense {
			if stands(line, b.phrases[i]) && !yield(i) {
				return
			}
		}
	}
	var found []int
	last := ' '
	for at, r := range line {
		if at+1 < len(line) && b.mayBegin(line[at], line[at+1]) && (!unicode.IsLetter(last) || dense(last)) {
			for i := range b.at(line[at:]) {
				if slices.Contains(found, i) {
					continue
				}
				if found = append(found, i); !yield(i) {
					return
				}
			}
		}
		last = r
	}
}

// mayBegin reports whether a phrase begins with two bytes, dense ones apart.
func (b *saidBook) mayBegin(first, second byte) bool {
	pair := int(first)<<8 | int(second)
	return b.pairs[pair/64]&(1<<(pair%64)) != 0
}

// at returns the phrases that a line begins with, dense ones apart.
func (b *saidBook) at(line string) iter.Seq[int] {
	return func(yield func(int) bool) {
		if len(line) < 2 {
			return
		}
		if !b.mayBegin(line[0], line[1]) {
			return
		}
		for _, n := range b.lengths {
			if n > len(line) {
				return
			}
			for _, i := range b.byStart[line[:n]] {
				parts := b.phrases[i]
				if strings.HasPrefix(line, parts[0]) && follow(line[len(parts[0]):], parts[1:]) && !yield(i) {
					return
				}
			}
		}
	}
}

// count returns how many of the phrases stand in a line that is [spoken].
func (s sayings) count(line string) int {
	found := 0
	s().each(line, func(int) bool { found++; return true })
	return found
}

// in reports whether one of the phrases stands in a line that is [spoken].
func (s sayings) in(line string) bool {
	found := false
	s().each(line, func(int) bool { found = true; return false })
	return found
}

// opens reports whether a line that is [spoken] begins with one of the phrases.
func (s sayings) opens(line string) bool {
	b := s()
	line = strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for range b.at(line) {
		return true
	}
	return slices.ContainsFunc(b.dense, func(i int) bool {
		return strings.HasPrefix(line, b.phrases[i][0]) && stands(line, b.phrases[i])
	})
}

// stands reports whether the parts stand in a line one after the other, the first
// at the beginning of a word.
func stands(line string, parts []string) bool {
	for from := 0; ; {
		at := strings.Index(line[from:], parts[0])
		if at < 0 {
			return false
		}
		at += from
		if end := at + len(parts[0]); wordBegins(line, at) && follow(line[end:], parts[1:]) {
			return true
		}
		from = at + 1
	}
}

// wordBegins reports whether a word may begin at a byte of a line: in a script
// without spaces anywhere.
func wordBegins(line string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(line[:at])
	return at == 0 || !unicode.IsLetter(before) || dense(before)
}

func follow(line string, parts []string) bool {
	for _, part := range parts {
		at := strings.Index(line, part)
		if at < 0 || at > betweenParts {
			return false
		}
		line = line[at+len(part):]
	}
	return true
}

// sentencesOf cuts a line where sentences end.
func sentencesOf(line string) []string {
	var list []string
	start := 0
	for i, r := range line {
		next := i + utf8.RuneLen(r)
		switch {
		case r == '。' || r == '！' || r == '？' || r == '\n':
		case (r == '.' || r == '!' || r == '?') && (next == len(line) || line[next] == ' '):
		default:
			continue
		}
		list = append(list, line[start:next])
		start = next
	}
	return append(list, line[start:])
}
