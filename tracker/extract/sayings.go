package extract

import (
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
	of      []int // under which of the keys a phrase is listed
	byStart map[uint32][]int
	may     [1 << startBits / 64]uint64 // a bit for what each of those starts is scattered to
	dense   []int                       // those that begin in a script without spaces, and so within what looks like a word
}

// saidKinds are keys of a saidBook, a bit for each in the order in which they were
// asked for.
type saidKinds uint16

const (
	// betweenParts is how many bytes may stand where a phrase has an ellipsis: about
	// five words.
	betweenParts = 40

	// startBytes is how many bytes a phrase is found by: none is shorter.
	startBytes = 4

	// startBits scatters such starts so wide that few others fall on one of the
	// lexicon's five hundred, and the bits for them still fill no more than a few
	// lines of the processor's cache.
	startBits = 13
)

// said returns the phrases that a file lists under some keys, sixteen at most. They
// are read when they are first asked for.
func said(file string, keys ...string) sayings {
	return sync.OnceValue(func() *saidBook {
		b := &saidBook{byStart: map[uint32][]int{}}
		for key, name := range keys {
			for _, entry := range entries(file, name) {
				b.add(entry, key)
			}
		}
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
	start := startOf(parts[0])
	b.byStart[start] = append(b.byStart[start], i)
	bit := scattered(start)
	b.may[bit/64] |= 1 << (bit % 64)
}

// startOf returns the first [startBytes] bytes of a text that has as many.
func startOf(text string) uint32 {
	return uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(text[3])<<24
}

// scattered returns a number of [startBits] bits for a start, by Knuth's
// multiplicative hashing (The Art of Computer Programming, volume 3, 6.4).
func scattered(start uint32) uint32 { return start * 2654435769 >> (32 - startBits) }

// spoken returns a line as sayings are written: in lower case, with straight
// apostrophes and single spaces.
func spoken(line string) string {
	if plain, ok := plainSpoken(line); ok {
		return plain
	}
	line = strings.ToLower(line)
	for _, curly := range []string{"’", "‘", "ʼ"} {
		line = strings.ReplaceAll(line, curly, "'")
	}
	return squeeze(line)
}

// plainSpoken is [spoken] of a line in ASCII and its curly apostrophes, which is gone
// through once; ok is false of any other.
func plainSpoken(line string) (plain string, ok bool) {
	same := 0 // how many bytes need no change
	for last := byte(' '); same < len(line); same++ {
		c := line[same]
		if c <= ' ' && (c != ' ' || last == ' ') || 'A' <= c && c <= 'Z' || c >= utf8.RuneSelf {
			break
		}
		last = c
	}
	if same == len(line) && !strings.HasSuffix(line, " ") {
		return line, true
	}
	var b strings.Builder
	b.Grow(len(line))
	b.WriteString(line[:same])
	space := same == 0 || line[same-1] == ' '
	for i := same; i < len(line); i++ {
		switch c := line[i]; {
		case strings.HasPrefix(line[i:], "’") || strings.HasPrefix(line[i:], "‘"):
			b.WriteByte('\'')
			i += len("’") - 1
			space = false
		case c >= utf8.RuneSelf:
			return "", false
		case c == ' ' || '\t' <= c && c <= '\r':
			if !space {
				b.WriteByte(' ')
			}
			space = true
		default:
			b.WriteByte(lower(c))
			space = false
		}
	}
	return strings.TrimSuffix(b.String(), " "), true
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
	begins := true // whether a word may begin here
	for at := 0; at+startBytes <= len(line); {
		if begins && b.mayBegin(line[at:]) {
			for _, i := range b.byStart[startOf(line[at:])] {
				if !b.opens(line[at:], i) || slices.Contains(found, i) {
					continue
				}
				if found = append(found, i); !yield(i) {
					return
				}
			}
		}
		if c := line[at]; c < utf8.RuneSelf {
			begins = lower(c) < 'a' || lower(c) > 'z'
			at++
			continue
		}
		r, size := utf8.DecodeRuneInString(line[at:])
		begins = !unicode.IsLetter(r) || dense(r)
		at += size
	}
}

// mayBegin reports whether a text of [startBytes] or more may begin with a phrase,
// dense ones apart.
func (b *saidBook) mayBegin(text string) bool {
	bit := scattered(startOf(text))
	return b.may[bit/64]&(1<<(bit%64)) != 0
}

// opens reports whether a line begins with a phrase.
func (b *saidBook) opens(line string, phrase int) bool {
	parts := b.phrases[phrase]
	return strings.HasPrefix(line, parts[0]) && follow(line[len(parts[0]):], parts[1:])
}

// kinds returns the keys that have a phrase in a line that is [spoken].
func (s sayings) kinds(line string) saidKinds {
	book := s()
	var found saidKinds
	book.each(line, func(phrase int) bool { found |= 1 << book.of[phrase]; return true })
	return found
}

// in reports whether one of the phrases stands in a line that is [spoken].
func (s sayings) in(line string) bool {
	found := false
	s().each(line, func(int) bool { found = true; return false })
	return found
}

// count returns how many phrases of some keys stand in a line that is [spoken].
func (s sayings) count(line string, of saidKinds) int {
	book, found := s(), 0
	book.each(line, func(phrase int) bool {
		if of&(1<<book.of[phrase]) != 0 {
			found++
		}
		return true
	})
	return found
}

// open reports whether a line that is [spoken] begins with one of the phrases of
// some keys.
func (s sayings) open(line string, of saidKinds) bool {
	b := s()
	line = strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(line) >= startBytes && b.mayBegin(line) && slices.ContainsFunc(b.byStart[startOf(line)], func(i int) bool { return of&(1<<b.of[i]) != 0 && b.opens(line, i) }) {
		return true
	}
	return slices.ContainsFunc(b.dense, func(i int) bool {
		return of&(1<<b.of[i]) != 0 && strings.HasPrefix(line, b.phrases[i][0]) && stands(line, b.phrases[i])
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
