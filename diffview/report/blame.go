package report

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"storydiff/diffview"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/revision"
)

// A blamePage is the data of templates/blame.html.
type blamePage struct {
	Article  string // address of the article's page
	Title    string
	Outlet   outletLink
	Original string
	Address  string
	Version  link // the text that is shown
	Seen     *moment
	Lang     string
	Said     string // how much of the text stands as it was first seen
	Cut      string // that older versions were not looked at; empty: all were
	Mixed    string // a warning where two extractors read the texts
	Text     []blameBlock
	Marks    []blameVersion // the versions that sentences are of, newest first
}

// A blameBlock is a field or a block of the text.
type blameBlock struct {
	Kind   string // its class: of a field its name, else an extract.BlockKind
	Dir    string
	Margin []blameMark // of its sentences, each once, in order
	Runs   []blameRun
}

// A blameRun is sentences that follow each other and came with one version.
type blameRun struct {
	Mark  *blameMark // nil: all of the block is of one version, which the margin names
	Age   int        // 0: it stands as it was first seen; 1 to 3: came since, 3 the latest
	Title string     // what is known of it, in a sentence
	Text  string
	Space bool // white space follows
}

// A blameMark is the number of a version.
type blameMark struct {
	Text string // "3"; "3 ↩ 1" where version 3 brought back the words of 1
	Said string // the same in words
	Href string
	Age  int // as of a run
}

// A blameVersion is a version that sentences of the text came with.
type blameVersion struct {
	Age       int
	Version   link // to what changed with it
	Seen      interval
	Sentences string // how many are of it
	What      []string
	Ours      bool
}

// blame shows the newest text of an article, each sentence with the version it
// came in.
func (s *site) blame(w http.ResponseWriter, r *http.Request) error {
	id, err := articleID(r)
	if err != nil {
		return err
	}
	a, err := s.src.Article(r.Context(), id)
	if err != nil {
		return fmt.Errorf("reading article %d: %w", id, err)
	}
	heads, err := s.src.Heads(r.Context(), id, 0, originVersions)
	if err != nil {
		return fmt.Errorf("reading versions of article %d: %w", id, err)
	}
	if len(heads) == 0 {
		return fmt.Errorf("article %d has no version: %w", id, tracker.ErrNotFound)
	}
	if s.withhold { // of which heads do not tell
		newest, err := s.src.Version(r.Context(), id, heads[len(heads)-1].N)
		if err != nil {
			return fmt.Errorf("reading the newest version of article %d: %w", id, err)
		}
		if err := s.keepBack(r, &newest); err != nil {
			return err
		}
	}
	t, err := s.origins(r.Context(), heads)
	if err != nil {
		return err
	}
	changes, err := s.changesOf(r.Context(), id)
	if err != nil {
		return err
	}
	p := newBlamePage(a, heads, byVersion(changes), t)
	return s.render(w, r, http.StatusOK, "blame", page{Title: p.Title + ": each sentence by its version", Nav: "articles", NoIndex: true, Main: p})
}

func newBlamePage(a tracker.Article, heads []tracker.Version, changes map[int]*tracker.Change, t *traced) blamePage {
	newest := heads[len(heads)-1]
	b := &blamer{article: a.ID, first: t.first, lang: langTag(newest.Story.Lang), counts: map[int]int{}}
	b.grade(t)
	p := blamePage{
		Article:  articlePath(a.ID),
		Title:    titleOf(a),
		Outlet:   outletLink{brief(a.Outlet), changesOfOutlet(a.Outlet)},
		Original: outward(a.URL),
		Address:  brief(a.URL),
		Version:  versionLink(newest),
		Seen:     newMoment(newest.CapturedAt),
		Lang:     b.lang,
		Said:     b.said(),
		Mixed:    mixedReadings(heads),
	}
	if t.first > 1 {
		p.Cut = fmt.Sprintf("Version %d is the oldest that was looked at for this: what stood there then may be older.", t.first)
	}
	p.Text = b.blocks(t)
	for _, n := range b.placed {
		p.Marks = append(p.Marks, b.version(n, heads, changes))
	}
	slices.Reverse(p.Marks)
	return p
}

// mixedReadings warns of versions that were not all read alike.
func mixedReadings(heads []tracker.Version) string {
	newest := heads[len(heads)-1]
	for _, v := range heads {
		if !v.ReadLike(newest) {
			return "Not all versions were read by one extractor with the same rules, so a sentence may be marked with a version that our reading made different. They are read anew by and by."
		}
	}
	return ""
}

// A blamer draws origins.
type blamer struct {
	article int64
	first   int // number of the version that origins call 0
	lang    string
	placed  []int       // numbers of the versions that sentences are of, ascending
	counts  map[int]int // by these: how many sentences
	back    int         // how many sentences had been away
}

// grade counts the sentences of each version.
func (b *blamer) grade(t *traced) {
	count := func(list ...revision.Origin) {
		for _, o := range list {
			if strings.TrimSpace(o.Text) == "" {
				continue
			}
			b.counts[b.number(o.Placed())]++
			if o.Back > 0 {
				b.back++
			}
		}
	}
	count(t.origins.Headline, t.origins.Standfirst, t.origins.Byline)
	for _, block := range t.origins.Blocks {
		count(block...)
	}
	for n := range b.counts {
		b.placed = append(b.placed, n)
	}
	slices.Sort(b.placed)
}

// number is that of the version that origins call i.
func (b *blamer) number(i int) int { return b.first + i }

