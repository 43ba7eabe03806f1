package revision

import (
	"embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"storydiff/tracker/extract"
)

// A lexicon is what is known of the words of a language. It is read from
// lexicon/LANG.txt when a text of the language is first compared. See
// lexicon/README.md for what the sections hold.
type lexicon struct {
	lang         string // "en"; empty for the blank of a language without one
	stop         map[string]bool
	known        map[string]bool
	negation     map[string]bool
	noNegation   phraseList
	opposing     []string
	unopposed    map[string]bool
	contrast     map[string]map[string]bool // a function word → those that say the opposite
	hedge        phraseList
	approximate  phraseList
	attribution  map[string]sayingVerb // by form
	speech       map[string]sayingVerb // by form; in the company of a clause or quotation alone
	source       phraseList
	determiner   map[string]bool
	firm, soft   map[string]bool
	conditional  map[string]string // an ending of the future → that of the conditional
	noSaying     phraseList
	number       map[string]float64
	ordinal      map[string]float64
	scale        map[string]float64
	numberPart   map[string]float64
	numberAnd    map[string]bool
	percent      phraseList
	percentUnit  map[string]string // "per cent" → "%"
	currency     map[string]string // "dollars" → "$"
	unit         map[string]string // "hrs" → "hour"
	weekday      map[string]bool
	weekdayWeak  map[string]bool
	month        map[string]bool
	monthWeak    map[string]bool
	timeWeak     map[string]bool
	time         map[string]bool
	relative     map[string]bool
	period       map[string]bool
	yearCue      map[string]bool
	yearNoun     map[string]bool
	ago          map[string]bool
	agoBefore    map[string]bool
	goesOn       map[string]bool // behind "before": what follows is no time from now
	clockBefore  map[string]bool
	clockAfter   map[string]bool
	hourPart     map[string]bool // "sharp", "local"
	title        map[string]bool
	honorific    map[string]bool
	pronoun      map[string]bool
	bare         map[string]bool // words behind which a noun without an article is a name
	nounEndings  []string
	common       map[string]bool
	ending       []string
	variant      map[string]string // a spelling → the one it counts as
	contraction  map[string]string // "it's" → "it is"
	charged      map[string]bool
	nouns        bool // every noun is written with a capital
	lowerDates   bool // names of days and months are not
	decimalComma bool // 1.200 is twelve hundred, and 1,2 is not
}

// A sayingVerb is one of saying: its family, which is its first form, and how the
// speaker stands to what is said.
type sayingVerb struct{ family, class string }

//go:embed lexicon/*.txt
var lexiconFiles embed.FS

// languages are those with a lexicon, in the order they are tried for a text
// that does not state its language.
const languages = "en de fr es nl it pt"

// lexicons holds a reader of each lexicon that reads it once, when first asked.
var lexicons = func() map[string]func() *lexicon {
	out := map[string]func() *lexicon{}
	for lang := range strings.FieldsSeq(languages) {
		out[lang] = sync.OnceValue(func() *lexicon {
			data := lexiconFile(lang + ".txt")
			if words, err := lexiconFiles.ReadFile("lexicon/" + lang + ".words.txt"); err == nil {
				data += "\n" + string(words)
			}
			lex := parseLexicon(data)
			lex.lang = lang
			return lex
		})
	}
	return out
}()

func lexiconFile(name string) string {
	data, err := lexiconFiles.ReadFile("lexicon/" + name)
	if err != nil {
		panic("lexicon missing: " + name) // it is part of the program
	}
	return string(data)
}

// lexiconOf returns the lexicon of a story's language, as the page states it or
// as its function words tell. English stands in for a language without one
// whose language is unknown; for a known one without a lexicon a blank is used,
// since a word may mean another thing there.
func lexiconOf(s *extract.Story) *lexicon {
	lang, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(s.Lang, "_", "-")), "-")
	if read, ok := lexicons[lang]; ok {
		return read()
	}
	if lang != "" && lang != "und" {
		return &lexicon{lowerDates: true}
	}
	return lexicons[detect(s)]()
}

// stopWords holds the function words of every language, for those texts that do
// not say which is theirs.
var stopWords = sync.OnceValue(func() map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for lang := range strings.FieldsSeq(languages) {
		_, section, _ := strings.Cut(lexiconFile(lang+".txt"), "[stop]")
		section, _, _ = strings.Cut(section, "[")
		out[lang] = parseLexicon("[stop]" + section).stop
	}
	return out
})

