package extract

import (
	"bytes"
	"cmp"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/net/html"
)

const (
	// maxReading is how long a page may take to be read. The hardest of 3 MB
	// takes about a second.
	maxReading = 20 * time.Second

	// maxWaiting is how long a page waits for its turn.
	maxWaiting = time.Minute
)

// reading bounds how many pages are read at once in the process: one of 3 MB
// may take 100 MB while it is read.
var reading = make(chan struct{}, 2)

// Read returns the story that a page holds. Its error is a [*Refusal], whose
// reason is one of the codes of a check.
//
// At most [MaxBytes] are looked at. A page nested deeper than 512 elements, or
// one that takes longer than 20 seconds, is refused as "no-article".
func Read(in Input) (*Story, error) { return guarded(in, readStory) }

// Visible returns all visible text of a page, without a choice of what belongs
// to an article: a block for each line a reader sees, no fields. Its error is as
// that of [Read].
func Visible(in Input) (*Story, error) { return guarded(in, readVisible) }

// guarded reads a page in its turn and within its time. A reading that takes too
// long is left to end by itself, its result unused; it keeps its turn until then.
func guarded[T any](in Input, read func(Input) (T, *Refusal)) (T, error) {
	type result struct {
		value   T
		refusal *Refusal
	}
	var none T
	select {
	case reading <- struct{}{}:
	default:
		select {
		case reading <- struct{}{}:
		case <-time.After(maxWaiting):
			return none, &Refusal{"no-article", "the page could not be read: two others were in hand for over a minute"}
		}
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-reading }()
		defer func() {
			if fault := recover(); fault != nil {
				done <- result{none, &Refusal{"no-article", fmt.Sprintf("the page could not be read: %v", fault)}}
			}
		}()
		roomy(func() {
			value, refusal := read(in)
			done <- result{value, refusal}
		})
	}()
	select {
	case r := <-done:
		if r.refusal != nil {
			return none, r.refusal
		}
		return r.value, nil
	case <-time.After(maxReading):
		return none, &Refusal{"no-article", fmt.Sprintf("the page could not be read within %v", maxReading)}
	}
}

// stackRoom is how many bytes of stack most pages take.
const stackRoom = 40 << 10

// roomy calls f on a stack that has room for most pages: one that grows bit by bit
// is copied each time.
//
//go:noinline
func roomy(f func()) {
	var room [stackRoom]byte
	f()
	runtime.KeepAlive(&room)
}

// parse returns a page parsed and counted; bare, without site rules.
func parse(in Input, bare bool) (*page, *Refusal) {
	in.Body = in.Body[:min(len(in.Body), MaxBytes)]
	if len(bytes.TrimSpace(in.Body[:min(len(in.Body), 4096)])) == 0 && blank(string(in.Body)) {
		return nil, &Refusal{"empty", "the page is empty"}
	}
	if refusal := refuseHeader(canonicalHeader(in.Header)); refusal != nil {
		return nil, refusal
	}
	if refusal := refuseKind(in); refusal != nil {
		return nil, refusal
	}
	doc, err := html.Parse(strings.NewReader(Decode(in.Body, in.ContentType)))
	if err != nil {
		return nil, &Refusal{"no-article", "the page cannot be parsed: " + strings.TrimPrefix(err.Error(), "html: ")}
	}
	p := &page{in: in, doc: doc}
	p.look(doc, false)
	p.readMeta()
	if !bare {
		p.applyRules()
	}
	p.index()
	p.obey()
	p.ld = p.linked()
	return p, nil
}

func readVisible(in Input) (*Story, *Refusal) {
	p, refusal := parse(in, true)
	if refusal != nil {
		return nil, refusal
	}
	l := &liner{page: p, all: true}
	l.container()
	if len(l.pieces) == 0 {
		return nil, p.noText()
	}
	return &Story{Blocks: p.blocks(l.pieces)}, nil
}

