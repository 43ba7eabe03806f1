package tracker_test

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"storydiff/cmd/storydiff/paper"
	"storydiff/storage"
	"storydiff/storage/storagetest"
	"storydiff/tracker"
	"storydiff/tracker/extract"
	"storydiff/tracker/fetch"
	"storydiff/tracker/revision"
	"storydiff/tracker/worddiff"
)

const (
	trialArticles = 21
	trialViews    = 4   // checks between which only furniture differs, before the first edit
	trialRounds   = 8   // checks between which every article was edited, each in another way
	maxMissed     = 1.0 // per cent of edits
	maxFalse      = 0.2 // per cent of checks of articles with a history, between which only furniture differed
)

// A trial is a tracked newspaper and what came of its checks.
type trial struct {
	*press
	t        *testing.T
	db       *storage.DB
	w        *tracker.Watcher
	articles []tracker.Article
	told     map[int64]tracker.Result

	edits, missed, looks, wrong, alone int
	cold                               int // called an edit by the first check after the first version, before there is a history
	rows, spurious                     int // rows of the changes; those that speak of furniture
}

// TestTrial tracks a newspaper through hundreds of checks between which furniture
// rotates and through edits of every sort, and counts what is missed and what is
// called an edit without being one.
func TestTrial(t *testing.T) {
	for _, hashed := range []bool{false, true} {
		t.Run(map[bool]string{false: "labelled", true: "hashed"}[hashed], func(t *testing.T) {
			if hashed && underRace {
				t.Skip("the race detector sees no more in it than in the other")
			}
			t.Parallel()
			tr := newTrial(t, trialArticles, hashed)
			tr.look()
			tr.oneLook()
			tr.furniture()
			tr.cold, tr.wrong, tr.looks = tr.wrong, 0, 0
			for range trialViews {
				tr.furniture()
			}
			for round := range trialRounds {
				tr.round(round)
			}
			tr.report()
		})
	}
}

func newTrial(t *testing.T, articles int, hashed bool) *trial {
	tr := &trial{t: t, press: newPress(articles, hashed), db: storagetest.New(t), told: map[int64]tracker.Result{}}
	site := httptest.NewServer(tr.press)
	t.Cleanup(site.Close)
	tr.w = &tracker.Watcher{
		Store: tr.db, Owner: "test", Log: slog.New(slog.DiscardHandler),
		Fetch: fetch.NewClient(fetch.Options{AllowPrivate: true, HostDelay: -1, Timeout: 10 * time.Second}),
		Tell:  func(r tracker.Result) { tr.told[r.Article.ID] = r },
	}
	for _, path := range tr.paths {
		a, _, err := tr.db.Add(t.Context(), storage.NewArticle{URL: site.URL + path, Identity: path, Outlet: "127.0.0.1", Host: "127.0.0.1", At: time.Now()})
		if err != nil {
			t.Fatal(err)
		}
		tr.articles = append(tr.articles, a)
	}
	return tr
}

// look checks all articles.
func (tr *trial) look() {
	if err := tr.w.Look(tr.t.Context(), tr.articles, true); err != nil {
		tr.t.Fatal(err)
	}
	for _, r := range tr.told {
		if !r.Check.Outcome.Plain() {
			tr.t.Fatalf("%s: %s %s: %s", r.Article.URL, r.Check.Outcome, r.Check.Reason, r.Check.Detail)
		}
	}
}

// furniture checks all articles after nothing but furniture changed.
func (tr *trial) furniture() {
	before := tr.requests()
	tr.look()
	for i, a := range tr.articles {
		tr.looks++
		if r := tr.told[a.ID]; r.Change != nil {
			tr.wrong++
			tr.t.Logf("false: %s (design %d): %v %s", tr.paths[i], i%3, r.Change.Kinds, r.Change.Summary)
			tr.rowsOf(i, r, true)
			tr.dump(r)
		}
	}
	if n := tr.requests() - before; tr.edits == 0 {
		tr.t.Logf("%d checks, %d second looks", len(tr.articles), n-len(tr.articles))
	}
}

// oneLook counts the pages that one look alone would call edited.
func (tr *trial) oneLook() {
	for _, path := range tr.paths {
		one, _ := tr.page(path)
		two, _ := tr.page(path)
		if keyOfPage(tr.t, one) != keyOfPage(tr.t, two) {
			tr.alone++
		}
	}
}

func keyOfPage(t *testing.T, page string) [32]byte {
	story, err := extract.Read(extract.Input{Body: []byte(page), ContentType: "text/html", URL: "https://post.example/a"})
	if err != nil {
		t.Fatal(err)
	}
	return revision.Key(story)
}

