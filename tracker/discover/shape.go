package discover

import (
	"net/url"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// asides are the words of a path that lead to no article, as a segment of it: of
// lists, persons, accounts, the house itself.
var asides = wordSet(`
	about account accounts abo abonnement abos ads advertise advertising advertise-with-us agb anmelden anmeldung archive archives archiv author authors autor autoren auteur auteurs
	agenda-login barrierefreiheit careers categorie categories category kategorie cart checkout comment comments kommentare commentaires contact contacts kontakt contacto contatti
	contributors cookie cookies cookie-policy corrections-policy datenschutz datenschutzerklaerung e-paper epaper events faq feed feeds gift help hilfe aide ayuda impressum imprint
	jobs stellenmarkt karriere legal licensing login logout lost-password mentions-legales my mein-konto newsletter newsletters nutzungsbedingungen page seite pages people person
	personen podcasts premium-abo press-office print privacy privacy-policy profile profiles promo puzzles crosswords quiz rss register registrieren reprints search suche recherche buscar
	buscador cerca shop sitemap sponsored sponsor shopping store subscribe subscription subscriptions support tag tags schlagwort etiqueta etiquetas mots-cles team terms terms-of-use
	terms-and-conditions thema themen topic topics tema temas sujet sujets unsubscribe user users utm weather wetter meteo whistleblower writers redaktion wp-admin wp-login.php share
	intent sharer tickets traueranzeigen anzeigen obituaries classifieds horoscope horoskop tv-guide fernsehprogramm`)

// files are the endings of what is no page.
var files = wordSet(`.7z .avi .bmp .css .csv .doc .docx .epub .gif .gz .ico .ics .jpeg .jpg .js .json .m3u8 .m4a .mov .mp3 .mp4 .ogg .pdf .png .ppt .rss .svg .tar .vcf .wav .webm .webp .woff .woff2 .xls .xlsx .xml .zip`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

var (
	dated   = regexp.MustCompile(`/(?:19|20)\d\d(?:[/-]?(?:[01]?\d|[a-z]{3}))(?:[/-]?[0-3]?\d)?(?:/|-|$)`)
	longRun = regexp.MustCompile(`\d{5,}`)
)

// A route is what an address says of where it leads.
type route struct {
	segments []string // of the path, in lower case
	query    url.Values
	path     string
}

func routeOf(address string) (route, bool) {
	u, err := url.Parse(address)
	if err != nil {
		return route{}, false
	}
	p := strings.ToLower(u.Path)
	r := route{path: p}
	if u.RawQuery != "" && len(u.RawQuery) < 1000 {
		r.query = u.Query()
	}
	for s := range strings.SplitSeq(strings.Trim(p, "/"), "/") {
		if s != "" {
			r.segments = append(r.segments, s)
		}
	}
	return r, true
}

// last returns the last segment of the path, without its ending.
func (r *route) last() string {
	if len(r.segments) == 0 {
		return ""
	}
	s := r.segments[len(r.segments)-1]
	return strings.TrimSuffix(s, path.Ext(s))
}

// points weighs what an address says: above 0 it looks like that of an article.
func (r *route) points() int {
	if len(r.segments) == 0 && len(r.query) == 0 || files[path.Ext(r.path)] {
		return -9
	}
	sum := 0
	for _, s := range r.segments {
		if asides[strings.TrimSuffix(s, path.Ext(s))] || s[0] == '@' {
			sum = -4
		}
	}
	last := r.last()
	switch {
	case dated.MatchString(r.path):
		sum += 3
	case isSlug(last):
		sum += 2
	case longRun.MatchString(last), r.numbered():
		sum += 2
	case len(r.segments) <= 2 && isPlainWord(last) && len(r.query) == 0:
		sum -= 2
	}
	return sum
}

// numbered reports whether the query names a story by its number.
func (r *route) numbered() bool {
	for name := range r.query {
		switch strings.ToLower(name) {
		case "id", "p", "article", "artid", "aid", "story", "storyid", "sid", "newsid", "nid":
			return true
		}
	}
	return false
}

// isSlug reports whether a segment is made of a headline's words.
func isSlug(s string) bool {
	if strings.Contains(s, "%") {
		return len(s) > 30
	}
	n := strings.Count(s, "-") + strings.Count(s, "_")
	return n >= 3 || n == 2 && len(s) >= 16 || dense(s) >= 6
}

// isPlainWord reports whether a segment is one or two words of letters.
func isPlainWord(s string) bool {
	return len(s) <= 24 && strings.Count(s, "-") <= 1 && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && r != '-' }) < 0
}

// shape returns what addresses of one sort have in common: the words before the
// last segment as they are, and the sort of the rest. The addresses of a site's
// articles share one or a few, which differ from those of its sections.
func shape(address string) string {
	r, ok := routeOf(address)
	if !ok {
		return ""
	}
	var b strings.Builder
	for i, s := range r.segments {
		b.WriteByte('/')
		last := i == len(r.segments)-1
		switch ext := path.Ext(s); {
		case last:
			b.WriteString(sortOf(strings.TrimSuffix(s, ext)) + ext)
		case isPlainWord(s) && i == 0:
			b.WriteString(s)
		default:
			b.WriteString(sortOf(s))
		}
	}
	for name := range r.query {
		if len(r.query) == 1 {
			b.WriteString("?" + name)
		}
	}
	return b.String()
}

// sortOf returns the sort of a segment.
func sortOf(s string) string {
	digits := strings.Count(strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '0'
		}
		return r
	}, s), "0")
	switch {
	case digits > 0 && digits == len(s):
		return "number"
	case isSlug(s) && digits > 0:
		return "slug+number"
	case isSlug(s):
		return "slug"
	case digits > 0:
		return "code"
	case isPlainWord(s):
		return "word"
	}
	return "other"
}

// dense counts the characters of scripts without spaces.
func dense(s string) int {
	n := 0
	for _, r := range s {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
			n++
		}
	}
	return n
}

// words counts the words of a text; characters of scripts without spaces count
// one for every two.
func words(s string) int {
	d := dense(s)
	if d > 0 {
		return (d+1)/2 + len(strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || dense(string(r)) > 0 }))
	}
	return len(strings.Fields(s))
}
