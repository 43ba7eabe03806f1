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

// A saidBook is phrases by the characters that they begin with: most words of a
// line begin none.
type saidBook struct {
	phrases [][]string
	byStart map[[2]rune][]int // of the first two; the second is 0 where the word has but one
	dense   []int             // those that begin in a script without spaces, and so within what looks like a word
}

// betweenParts is how many bytes may stand where a phrase has an ellipsis: about
// five words.
const betweenParts = 40

// said returns the phrases that a file lists under a key. They are read when
// they are first asked for.
func said(file, key string) sayings {
	return sync.OnceValue(func() *saidBook {
		b := &saidBook{byStart: map[[2]rune][]int{}}
		for i, entry := range entries(file, key) {
			var parts []string
			for part := range strings.SplitSeq(entry, "…") {
				parts = append(parts, spoken(part))
			}
			b.phrases = append(b.phrases, parts)
			if dense(firstRune(parts[0])) {
				b.dense = append(b.dense, i)
				continue
			}
			start := startOf(parts[0])
			b.byStart[start] = append(b.byStart[start], i)
		}
		return b
	})
}

// startOf returns the first two characters of a text, the second 0 where it is no
// letter or digit.
func startOf(text string) [2]rune {
	first, n := utf8.DecodeRuneInString(text)
	second, _ := utf8.DecodeRuneInString(text[n:])
	if !unicode.IsLetter(second) && !unicode.IsDigit(second) {
		second = 0
	}
	return [2]rune{first, second}
}

var straight = strings.NewReplacer("’", "'", "‘", "'", "ʼ", "'")

// spoken returns a line as sayings are written: in lower case, with straight
// apostrophes and single spaces.
func spoken(line string) string {
	return squeeze(straight.Replace(strings.ToLower(line)))
}

// each calls yield for every phrase that stands in a line that is [spoken], until
// it returns false.
func (b *saidBook) each(line string, yield func() bool) {
	try := func(list []int) bool {
		for _, i := range list {
			if stands(line, b.phrases[i]) && !yield() {
				return false
			}
		}
		return true
	}
	if !try(b.dense) {
		return
	}
	var tried [][2]rune
	begins := func(start [2]rune) bool {
		list := b.byStart[start]
		if len(list) == 0 || slices.Contains(tried, start) {
			return true
		}
		tried = append(tried, start)
		return try(list)
	}
	last := ' '
	for at, r := range line {
		if !unicode.IsLetter(last) || dense(last) {
			if start := startOf(line[at:]); !begins(start) || start[1] != 0 && !begins([2]rune{r}) {
				return
			}
		}
		last = r
	}
}

// count returns how many of the phrases stand in a line that is [spoken].
func (s sayings) count(line string) int {
	found := 0
	s().each(line, func() bool { found++; return true })
	return found
}

// in reports whether one of the phrases stands in a line that is [spoken].
func (s sayings) in(line string) bool {
	found := false
	s().each(line, func() bool { found = true; return false })
	return found
}

// opens reports whether a line that is [spoken] begins with one of the phrases.
func (s sayings) opens(line string) bool {
	line = strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, parts := range s().phrases {
		if strings.HasPrefix(line, parts[0]) && stands(line, parts) {
			return true
		}
	}
	return false
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
		case strings.ContainsRune("。！？", r):
		case strings.ContainsRune(".!?\n", r) && (next == len(line) || line[next] == ' ' || r == '\n'):
		default:
			continue
		}
		list = append(list, line[start:next])
		start = next
	}
	return append(list, line[start:])
}
