// Package tracker says what an article, a version, a check and a change are, and
// walks the path of a check: fetch a page, keep its bytes, read the story in
// it, compare it with the version before, and record what came of it.
//
// Start with check.go, the path of one check from the lease to the record. The
// words stand in article.go and outcome.go, the closed list of reasons in
// reason.go; store.go is what the run loop needs of a store; run.go is the
// daemon's loop and schedule.go says when to look again. verdict.go says what an
// answer means before anything is compared: front.go where redirects led away,
// paywall.go where a text was cut, withheld.go where the law has a say. moved.go
// knows which addresses lead to one article. late.go and
// headlinetest.go read more out of the changes of an article, taken together;
// live.go tells what a live blog pages away from what was taken away.
//
// The rooms below know nothing of each other's trade: fetch gets pages and
// keeps the manners of the network, extract reads stories out of pages,
// worddiff compares two texts, revision names and weighs what changed. None of
// them imports this package, and this package imports neither a store nor a
// page of the report.
package tracker
