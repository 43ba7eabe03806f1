package tracker

import (
	"time"

	"storydiff/tracker/search"
)

// A SearchQuery chooses articles by the words of all of their versions.
type SearchQuery struct {
	Words   search.Query
	Outlet  string    // of that outlet; empty: of any
	Since   time.Time // only where the words came or went then or later; zero: at any time
	Until   time.Time // only where they came or went before; zero: at any time
	Removed bool      // only where they do not stand in the newest version; Since and Until are then of when they went
	Best    bool      // the best first, see [Match], of some hundred that were taken up last; else those that were taken up last first
	Before  int64     // articles with a smaller ID; 0: all. For paging
	Skip    int       // leave out so many of the best. For paging
	Limit   int       // at most so many; 0: 20
}

// A SearchResult is one page of what was found.
type SearchResult struct {
	Hits   []SearchHit // in the order that was asked for
	Next   int64       // Before of the next page; 0: there is none
	Skip   int         // Skip of the next page
	Short  bool        // so many articles have the words that not all were looked through, and fewer than asked for were found
	Ranked int         // of how many articles that have the words Hits are the best; 0: the best were not asked for
	Unread int         // articles that are still to be indexed, and are not found
}

// A SearchHit is an article in which all that was looked for stood in one version
// at least.
type SearchHit struct {
	ArticleID int64
	URL       string
	Outlet    string
	Title     string // the newest headline
	Lang      string // of the version that the excerpt is of
	Versions  int    // how many there are
	Stands    []Stand
	Version   int            // the newest version in which it stands, which the excerpt is of
	Part      string         // what the excerpt is of: "headline", "paragraph" …; see [search.Passage]
	Excerpt   []search.Piece // empty where the text of that version cannot be read
	Match     Match          // zero where the best were not asked for, and where that text cannot be read
}

// A Match is how well the version that an excerpt is of answers a question, as
// [SearchQuery.Best] orders them.
type Match search.Match

// Points returns what orders articles: a headline counts more than a phrase, and
// that more than a paragraph.
func (m Match) Points() (n int) {
	for _, is := range []bool{m.Headline, m.Phrase, m.Paragraph} {
		n *= 2
		if is {
			n++
		}
	}
	return n
}

// Removed reports whether what was looked for stands no more.
func (h *SearchHit) Removed() bool { return !h.Stands[len(h.Stands)-1].Open }

// A Stand is versions in a row in which something stood.
type Stand struct {
	First, Last int
	Open        bool // Last is the newest version
	Came        Turn // From is 0 where First is 1
	Went        Turn // zero where it is open
}

// A Turn is the change by which something came or went.
type Turn struct {
	From, To int       // version numbers
	After    time.Time // the last look that showed From; zero: not known
	By       time.Time // the first that showed To
	Ours     bool      // it was no edit of the publisher's; see [Change.Ours]
}
