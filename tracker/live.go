package tracker

import (
	"fmt"
	"time"

	"storydiff/tracker/extract"
)

// liveBlog is the verdict on a live blog that its user does not want.
func liveBlog(a Article) verdict {
	return verdict{Outcome: OutcomeSkipped, Reason: "live-blog", Detail: a.URL + " is a live blog, and --no-live leaves those alone"}
}

// PagedOut returns the older of two stories of a live blog without the posts that
// its page pages away, and how many those are.
//
// A page of a live blog shows its newest posts and the others behind a button, so
// that with every new post an old one drops off the end: nobody took it away.
// Posts count as dropped off where they all stand at one end of the old text,
// behind the last post that the new text still has, newer posts came, and, as far
// as posts say when they were made, each is older than every post still there. A
// post that goes from the middle, or while none comes, was taken away, and stays.
//
// Where nothing dropped off, before itself is returned, and 0.
func PagedOut(before, after *extract.Story) (*extract.Story, int) {
	if !before.Live() || !after.Live() {
		return before, 0
	}
	old, now := postsOf(before), postsOf(after)
	from, to := droppedPosts(old, now)
	if from == to {
		return before, 0
	}
	kept := *before
	kept.Blocks = make([]extract.Block, 0, len(before.Blocks))
	for i, block := range before.Blocks {
		if i < old[from].first || i >= old[to-1].end {
			kept.Blocks = append(kept.Blocks, block)
		}
	}
	if n := len(kept.Blocks); n > 0 {
		kept.Blocks[n-1].End = before.Blocks[len(before.Blocks)-1].End
	}
	return &kept, to - from
}

// A livePost is a run of blocks of a story.
type livePost struct {
	name       string
	at         time.Time // zero: it does not say
	first, end int       // blocks
}

// postsOf returns the posts of a story in their order.
func postsOf(s *extract.Story) []livePost {
	var posts []livePost
	for i := range s.Blocks {
		block := &s.Blocks[i]
		if n := len(posts); n > 0 && posts[n-1].name == block.Post && posts[n-1].end == i && block.PostTime().IsZero() {
			posts[n-1].end = i + 1
			continue
		}
		if block.Post != "" {
			posts = append(posts, livePost{block.Post, block.PostTime(), i, i + 1})
		}
	}
	return posts
}

// droppedPosts returns which posts of old dropped off: those from from to to,
// without to.
func droppedPosts(old, now []livePost) (from, to int) {
	shown, known := map[string]bool{}, map[string]bool{}
	for _, p := range now {
		shown[p.name] = true
	}
	first, last := len(old), -1 // of the old posts that are still shown
	for i, p := range old {
		known[p.name] = true
		if shown[p.name] {
			first, last = min(first, i), i
		}
	}
	came, oldest := false, time.Time{}
	for _, p := range now {
		came = came || !known[p.name]
		if !p.at.IsZero() && (oldest.IsZero() || p.at.Before(oldest)) {
			oldest = p.at
		}
	}
	switch {
	case !came:
		return 0, 0
	case last < 0:
		// The page turned over between two looks: only times can tell.
		return 0, dropped(old, oldest, true)
	}
	if n := dropped(old[last+1:], oldest, false); n > 0 {
		return last + 1, last + 1 + n
	}
	return 0, dropped(old[:first], oldest, false) // the newest stand below
}

// dropped returns how many posts there are where all are older than the oldest
// that is still shown, and else 0. Posts that do not say when they were made are
// believed, unless sure is asked for.
func dropped(posts []livePost, oldest time.Time, sure bool) int {
	for _, p := range posts {
		if p.at.IsZero() || oldest.IsZero() {
			if sure {
				return 0
			}
			continue
		}
		if !p.at.Before(oldest) {
			return 0
		}
	}
	return len(posts)
}

// pagedOutText says in a sentence that posts were not counted as removed; empty
// for none.
func pagedOutText(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "an older post that the page shows no longer, now that newer ones came, is not counted as removed"
	}
	return fmt.Sprintf("%d older posts that the page shows no longer, now that newer ones came, are not counted as removed", n)
}
