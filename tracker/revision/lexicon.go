package revision

import (
	"embed"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"storydiff/tracker/extract"
)

// A lexicon is what is known of the words of a language. It is read from
// lexicon/LANG.txt; a language is added by adding its file.
type lexicon struct {
	lang        string             // "en"; empty for the blank of a language without one
	stop        map[string]bool    // function words, which carry no content
	known       map[string]bool    // common words that differ by a letter from other words
	negation    map[string]bool    //
	hedge       [][]string         // words and phrases that soften or qualify a claim
	attribution map[string]string  // verb form → its family: "says" → "say"
	source      [][]string         // phrases that name a source: "according to"
	number      map[string]float64 // number words
	ordinal     map[string]float64 // number words that are often none: "one", "second"
	scale       map[string]float64 // "million"
	weekday     map[string]bool    //
	month       map[string]bool    //
	time        map[string]bool    // "yesterday", "noon", "p.m"
	yearCue     map[string]bool    // words before a year: "in", "since"
	ago         map[string]bool    // "ago"
	title       map[string]bool    // "mr", "dr": a point behind them ends no sentence
	pronoun     map[string]bool    //
	charged     map[string]bool    // words that accuse, condemn or count the dead
	nouns       bool               // every noun is written with a capital
	lowerDates  bool               // names of days and months are not
}

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// languages are those with a lexicon, in the order they are tried for a text
// that does not state its language.
const languages = "en de fr es"

// lexicons reads every lexicon, once.
var lexicons = sync.OnceValue(func() map[string]*lexicon {
	out := map[string]*lexicon{}
	for lang := range strings.FieldsSeq(languages) {
		data, err := lexiconFiles.ReadFile("lexicon/" + lang + ".txt")
		if err != nil {
			panic("lexicon missing: " + lang) // it is part of the program
		}
		out[lang] = parseLexicon(string(data))
		out[lang].lang = lang
	}
	return out
})

// lexiconOf returns the lexicon of a story's language, as the page states it or
// as its function words tell. English stands in for a language without one
// whose language is unknown; for a known one without a lexicon a blank is used,
// since a word may mean another thing there.
func lexiconOf(s *extract.Story) *lexicon {
	lang, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(s.Lang, "_", "-")), "-")
	if lex, ok := lexicons()[lang]; ok {
		return lex
	}
	if lang != "" && lang != "und" {
		return &lexicon{lowerDates: true}
	}
	return detect(s)
}

// detect returns the lexicon whose function words are most frequent at the
// start of the text.
func detect(s *extract.Story) *lexicon {
	const sample = 400 // words
	var words []word
	for _, text := range append([]string{s.Headline, s.Standfirst}, blockTexts(s)...) {
		if len(words) > sample {
			break
		}
		words = append(words, scan(text[:min(len(text), 1<<14)])...)
	}
	best, most := lexicons()["en"], 0
	for lang := range strings.FieldsSeq(languages) {
		n := 0
		for _, w := range words {
			if lexicons()[lang].stop[w.key] {
				n++
			}
		}
		if n > most {
			best, most = lexicons()[lang], n
		}
	}
	return best
}

func blockTexts(s *extract.Story) []string {
	out := make([]string, len(s.Blocks))
	for i, b := range s.Blocks {
		out[i] = b.Text
	}
	return out
}

// parseLexicon reads sections of entries parted by commas or line ends. A "#"
// begins a comment. In a section [attribution] each line is a family of forms,
// the first its name; in [number], [ordinal] and [scale] an entry is
// "word=value"; [flags] holds the names of properties.
func parseLexicon(data string) *lexicon {
	lex := &lexicon{attribution: map[string]string{}}
	sets := map[string]*map[string]bool{
		"stop": &lex.stop, "known": &lex.known, "negation": &lex.negation, "weekday": &lex.weekday,
		"month": &lex.month, "time": &lex.time, "year-cue": &lex.yearCue, "ago": &lex.ago,
		"title": &lex.title, "pronoun": &lex.pronoun, "charged": &lex.charged,
	}
	values := map[string]*map[string]float64{"number": &lex.number, "ordinal": &lex.ordinal, "scale": &lex.scale}
	section := ""
	for line := range strings.Lines(data) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			section = strings.Trim(line, "[]")
			continue
		}
		family := ""
		for entry := range strings.SplitSeq(line, ",") {
			entry = strings.TrimSpace(entry)
			if entry == "" {
				continue
			}
			if family == "" {
				family = entry
			}
			switch {
			case sets[section] != nil:
				put(sets[section], entry, true)
			case values[section] != nil:
				name, text, _ := strings.Cut(entry, "=")
				if v, err := strconv.ParseFloat(text, 64); err == nil {
					put(values[section], name, v)
				}
			case section == "attribution":
				lex.attribution[entry] = family
			case section == "hedge":
				lex.hedge = append(lex.hedge, strings.Fields(entry))
			case section == "source":
				lex.source = append(lex.source, strings.Fields(entry))
			case section == "flags":
				lex.nouns = lex.nouns || entry == "capital-nouns"
				lex.lowerDates = lex.lowerDates || entry == "lower-dates"
			}
		}
	}
	return lex
}

func put[V any](m *map[string]V, key string, v V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = v
}

// isContent reports whether the word says something by itself.
func (l *lexicon) isContent(w word) bool {
	if w.isNumber() {
		return true
	}
	return !l.stop[w.key] && strings.ContainsFunc(w.key, unicode.IsLetter)
}

// phrases returns how often each of the phrases stands in keys, by the phrase.
func phrases(list [][]string, keys []string) map[string]int {
	first := map[string][][]string{}
	for _, p := range list {
		first[p[0]] = append(first[p[0]], p)
	}
	found := map[string]int{}
	for i := 0; i < len(keys); {
		n := 0
		for _, p := range first[keys[i]] {
			if len(p) > n && startsWith(keys[i:], p) {
				n = len(p)
			}
		}
		if n > 0 {
			found[strings.Join(keys[i:i+n], " ")]++
		}
		i += max(n, 1)
	}
	return found
}

func startsWith(keys, p []string) bool {
	if len(keys) < len(p) {
		return false
	}
	for i := range p {
		if keys[i] != p[i] {
			return false
		}
	}
	return true
}