// round edits every article, each in another way, and looks; then once more
// after nothing but furniture changed.
func (tr *trial) round(round int) {
	was := map[int]string{}
	edits := trialEdits()
	var edited []int
	for i, path := range tr.paths {
		was[i] = tr.words(path)
		if tr.edit(path, edits[(round+i+i/3)%len(edits)].Apply) {
			edited = append(edited, i)
		}
	}
	tr.look()
	for i, a := range tr.articles {
		r := tr.told[a.ID]
		edit := edits[(round+i+i/3)%len(edits)].Name
		switch {
		case slices.Contains(edited, i) && r.Change == nil:
			tr.edits++
			tr.missed++
			tr.t.Logf("missed: %s in %s (design %d)", edit, tr.paths[i], i%3)
			tr.dump(r)
		case slices.Contains(edited, i):
			tr.edits++
			tr.check(i, r, was[i]+"\n"+tr.words(tr.paths[i]), edit)
		case r.Change != nil:
			tr.wrong++
			tr.looks++
			tr.t.Logf("false: %s (design %d): %v %s", tr.paths[i], i%3, r.Change.Kinds, r.Change.Summary)
		default:
			tr.looks++
		}
	}
	tr.furniture()
}

// check counts the rows of a change, as it is shown, whose words are none of the
// article's.
func (tr *trial) check(i int, r tracker.Result, words, edit string) {
	for _, row := range tr.rowsOf(i, r, false) {
		tr.rows++
		if !within(row, words) {
			tr.spurious++
			tr.t.Logf("spurious beside %s (design %d): %q", edit, i%3, row)
		}
	}
}

// dump logs what the looks of a check showed.
func (tr *trial) dump(r tracker.Result) {
	for name, id := range map[string]int64{"first": r.Check.CaptureID, "second": r.Check.SecondID} {
		if id == 0 {
			continue
		}
		c, err := tr.db.Capture(tr.t.Context(), id)
		if err != nil {
			tr.t.Fatal(err)
		}
		s, err := extract.Read(extract.Input{Body: c.Body, ContentType: c.ContentType(), URL: c.Final})
		if err != nil {
			tr.t.Fatal(err)
		}
		tr.logBlocks(name, s)
	}
	vs, err := tr.db.Versions(tr.t.Context(), r.Article.ID)
	if err != nil {
		tr.t.Fatal(err)
	}
	n := len(vs) - 1
	if r.Change != nil {
		n--
	}
	tr.t.Logf("   loose %v doubt %v", vs[n].Loose, vs[n].Doubt)
	tr.logBlocks("was", &vs[n].Story)
}

func (tr *trial) logBlocks(name string, s *extract.Story) {
	for i, b := range s.Blocks {
		tr.t.Logf("   %s %d %s %s %.70q", name, i, b.Kind, b.Path, b.Text)
	}
}

// within reports whether a row's lines are of words.
func within(row, words string) bool {
	for line := range strings.SplitSeq(row, "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(words, line) && worddiff.Words(line) > 0 {
			return false
		}
	}
	return true
}

// rowsOf returns the texts that differ between the two versions of a change.
func (tr *trial) rowsOf(i int, r tracker.Result, log bool) (rows []string) {
	var pair [2]tracker.Version
	for k := range pair {
		v, err := tr.db.Version(tr.t.Context(), r.Article.ID, r.Change.From+k)
		if err != nil {
			tr.t.Fatal(err)
		}
		pair[k] = v
	}
	x, y, err := tracker.Sides(tr.t.Context(), tr.db, &r.Article, &pair[0], &pair[1])
	if err != nil {
		tr.t.Fatal(err)
	}
	for _, block := range revision.Compare(x, y).Blocks {
		if block.Op != worddiff.RowAdded && block.Op != worddiff.RowRemoved || block.Kind == extract.Caption {
			continue
		}
		var text strings.Builder
		for _, span := range block.Spans {
			text.WriteString(span.Text)
		}
		rows = append(rows, text.String())
		if log {
			tr.t.Logf("  %s %q", block.Op, text.String())
		}
	}
	return rows
}

func (tr *trial) report() {
	missed, wrong := 100*float64(tr.missed)/float64(tr.edits), 100*float64(tr.wrong)/float64(tr.looks)
	tr.t.Logf("missed %d of %d edits (%.2f %%), false %d of %d checks (%.2f %%), before there was a history %d of %d; by one look alone %d of %d; %d of %d rows shown speak of furniture",
		tr.missed, tr.edits, missed, tr.wrong, tr.looks, wrong, tr.cold, trialArticles, tr.alone, trialArticles, tr.spurious, tr.rows)
	if tr.cold > 1 {
		tr.t.Errorf("false %d of the first checks, want 1 at most", tr.cold)
	}
	if missed > maxMissed {
		tr.t.Errorf("missed %.2f %% of edits, want %.1f %% at most", missed, maxMissed)
	}
	if wrong > maxFalse {
		tr.t.Errorf("false %.2f %% of checks, want %.1f %% at most", wrong, maxFalse)
	}
	if tr.spurious > 0 {
		tr.t.Errorf("%d rows of changes speak of furniture, want none", tr.spurious)
	}
}

