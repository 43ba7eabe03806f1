package extract

import (
	"encoding/json"
	"strings"

	"golang.org/x/net/html"
)

const (
	maxLinkedData = 1 << 20 // of one script, in bytes
	maxLinkedDeep = 24      // levels of nesting that are searched
	maxLinkedObjs = 2000    // objects that are looked at in all
)

// A linkedData is what a page's JSON-LD says of its article.
type linkedData struct {
	headline    string
	description string
	authors     []string
	published   string
	modified    string
	publisher   string
	language    string
	body        string
	corrections []string
	live        *liveBlog // nil: it is none
	paid        bool      // not accessible for free
	locked      string    // selector of the part that is not
	words       int       // how many the article has, as it says; 0 where it does not
}

// linked returns what the JSON-LD of the document says; nil where there is no
// article in it. Of several articles it is the one whose address or headline is
// the page's own, or else the first.
func (p *page) linked() *linkedData {
	s := &ldSearch{}
	for _, script := range p.data {
		s.script(script.FirstChild.Data)
	}
	return s.best(p.titles())
}

// An ldSearch gathers the articles of a page's scripts.
type ldSearch struct {
	articles []map[string]any
	byID     map[string]map[string]any
	seen     int
	paid     bool // a page, not an article, is not free
}

func (s *ldSearch) script(text string) {
	if len(text) > maxLinkedData {
		return
	}
	if value, ok := tolerant(text); ok {
		s.visit(value, 0)
	}
}

// visit looks for articles in a value of JSON and all within.
func (s *ldSearch) visit(value any, depth int) {
	if s.seen++; depth > maxLinkedDeep || s.seen > maxLinkedObjs {
		return
	}
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			s.visit(item, depth+1)
		}
	case map[string]any:
		if id, ok := value["@id"].(string); ok && len(value) > 1 {
			if s.byID == nil {
				s.byID = map[string]map[string]any{}
			}
			if s.byID[id] == nil {
				s.byID[id] = value
			}
		}
		if isArticleType(value["@type"]) {
			s.articles = append(s.articles, value)
			return // what an article links to is not the page's
		}
		s.paid = s.paid || value["@type"] == "WebPage" && isPaid(value)
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "hasPart", "@list", "item"} {
			s.visit(value[key], depth+1)
		}
	}
}

// isArticleType reports whether a type of schema.org is one of its articles.
func isArticleType(value any) bool {
	switch value := value.(type) {
	case string:
		name := value[strings.LastIndexAny(value, "/:#")+1:]
		switch name {
		case "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "AskPublicNewsArticle", "BackgroundNewsArticle",
			"OpinionNewsArticle", "ReviewNewsArticle", "AdvertiserContentArticle", "SatiricalArticle", "ScholarlyArticle", "TechArticle",
			"Report", "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting":
			return true
		}
	case []any:
		for _, item := range value {
			if _, nested := item.([]any); !nested && isArticleType(item) {
				return true
			}
		}
	}
	return false
}

func (s *ldSearch) best(titles []string) *linkedData {
	var best *linkedData
	var all []*linkedData
	most := -1.0
	for _, article := range s.articles {
		data := s.read(article)
		all = append(all, data)
		score := 0.0
		for _, title := range titles {
			score = max(score, likeness(data.headline, title))
		}
		if data.body != "" {
			score += 0.05
		}
		if score > most {
			best, most = data, score
		}
	}
	return best.withLive(all)
}

func (s *ldSearch) read(article map[string]any) *linkedData {
	d := &linkedData{
		headline:    plainText(first(article["headline"], article["name"], article["alternativeHeadline"])),
		description: plainText(first(article["description"])),
		published:   first(article["datePublished"], article["dateCreated"]),
		modified:    first(article["dateModified"]),
		language:    first(article["inLanguage"]),
		body:        first(article["articleBody"], article["text"]),
		publisher:   s.nameOf(article["publisher"]),
		live:        liveIn(article),
		paid:        isPaid(article) || s.paid,
		locked:      lockedPart(article),
		words:       statedWords(article["wordCount"]),
	}
	for _, key := range []string{"author", "creator"} {
		if len(d.authors) == 0 {
			s.people(article[key], d, 0)
		}
	}
	for _, key := range []string{"correction", "corrections"} {
		s.corrections(article[key], d, 0)
	}
	return d
}

