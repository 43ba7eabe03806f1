package report

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"

	"golang.org/x/text/unicode/norm"

	"storydiff/tracker"
)

// The search of an export is files of script that the page of the search loads
// as it needs them, for a page that was opened from disk may load nothing else:
//
//	search/articles.js  every article: its page, headline, outlet, number of versions
//	search/t0.js …      the texts, some hundreds a file, each with its article and the versions it stood in
//	search/w00.js …     the words, by the first two letters: in which texts each stands
//
// exportsearch.js reads them; what is a word both sides know alike.
const (
	textsPerFile = 400
	wordFiles    = 256
)

// A staticText is a paragraph, headline or other line and where it stood.
type staticText struct {
	article     int // by its place in the list of articles
	first, last int // versions
	text        string
}

// index writes what the search of an export needs; with withhold it has headlines
// alone of versions whose publisher asks for no copies.
func (e *export) index(ctx context.Context, src Source, withhold bool) error {
	articles, err := src.Articles(ctx, tracker.ArticleFilter{})
	if err != nil {
		return fmt.Errorf("listing articles: %w", err)
	}
	slices.SortFunc(articles, func(a, b tracker.Article) int { return int(a.ID - b.ID) })
	x := &searchIndex{write: e.write, words: map[string][]int{}}
	rows := [][]any{}
	for i, a := range articles {
		versions, err := src.Versions(ctx, a.ID)
		if err != nil {
			return fmt.Errorf("reading versions of article %d: %w", a.ID, err)
		}
		rows = append(rows, []any{a.ID, titleOf(a), brief(a.Outlet), len(versions)})
		for _, t := range linesOf(i, versions, withhold) {
			if err := x.add(t); err != nil {
				return err
			}
		}
	}
	if err := x.flush(); err != nil {
		return err
	}
	if err := x.writeWords(); err != nil {
		return err
	}
	return x.file("articles", rows)
}

// linesOf returns each line that stood in any version of an article once, in the
// order in which they came. With withhold there are headlines alone of versions whose
// publisher asks for no copies.
func linesOf(article int, versions []tracker.Version, withhold bool) (texts []staticText) {
	at := map[string]int{}
	for _, v := range versions {
		s := &v.Story
		lines := []string{s.Headline}
		if !withhold || s.Sources["reserved"] == "" {
			lines = append(lines, s.Standfirst, s.Byline)
			for _, b := range s.Blocks {
				lines = append(lines, b.Text)
			}
		}
		for _, line := range lines {
			line = strings.Join(strings.Fields(shown(line)), " ")
			if line == "" {
				continue
			}
			i, ok := at[line]
			if !ok {
				i = len(texts)
				at[line] = i
				texts = append(texts, staticText{article, v.N, v.N, line})
			}
			texts[i].last = v.N
		}
	}
	return texts
}

// A searchIndex grows as texts are added to it, and writes them as it goes.
type searchIndex struct {
	write func(name string, body []byte) error
	texts [][]any // not yet written
	n     int     // how many texts there were
	words map[string][]int
}

func (x *searchIndex) add(t staticText) error {
	for _, w := range slices.Sorted(maps.Keys(wordsOf(t.text))) {
		x.words[w] = append(x.words[w], x.n)
	}
	x.n++
	x.texts = append(x.texts, []any{t.article, t.first, t.last, t.text})
	if len(x.texts) == textsPerFile {
		return x.flush()
	}
	return nil
}

func (x *searchIndex) flush() error {
	if len(x.texts) == 0 {
		return nil
	}
	texts := x.texts
	x.texts = nil
	return x.file(fmt.Sprintf("t%d", (x.n-1)/textsPerFile), texts)
}

func (x *searchIndex) writeWords() error {
	var files [wordFiles]map[string][]int
	for w, at := range x.words {
		f := &files[wordFile(w)]
		if *f == nil {
			*f = map[string][]int{}
		}
		(*f)[w] = at
	}
	for i, words := range files {
		if words == nil {
			words = map[string][]int{}
		}
		if err := x.file(fmt.Sprintf("w%02x", i), words); err != nil {
			return err
		}
	}
	return nil
}

// file writes a value for the script. JSON as Go writes it is script too: it
// escapes <, > and the two line ends that scripts know beside those of JSON.
func (x *searchIndex) file(name string, value any) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "storydiffLoaded(%q,", name)
	if err := json.NewEncoder(&b).Encode(value); err != nil {
		return fmt.Errorf("exporting the search: %w", err)
	}
	b.WriteString(")\n")
	return x.write("search/"+name+".js", b.Bytes())
}

// wordsOf returns the words of a text without case and accents: runs of letters
// and digits; of scripts that do not part words, each two letters that follow each
// other.
func wordsOf(text string) map[string]bool {
	words := map[string]bool{}
	var run, pair []rune
	end := func() {
		if len(run) > 0 {
			words[string(run)] = true
		}
		if len(pair) == 1 {
			words[string(pair)] = true
		}
		run, pair = run[:0], pair[:0]
	}
	for _, r := range norm.NFD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.M, r):
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar):
			if len(run) > 0 {
				end()
			}
			if pair = append(pair, r); len(pair) > 1 {
				words[string(pair[len(pair)-2:])] = true
			}
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if len(pair) > 0 {
				end()
			}
			run = append(run, r)
		default:
			end()
		}
	}
	end()
	return words
}

// wordFile is the file of a word: a sum over its first two UTF-16 units.
func wordFile(word string) int {
	sum := 0
	for i, unit := range utf16.Encode([]rune(word)) {
		if i < 2 {
			sum = (sum*31 + int(unit)) % wordFiles
		}
	}
	return sum
}

// A staticSearchPage is the data of templates/exportsearch.html.
type staticSearchPage struct{ Script string }

// staticSearch is the page of the search in an export.
func (s *site) staticSearch(w http.ResponseWriter, r *http.Request) error {
	return s.render(w, r, http.StatusOK, "exportsearch", page{Title: "Search", Nav: "search", Main: staticSearchPage{s.assets.search.path}})
}
