package revision

import (
	"strings"
	"sync"
)

// topics are the words of lexicon/speaks.txt.
type topics struct {
	filler map[string]bool   // says that something was changed, not what
	kinds  map[string][]Kind // a word → the kinds of edit it names
	family map[string]string // a stem → the stem that stands for it
}

// noteTopics reads lexicon/speaks.txt, once.
var noteTopics = sync.OnceValue(func() *topics {
	data, err := lexiconFiles.ReadFile("lexicon/speaks.txt")
	if err != nil {
		panic("lexicon missing: speaks") // it is part of the program
	}
	return parseTopics(string(data), noteNouns())
})

// noteNouns returns the words by which an article means itself.
func noteNouns() []string {
	data, err := lexiconFiles.ReadFile("lexicon/notes.txt")
	if err != nil {
		panic("lexicon missing: notes") // it is part of the program
	}
	_, _, nouns := readNotes(string(data))
	return nouns
}

func parseTopics(data string, nouns []string) *topics {
	t := &topics{filler: map[string]bool{}, kinds: map[string][]Kind{}, family: map[string]string{}}
	for _, noun := range nouns {
		t.filler[noun] = true
	}
	section := ""
	for line := range strings.Lines(data) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		entries := strings.Split(strings.TrimRight(line, ","), ",")
		for _, entry := range entries {
			entry = strings.TrimSpace(entry)
			switch section {
			case "filler":
				t.filler[entry] = true
			case "family":
				t.family[rawStem(entry)] = rawStem(strings.TrimSpace(entries[0]))
			default:
				t.kinds[entry] = append(t.kinds[entry], Kind(section))
			}
		}
	}
	return t
}

// stem returns what a word has in common with its other forms, as far as that
// can be told without a dictionary; words of one family have one stem.
func (t *topics) stem(key string) string {
	s := rawStem(key)
	if head, ok := t.family[s]; ok {
		return head
	}
	return s
}

// rawStem cuts a key to its first six letters, behind which most endings stand,
// and a plural to the singular.
func rawStem(key string) string {
	key = possessor(key)
	if len(key) > 3 && strings.HasSuffix(key, "s") && !strings.HasSuffix(key, "ss") {
		key = key[:len(key)-1]
	}
	n := 0
	for i := range key {
		if n++; n > 6 {
			return key[:i]
		}
	}
	return key
}