// detect returns the language whose function words are most frequent at the
// start of the text.
func detect(s *extract.Story) string {
	const sample = 400 // words
	var words []word
	for _, text := range append([]string{s.Headline, s.Standfirst}, blockTexts(s)...) {
		if len(words) > sample {
			break
		}
		words = append(words, scan(text[:min(len(text), 1<<14)])...)
	}
	best, most := "en", 0
	for lang := range strings.FieldsSeq(languages) {
		n := 0
		for _, w := range words {
			if stopWords()[lang][w.key] {
				n++
			}
		}
		if n > most {
			best, most = lang, n
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

// An entryReader takes up an entry of a section of a lexicon; first is the entry
// that its line begins with.
type entryReader func(entry, first string)

// parseLexicon reads sections of entries parted by commas or line ends. A "#"
// begins a comment. What no section of a known name holds is left out.
func parseLexicon(data string) *lexicon {
	lex := &lexicon{}
	readers := lex.readers()
	var read entryReader
	for line := range strings.Lines(data) {
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			read = readers[strings.Trim(line, "[]")]
			continue
		}
		first := ""
		for entry := range strings.SplitSeq(line, ",") {
			entry = strings.TrimSpace(entry)
			if entry == "" || read == nil {
				continue
			}
			if first == "" {
				first = entry
			}
			read(entry, first)
		}
	}
	slices.SortFunc(lex.ending, func(a, b string) int { return len(b) - len(a) })
	return lex
}

// readers returns what takes up the entries of each section.
func (l *lexicon) readers() map[string]entryReader {
	out := map[string]entryReader{
		"opposing":       func(entry, _ string) { l.opposing = append(l.opposing, entry) },
		"noun-ending":    func(entry, _ string) { l.nounEndings = append(l.nounEndings, entry) },
		"ending":         func(entry, _ string) { l.ending = append(l.ending, entry) },
		"no-negation":    l.noNegation.read,
		"hedge":          l.hedge.read,
		"approximate":    l.approximate.read,
		"source":         l.source.read,
		"no-attribution": l.noSaying.read,
		"percent": func(entry, first string) {
			key, unit, _ := strings.Cut(entry, "=")
			l.percent.read(key, first)
			put(&l.percentUnit, key, unit)
		},
		"contrast": func(entry, _ string) {
			one, other, _ := strings.Cut(entry, "=")
			l.contrasts(one, other)
			l.contrasts(other, one)
		},
		"flags": func(entry, _ string) {
			l.nouns = l.nouns || entry == "capital-nouns"
			l.lowerDates = l.lowerDates || entry == "lower-dates"
			l.decimalComma = l.decimalComma || entry == "decimal-comma"
		},
	}
	for name, set := range map[string]*map[string]bool{
		"stop": &l.stop, "known": &l.known, "negation": &l.negation, "unopposed": &l.unopposed, "number-and": &l.numberAnd,
		"weekday": &l.weekday, "weekday-weak": &l.weekdayWeak, "month": &l.month, "month-weak": &l.monthWeak, "time-weak": &l.timeWeak, "ago-not": &l.goesOn, "time": &l.time, "relative": &l.relative,
		"period": &l.period, "year-cue": &l.yearCue, "year-noun": &l.yearNoun, "ago": &l.ago, "ago-before": &l.agoBefore,
		"clock-before": &l.clockBefore, "clock-after": &l.clockAfter, "hour-part": &l.hourPart, "title": &l.title, "honorific": &l.honorific,
		"determiner": &l.determiner, "firm": &l.firm, "soft": &l.soft,
		"pronoun": &l.pronoun, "common": &l.common, "bare": &l.bare, "charged": &l.charged,
	} {
		out[name] = func(entry, _ string) { put(set, entry, true) }
	}
	for name, set := range map[string]*map[string]float64{
		"number": &l.number, "ordinal": &l.ordinal, "scale": &l.scale, "number-part": &l.numberPart,
	} {
		out[name] = func(entry, _ string) {
			key, text, _ := strings.Cut(entry, "=")
			if v, err := strconv.ParseFloat(text, 64); err == nil {
				put(set, key, v)
			}
		}
	}
	for name, set := range map[string]*map[string]string{
		"currency": &l.currency, "unit": &l.unit, "variant": &l.variant, "contraction": &l.contraction,
		"conditional": &l.conditional,
	} {
		out[name] = func(entry, _ string) {
			key, value, _ := strings.Cut(entry, "=")
			put(set, key, value)
		}
	}
	for _, class := range []string{"neutral", "assert", "doubt", "concede", "deny", "believe"} {
		out["attribution "+class] = func(entry, first string) { put(&l.attribution, entry, sayingVerb{first, class}) }
		out["speech "+class] = func(entry, first string) { put(&l.speech, entry, sayingVerb{first, class}) }
	}
	return out
}

func (l *lexicon) contrasts(one, other string) {
	set := l.contrast[one]
	put(&set, other, true)
	put(&l.contrast, one, set)
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

// A phraseList is a list of words and phrases, by their first word.
type phraseList map[string][][]string

func (l *phraseList) read(entry, _ string) {
	if words := strings.Fields(entry); len(words) > 0 {
		put((*map[string][][]string)(l), words[0], append((*l)[words[0]], words))
	}
}

// at returns how many keys the longest phrase takes that they begin with; 0 if
// they begin with none.
func (l phraseList) at(keys []string) int {
	if len(keys) == 0 {
		return 0
	}
	n := 0
	for _, p := range l[keys[0]] {
		if len(p) > n && len(keys) >= len(p) && slices.Equal(keys[:len(p)], p) {
			n = len(p)
		}
	}
	return n
}

func sameCounts(a, b map[string]int) bool { return maps.Equal(a, b) }
