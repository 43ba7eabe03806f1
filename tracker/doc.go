// Package tracker says what an article, a version, a check and a change are, and
// walks the path of a check: fetch a page, keep its bytes, read the story in
// it, compare it with the version before, and record what came of it.
//
// Start with check.go, the path of one check from the lease to the record. The
// words stand in article.go and outcome.go, the closed list of reasons in
// reason.go; store.go is what the run loop needs of a store; run.go is the
// daemon's loop and schedule.go says when to look again, by the cadence of
// cadence.go, which simulation_test.go holds against others. verdict.go says what an
// answer means before anything is compared: front.go where redirects led away,
// paywall.go where a text was cut, withheld.go where the law has a say. moved.go
// knows which addresses lead to one article. late.go and
// headlinetest.go read more out of the changes of an article, taken together;
// live.go tells what a live blog pages away from what was taken away.
//
// A difference is claimed once a second look, a few seconds later, shows it too:
// looks.go takes that look, settle.go says what the two agree on (alike.go and
// unsteady.go help it), steady.go what of a stored version is compared. What was
// unsteady in two checks is learned, and so are lines that several articles of an
// outlet have: furniture.go decides what of that is left out of both sides of a
// comparison ([Sides]), prose.go what never is, and learned.go says why to who asks.
//
// Where that departs from its first design, and why:
//   - Doubt is kept by block, not by version. One look of two that has a block
//     leaves it in doubt; else a version that holds one line of furniture, of which
//     there are many to rotate, would never be believed, or believed with it.
//   - Beside places, lines are learned by their shape, digits apart: most of what
//     rotates comes back, and much of it stands among the prose, whose place can
//     never be learned.
//   - No second look is spent where only fields and notes differ, for those of the
//     first count whatever it shows.
//   - A version is stored and shown as its look read it, for its hash is promised;
//     what is left out is left out where versions are compared. A change that
//     turns out to be furniture is withdrawn (withdraw.go): marked as no edit, it
//     leaves the lists and stays in the article's history.
//   - A long line among the prose is never the outlet's, however many stories
//     repeat it: it is background, and an edit of it an edit. Captions, quotations
//     and tables are not either.
//
// The rooms below know nothing of each other's trade: fetch gets pages and
// keeps the manners of the network, extract reads stories out of pages,
// worddiff compares two texts, revision names and weighs what changed. None of
// them imports this package, and this package imports neither a store nor a
// page of the report.
package tracker