// age says how late a version is among those of the text: 0 the oldest that was
// looked at, 3 the newest.
func (b *blamer) age(n int) int {
	if n == b.first {
		return 0
	}
	later := b.placed
	if later[0] == b.first {
		later = later[1:]
	}
	at := slices.Index(later, n)
	if len(later) == 1 {
		return 3
	}
	return 1 + 2*at/(len(later)-1)
}

func (b *blamer) said() string {
	all := 0
	for _, n := range b.counts {
		all += n
	}
	stood := b.counts[b.first]
	first := "the first version"
	if b.first > 1 {
		first = fmt.Sprintf("version %d", b.first)
	}
	text := fmt.Sprintf("Of %s, %s as in %s", diffview.Count(all, "sentence"), stand(stood), first)
	if all > stood {
		text += fmt.Sprintf("; %s came later or %s changed since", diffview.Number(all-stood), wasOrWere(all-stood))
	}
	if b.back > 0 {
		text += fmt.Sprintf(", %s of them back after having been away", diffview.Number(b.back))
	}
	return text + ". Headline, standfirst and byline count as one each."
}

func wasOrWere(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

func stand(n int) string {
	if n == 1 {
		return "1 stands"
	}
	return diffview.Number(n) + " stand"
}

// blocks draws the fields and the text.
func (b *blamer) blocks(t *traced) []blameBlock {
	var out []blameBlock
	add := func(kind string, list ...revision.Origin) {
		if block := b.block(kind, list); len(block.Runs) > 0 {
			out = append(out, block)
		}
	}
	add("headline", t.origins.Headline)
	add("standfirst", t.origins.Standfirst)
	add("byline", t.origins.Byline)
	for i, list := range t.origins.Blocks {
		add(blockClass(t.story.Blocks[i].Kind), list...)
	}
	return out
}

// blockClass is the class of a block; a kind that is none of ours is a paragraph.
func blockClass(kind extract.BlockKind) string {
	switch kind {
	case extract.Heading, extract.List, extract.Quote, extract.Caption, extract.Table, extract.Note:
		return string(kind)
	}
	return string(extract.Paragraph)
}

func (b *blamer) block(kind string, list []revision.Origin) blameBlock {
	out := blameBlock{Kind: kind}
	var whole strings.Builder
	begin := 0 // of the run at hand, in whole
	var last revision.Origin
	flush := func() {
		if text := whole.String()[begin:]; strings.TrimSpace(text) != "" {
			mark := b.mark(last)
			if !slices.Contains(out.Margin, mark) {
				out.Margin = append(out.Margin, mark)
			}
			words := strings.TrimSpace(text)
			run := blameRun{Mark: &mark, Age: b.age(b.number(last.Placed())), Title: b.history(last), Space: !strings.HasSuffix(text, words)}
			run.Text = shown(strings.ReplaceAll(words, "\t", " · "))
			out.Runs = append(out.Runs, run)
		}
		begin = whole.Len()
	}
	for _, o := range list {
		if !sameOrigin(o, last) {
			flush()
		}
		last = o
		whole.WriteString(o.Text)
	}
	flush()
	if len(out.Margin) == 1 {
		for i := range out.Runs {
			out.Runs[i].Mark = nil
		}
	}
	out.Dir = direction(whole.String(), b.lang)
	return out
}

// sameOrigin reports whether two sentences have one history.
func sameOrigin(a, b revision.Origin) bool {
	a.Text, b.Text = "", ""
	return a == b
}

func (b *blamer) mark(o revision.Origin) blameMark {
	n := b.number(o.Placed())
	m := blameMark{Text: strconv.Itoa(n), Said: fmt.Sprintf("version %d", n), Href: b.path(n), Age: b.age(n)}
	if n == b.first && b.first > 1 {
		m.Text, m.Said = "≤\u200a"+m.Text, m.Said+" or before"
	}
	if o.Back > 0 {
		m.Text += fmt.Sprintf("\u2009↩\u2009%d", b.number(o.Since))
		m.Said += fmt.Sprintf(", in the words of version %d", b.number(o.Since))
	}
	return m
}

// path leads to what changed with a version, or to the version that nothing is
// known before of.
func (b *blamer) path(n int) string {
	if n == b.first {
		return versionPath(b.article, n)
	}
	return changePath(b.article, n-1, n)
}

// history says what is known of a sentence.
func (b *blamer) history(o revision.Origin) string {
	came, since := b.number(o.Came), b.number(o.Since)
	text := fmt.Sprintf("Came with version %d", since)
	switch {
	case o.Edits > 0:
		text = fmt.Sprintf("In these words since version %d; came with version %d, edited %s", since, came, diffview.Count(o.Edits, "time"))
	case o.Since == 0 && b.first == 1:
		text = "As first seen"
	case o.Since == 0:
		text = fmt.Sprintf("As in version %d, or before", since)
	}
	if o.Back > 0 {
		text += fmt.Sprintf("; was away, and is back since version %d", b.number(o.Back))
	}
	return text + "."
}

func (b *blamer) version(n int, heads []tracker.Version, changes map[int]*tracker.Change) blameVersion {
	v := blameVersion{Age: b.age(n), Version: link{Href: b.path(n), Text: fmt.Sprintf("Version %d", n)}, Sentences: diffview.Count(b.counts[n], "sentence")}
	if i := slices.IndexFunc(heads, func(h tracker.Version) bool { return h.N == n }); i >= 0 {
		v.Seen = interval{To: newMoment(heads[i].CapturedAt), At: true}
	}
	if c := changes[n]; c != nil && n > b.first {
		e := newEntry(*c)
		v.Seen, v.Ours = e.When, c.Ours
		v.What = append([]string{e.Disclosure}, e.Kinds...)
	}
	return v
}
