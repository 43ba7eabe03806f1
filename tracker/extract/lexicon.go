package extract

import (
	"embed"
	"io/fs"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

//go:embed lexicon/*.txt
var lexicons embed.FS

// A matcher finds the phrases of the lexicon at the beginning of a line. There
// is a pattern for each first word of a phrase: most lines begin with another, and
// are not looked at. A pattern is compiled when a line first asks for it: all of
// them together take longer than most pages.
type matcher func() map[string]func() *regexp.Regexp

// anchored finds the phrases that a file lists under a key, to stand at the
// beginning of a line and before the pattern after. An ellipsis in a phrase
// stands for up to wild words.
func anchored(file, key, wild, after string) matcher {
	return sync.OnceValue(func() map[string]func() *regexp.Regexp {
		alternatives := map[string][]string{}
		for _, entry := range entries(file, key) {
			first := firstKey(entry)
			alternatives[first] = append(alternatives[first], phrase(entry, wild))
		}
		patterns := make(map[string]func() *regexp.Regexp, len(alternatives))
		for first, list := range alternatives {
			patterns[first] = sync.OnceValue(func() *regexp.Regexp {
				pattern := regexp.MustCompile(`(?i)^(?:` + strings.Join(list, `|`) + `)` + after)
				pattern.Longest()
				return pattern
			})
		}
		return patterns
	})
}

// find returns what of the phrases the line begins with, the longest; empty if
// none.
func (m matcher) find(line string) string {
	var key [maxKey]byte
	pattern, n := m(), plainKey(line, &key)
	first := pattern[string(key[:n])]
	if n == 0 {
		first = pattern[firstKey(line)]
	}
	if first == nil {
		return ""
	}
	return first().FindString(line)
}

// maxKey is how many bytes a first word may have that plainKey returns.
const maxKey = 24

// plainKey writes what firstKey returns and returns its length, where it is a short
// word in ASCII and all before it is ASCII too, as of most lines; else 0.
func plainKey(line string, key *[maxKey]byte) int {
	n := 0
	for i := range len(line) {
		c := lower(line[i])
		switch {
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			if n == maxKey {
				return 0
			}
			key[n] = c
			n++
		case c >= utf8.RuneSelf:
			return 0
		case n > 0:
			return n
		}
	}
	return n
}

// lower returns an ASCII letter in lower case, and any other byte as it is.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c | 0x20
	}
	return c
}

func (m matcher) match(line string) bool { return m.find(line) != "" }

// firstKey returns the first word of a line in lower case; in a script without
// spaces its first character.
func firstKey(line string) string {
	var key [maxKey]byte
	if n := plainKey(line, &key); n > 0 {
		return string(key[:n])
	}
	start, end := -1, len(line)
	for i, r := range line {
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		switch {
		case start < 0 && letter && dense(r):
			return string(r)
		case start < 0 && letter:
			start = i
		case start >= 0 && !letter:
			end = i
		}
		if end < len(line) {
			break
		}
	}
	if start < 0 {
		return ""
	}
	return strings.ToLower(line[start:end])
}

// dense reports whether a character is of a script that puts no spaces between
// words, or, as Korean, attaches particles to them.
func dense(r rune) bool {
	return r > 0xE00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai, unicode.Lao, unicode.Khmer)
}

// entries returns what a file of the lexicon lists under a key. It panics where
// the file is missing: the files are compiled in.
func entries(file, key string) []string {
	text, err := fs.ReadFile(lexicons, "lexicon/"+file)
	if err != nil {
		panic(err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		if entry, ok := strings.CutPrefix(strings.TrimSpace(line), key+" "); ok {
			list = append(list, strings.TrimSpace(entry))
		}
	}
	return list
}

// wordsOf returns the single words that a file lists under a key.
func wordsOf(file, key string) map[string]bool {
	set := map[string]bool{}
	for _, entry := range entries(file, key) {
		for word := range strings.FieldsSeq(entry) {
			set[word] = true
		}
	}
	return set
}

// phrase quotes an entry, with any white space between its words and up to wild
// words for an ellipsis, at its end one at least.
func phrase(entry, wild string) string {
	before, after, found := strings.Cut(entry, "…")
	if !found {
		return spaced(entry)
	}
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	if after == "" {
		return spaced(before) + `(?:\s+\S+){1,` + wild + `}`
	}
	return spaced(before) + `(?:\s+[^\s.!?]+){0,` + wild + `}\s+` + spaced(after)
}

func spaced(words string) string {
	return strings.Join(strings.Fields(regexp.QuoteMeta(words)), `\s+`)
}