// people adds the names of authors.
func (s *ldSearch) people(value any, d *linkedData, depth int) {
	if depth > 4 || len(d.authors) > 30 {
		return
	}
	switch value := value.(type) {
	case string:
		if name := plainText(value); name != "" && !strings.Contains(name, "://") {
			d.authors = append(d.authors, name)
		}
	case []any:
		for _, item := range value {
			s.people(item, d, depth+1)
		}
	case map[string]any:
		if name := s.nameOf(value); name != "" {
			d.authors = append(d.authors, name)
		}
	}
}

// nameOf returns the name of a person or an organisation, also where only its
// @id stands and the rest elsewhere in the graph.
func (s *ldSearch) nameOf(value any) string {
	switch value := value.(type) {
	case string:
		return plainText(value)
	case []any:
		if len(value) > 0 {
			if object, ok := value[0].(map[string]any); ok {
				return s.nameOf(object)
			}
		}
	case map[string]any:
		if name := first(value["name"]); name != "" {
			return plainText(name)
		}
		if id, ok := value["@id"].(string); ok && s.byID[id] != nil {
			return plainText(first(s.byID[id]["name"]))
		}
	}
	return ""
}

// corrections adds the texts of a correction, which may be text or a
// CorrectionComment.
func (s *ldSearch) corrections(value any, d *linkedData, depth int) {
	if depth > 4 || len(d.corrections) > 50 {
		return
	}
	switch value := value.(type) {
	case string:
		if text := plainText(value); wordCount(text) > 1 && !strings.HasPrefix(text, "http") {
			d.corrections = append(d.corrections, text)
		}
	case []any:
		for _, item := range value {
			s.corrections(item, d, depth+1)
		}
	case map[string]any:
		s.corrections(first(value["text"], value["description"], value["name"]), d, depth+1)
	}
}

// first returns the first text among values; of a list its first, of an object
// its @value or name.
func first(values ...any) string {
	for _, value := range values {
		switch value := value.(type) {
		case string:
			if strings.TrimSpace(value) != "" {
				return value
			}
		case []any:
			if len(value) > 0 {
				if text, ok := value[0].(string); ok {
					return text
				}
				if object, ok := value[0].(map[string]any); ok {
					return first(object["@value"], object["name"])
				}
			}
		case map[string]any:
			if text := first(value["@value"], value["name"]); text != "" {
				return text
			}
		}
	}
	return ""
}

// plainText returns a text of JSON-LD, in which some sites leave entities and
// tags, as a reader would see it, in one line.
func plainText(s string) string {
	if strings.ContainsAny(s, "<&") {
		s = html.UnescapeString(tag.ReplaceAllString(s, " "))
	}
	return squeeze(clipped(s, 20_000))
}

var (
	tag           = lazily(`<[a-zA-Z/!][^<>]{0,500}>`)
	trailingComma = lazily(`,\s*([}\]])`)
	blockComment  = lazily(`(?s)^\s*/\*.*?\*/|(?m)^\s*//[^\n"]*$`)
)

// tolerant decodes JSON as sites write it: wrapped in an HTML comment or CDATA,
// with raw line breaks in strings, comments, trailing commas, a semicolon at the
// end, or several values in a row, of which it gives the list.
func tolerant(text string) (any, bool) {
	text = strings.TrimSpace(text)
	for _, wrap := range []string{"<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA["} {
		text = strings.TrimSpace(strings.TrimPrefix(text, wrap))
	}
	for _, wrap := range []string{"-->", "//]]>", "/*]]>*/", "]]>", "//", ";"} {
		text = strings.TrimSpace(strings.TrimSuffix(text, wrap))
	}
	if value, ok := decodeAll(text); ok {
		return value, true
	}
	text = blockComment.ReplaceAllString(text, "")
	text = trailingComma.ReplaceAllString(escapeControls(text), "$1")
	return decodeAll(text)
}

// decodeAll decodes one value or several in a row. What follows a first whole
// value and is no JSON is passed over.
func decodeAll(text string) (any, bool) {
	if tooDeep(text) {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	var values []any
	for len(values) < 100 {
		var value any
		if err := decoder.Decode(&value); err != nil {
			break
		}
		values = append(values, value)
	}
	return values, len(values) > 0
}

// tooDeep reports whether brackets nest more than a hundred deep: no article
// does, and the decoder recurses.
func tooDeep(text string) bool {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > 100 {
				return true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return false
}

// escapeControls escapes the control characters that stand raw within strings.
func escapeControls(text string) string {
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\' && i+1 < len(text):
			b.WriteByte(c)
			i++
			c = text[i]
		case c == '"':
			quoted = !quoted
		case c == '\n' && quoted:
			b.WriteString(`\n`)
			continue
		case c < ' ':
			c = ' '
		}
		b.WriteByte(c)
	}
	return b.String()
}