// What stands on all pages of an outlet for days is the same in two looks.
// Neighbours tell it: the first few articles to show it take it for an edit, the
// others do not, nor does anybody when it goes or comes back.
func TestCampaignOfTheOutlet(t *testing.T) {
	tr := newTrial(t, 12, true)
	tr.look()
	for range 3 {
		tr.furniture()
	}
	for _, tt := range []struct {
		says string
		most int // of the 12 articles that may call it an edit
	}{
		{"The Post goes to print on Sundays too from May, and readers of the weekday paper pay nothing for it.", 3},
		{"Vote for the picture of the year until Friday, and win a day on the pilot boat with the harbour master.", 3},
		{"The Post goes to print on Sundays too from May, and readers of the weekday paper pay nothing for it.", 0},
		{"", 0},
	} {
		tr.campaigns(tt.says)
		tr.look()
		edits := 0
		for _, a := range tr.articles {
			if tr.told[a.ID].Change != nil {
				edits++
			}
		}
		t.Logf("%.30q: %d of %d articles call it an edit", tt.says, edits, len(tr.articles))
		if edits > tt.most {
			t.Errorf("%.30q: %d articles call it an edit, want %d at most", tt.says, edits, tt.most)
		}
		// Once enough articles show it, the first ones withdraw what they claimed.
		tr.look()
		changes, err := tr.db.Changes(t.Context(), tracker.ChangeFilter{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range changes {
			t.Errorf("%.30q: still claimed after the next look: versions %d to %d of article %d: %s", tt.says, c.From, c.To, c.ArticleID, c.Summary)
		}
	}
	all, err := tr.db.Changes(t.Context(), tracker.ChangeFilter{Ours: true})
	if err != nil || len(all) == 0 || !all[0].Ours || !strings.Contains(all[0].Summary, "furniture") {
		t.Errorf("withdrawn changes are kept as %+v, %v", all, err)
	}
}

// trialEdits are the town's own and some more.
func trialEdits() []paper.NamedEdit {
	at := func(kind paper.Kind, n int, f func(s *paper.Story, i int)) func(*paper.Story) {
		return func(s *paper.Story) {
			for i, block := range s.Blocks {
				if block.Kind == kind {
					if n--; n < 0 {
						f(s, i)
						return
					}
				}
			}
		}
	}
	swap := func(before, after string) func(*paper.Story, int) {
		return func(s *paper.Story, i int) {
			s.Blocks[i].Text = strings.Replace(s.Blocks[i].Text, before, after, 1)
		}
	}
	remove := func(s *paper.Story, i int) { s.Remove(i) }
	own := func(s *paper.Story) string { return fmt.Sprint(len(s.Headline)*7+len(s.Blocks), " of them") }
	return append(paper.Edits(), []paper.NamedEdit{
		{Name: "first paragraph added", Apply: func(s *paper.Story) {
			s.Insert(0, "Money has been put aside at last, and "+s.Byline+" has seen the papers: "+own(s)+".")
		}},
		{Name: "last paragraph added", Apply: func(s *paper.Story) {
			s.Insert(len(s.Blocks), "Letters about "+s.Headline+" can be sent to the Post, which counted "+own(s)+" by noon.")
		}},
		{Name: "very short paragraph added", Apply: func(s *paper.Story) { s.Insert(5, "They were "+own(s)+".") }},
		{Name: "last paragraph removed", Apply: func(s *paper.Story) { s.Remove(len(s.Blocks) - 1) }},
		{Name: "first paragraph removed", Apply: at(paper.Paragraph, 0, remove)},
		{Name: "punctuation", Apply: at(paper.Paragraph, 2, swap(".", "!"))},
		{Name: "capital", Apply: at(paper.Paragraph, 3, swap("road", "Road"))},
		{Name: "subheading", Apply: at(paper.Subheading, 0, swap("letters", "angry letters"))},
		{Name: "subheading removed", Apply: at(paper.Subheading, 0, remove)},
		{Name: "list item", Apply: at(paper.Item, 0, swap("lamps", "lanterns"))},
		{Name: "list item removed", Apply: at(paper.Item, 1, remove)},
		{Name: "quotation removed", Apply: at(paper.Quote, 0, remove)},
		{Name: "background edited", Apply: func(s *paper.Story) { s.Replace("forty people", "fourteen people") }},
		{Name: "background removed", Apply: func(s *paper.Story) {
			if i := s.Index("great flood of 1987"); i >= 0 {
				s.Remove(i)
			}
		}},
		{Name: "background added", Apply: func(s *paper.Story) { s.Insert(6, background) }},
		{Name: "picture removed", Apply: at(paper.Caption, 0, remove)},
		{Name: "note taken away", Apply: func(s *paper.Story) { s.Top, s.Foot = "", "" }},
	}...)
}