// noText refuses a page in which nothing is to be seen, as far as it is read.
func (p *page) noText() *Refusal {
	if len(p.in.Body) < MaxBytes {
		return &Refusal{"empty", "the page has no visible text"}
	}
	return &Refusal{"empty", fmt.Sprintf("the page has no visible text in its first %d MiB, and no more of a page is read", MaxBytes>>20)}
}

// container reads the whole body of the page.
func (l *liner) container() {
	l.page.container = l.page.body
	l.element(l.page.body, l.page.elements[l.page.body], place{kind: Paragraph, node: l.page.body})
	l.flush()
}

func readStory(in Input) (*Story, *Refusal) {
	p, refusal := parse(in, false)
	if refusal != nil {
		return nil, refusal
	}
	return p.read()
}

// read returns the story of a page, or why there is none. What it saw on the way
// stays in the page.
func (p *page) read() (*Story, *Refusal) {
	if p.elements[p.body].chars == 0 && (p.ld == nil || p.ld.body == "" && p.ld.live == nil) {
		if p.unseenChallenge() {
			return nil, &Refusal{walls[challenge].reason, walls[challenge].detail}
		}
		return nil, p.noText()
	}
	story := p.locatedStory()
	refusal, again := p.refuse(story)
	if again {
		story = p.locatedStory()
		refusal, _ = p.refuse(story)
	}
	if refusal != nil {
		return nil, refusal
	}
	switch {
	case story.Headline == "":
		return nil, &Refusal{"no-article", "the page has no headline"}
	case !hasText(story.Blocks):
		return nil, &Refusal{"no-article", "the page has no text that would make an article"}
	}
	return story, nil
}

// locatedStory finds the article's text in the page and reads it.
func (p *page) locatedStory() *Story {
	if !p.locateByRule() {
		p.locate()
	}
	p.findPosts()
	p.cleaned = map[*html.Node]string{}
	p.passed = nil
	s := p.story()
	p.signal(s)
	p.whole = s
	return s
}

// story reads fields and blocks.
func (p *page) story() *Story {
	s := &Story{Sources: map[string]string{}}
	keep := func(field *string, name, text, source string) {
		if *field = text; text != "" {
			s.Sources[name] = source
		}
	}
	headline, source := p.ruledField(heads, p.readHeadline)
	keep(&s.Headline, "headline", headline, source)
	if p.headline != nil {
		p.consumed[p.headline] = true
	}
	p.surround()
	byline, source := p.ruledField(bylines, p.readByline)
	keep(&s.Byline, "byline", byline, source)
	standfirst, source := p.ruledField(leads, p.readStandfirst)
	keep(&s.Standfirst, "standfirst", standfirst, source)
	tag, source := p.language()
	keep(&s.Lang, "lang", tag, source)
	site, source := p.site()
	keep(&s.Site, "site", site, source)
	keep(&s.Canonical, "canonical", p.canonical(), "rel=canonical")
	published, modified := p.readDates()
	p.ruledDate(dates, &published)
	p.ruledDate(stamps, &modified)
	if s.Published = published.at; !s.Published.IsZero() {
		s.Sources["published"] = published.source
	}
	if s.Modified = modified.at; !s.Modified.IsZero() {
		s.Sources["modified"] = modified.source
	}
	p.readBody(s)
	if s.Signals.Live = p.live != ""; s.Signals.Live {
		s.Sources["live"] = p.live
	}
	if wishes := p.wishes(); len(wishes) > 0 {
		s.Sources["reserved"] = strings.Join(wishes, ", ")
	}
	p.citeRules(s)
	return s
}

// wishes returns what a page asks of those who keep copies of it: "noarchive" and
// "nosnippet" (robots of a page or answer), "tdm-reservation" (TDM Reservation
// Protocol, W3C community report of 2024). What comes of them is for the user to
// decide; they are kept to be shown.
func (p *page) wishes() []string {
	header := canonicalHeader(p.in.Header)
	robots := strings.ToLower(p.meta["robots"] + " " + strings.Join(header.Values("X-Robots-Tag"), " "))
	var wishes []string
	for _, name := range []string{"noarchive", "nosnippet"} {
		if strings.Contains(robots, name) {
			wishes = append(wishes, name)
		}
	}
	if strings.TrimSpace(cmp.Or(header.Get("TDM-Reservation"), p.meta["tdm-reservation"])) == "1" {
		wishes = append(wishes, "tdm-reservation")
	}
	return wishes
}

