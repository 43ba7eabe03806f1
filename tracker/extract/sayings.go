package extract

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Sayings are phrases of the lexicon that may stand anywhere in a line. Each is
// in parts where … stands for a few words between.
type sayings func() [][]string

// betweenParts is how many bytes may stand where a phrase has an ellipsis: about
// five words.
const betweenParts = 40

// said returns the phrases that a file lists under a key. They are read when
// they are first asked for.
func said(file, key string) sayings {
	return sync.OnceValue(func() [][]string {
		var list [][]string
		for _, entry := range entries(file, key) {
			var parts []string
			for part := range strings.SplitSeq(entry, "…") {
				parts = append(parts, spoken(part))
			}
			list = append(list, parts)
		}
		return list
	})
}

// spoken returns a line as sayings are written: in lower case, with straight
// apostrophes and single spaces.
func spoken(line string) string {
	return squeeze(strings.NewReplacer("’", "'", "‘", "'", "ʼ", "'").Replace(strings.ToLower(line)))
}

// count returns how many of the phrases stand in a line that is [spoken].
func (s sayings) count(line string) int {
	found := 0
	for _, parts := range s() {
		if holds(line, parts) {
			found++
		}
	}
	return found
}

// in reports whether one of the phrases stands in a line that is [spoken].
func (s sayings) in(line string) bool {
	for _, parts := range s() {
		if holds(line, parts) {
			return true
		}
	}
	return false
}

// opens reports whether a line that is [spoken] begins with one of the phrases.
func (s sayings) opens(line string) bool {
	line = strings.TrimLeftFunc(line, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, parts := range s() {
		if strings.HasPrefix(line, parts[0]) && holds(line, parts) {
			return true
		}
	}
	return false
}

// holds reports whether the parts stand in a line one after the other, the first
// at the beginning of a word.
func holds(line string, parts []string) bool {
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