// readBody fills in the blocks: what a reader sees, or the articleBody of the
// JSON-LD where a script draws the page; and the corrections of the JSON-LD that
// a reader does not see.
func (p *page) readBody(s *Story) {
	pieces := p.lines()
	if s.Sources["byline"] == "" || s.Sources["byline"] == "json-ld" {
		p.bareByline(pieces, s)
	}
	p.judge(pieces, s)
	p.judgeBios(pieces, s.Byline)
	p.judgeByRules(pieces)
	p.wordedDates(pieces, s)
	pieces = p.judgePosts(pieces)
	p.pieces = pieces
	s.Blocks = p.blocks(pieces)
	p.addLinks(s.Blocks, pieces)
	namePosts(s.Blocks, pieces)
	s.Sources["body"] = "html"
	if p.ld == nil {
		return
	}
	if live := p.ld.live; live != nil && len(p.posts) == 0 && bodyChars(s.Blocks)*4 < live.chars() {
		s.Blocks = append(live.blocks(), onlyNotes(s.Blocks)...)
		s.Sources["body"] = "json-ld"
	} else if seen, stated := bodyChars(s.Blocks), visibleChars(p.ld.body); stated >= 80 && seen*4 < stated {
		notes := onlyNotes(s.Blocks)
		s.Blocks = append(statedBlocks(p.ld.body), notes...)
		s.Sources["body"] = "json-ld"
		if s.Standfirst == "" && p.ld.description != "" {
			s.Standfirst, s.Sources["standfirst"] = p.ld.description, "json-ld"
		}
	}
	if len(p.ld.corrections) == 0 {
		s.Blocks = Ended(s.Blocks)
		return
	}
	whole := Folded(s.Body())
	for _, correction := range p.ld.corrections {
		if !strings.Contains(whole, Folded(correction)) {
			s.Blocks = append(s.Blocks, Block{Kind: Note, Text: correction, Place: Unseen})
		}
	}
	s.Blocks = Ended(s.Blocks)
}

func bodyChars(list []Block) int {
	chars := 0
	for _, block := range list {
		chars += visibleChars(block.Text)
	}
	return chars
}

func onlyNotes(list []Block) []Block {
	var notes []Block
	for _, block := range list {
		if block.Kind == Note {
			notes = append(notes, block)
		}
	}
	return notes
}

// statedBlocks returns the paragraphs of an articleBody, which may be HTML.
func statedBlocks(body string) []Block {
	if tag.MatchString(body) {
		if doc, err := html.Parse(strings.NewReader(clipped(body, maxLinkedData))); err == nil {
			p := &page{doc: doc}
			p.look(doc, false)
			p.index()
			l := &liner{page: p, all: true}
			l.container()
			return noted(p.blocks(l.pieces))
		}
	}
	var list []Block
	for line := range strings.Lines(html.UnescapeString(body)) {
		if text := squeeze(line); visible(text) {
			list = append(list, Block{Kind: Paragraph, Text: text})
		}
	}
	return noted(list)
}

// noted labels the notes among the blocks of a text without elements.
func noted(list []Block) []Block {
	first, last := len(list), -1
	for i := range list {
		if isNote(list[i].Text, "") {
			list[i].Kind = Note
			continue
		}
		first, last = min(first, i), i
	}
	for i := range list {
		switch {
		case list[i].Kind != Note:
		case i < first:
			list[i].Place = AboveText
		case i > last:
			list[i].Place = BelowText
		default:
			list[i].Place = InText
		}
	}
	return list
}

// hasText reports whether blocks make an article: three words of prose, for a
// story may begin as a single line.
func hasText(list []Block) bool {
	words := 0
	for _, block := range list {
		if block.Kind != Heading && block.Kind != Caption {
			words += wordCount(block.Text)
		}
		if words >= 3 {
			return true
		}
	}
	return false
}
