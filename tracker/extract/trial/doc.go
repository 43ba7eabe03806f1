// Package trial tries an extractor: pages before and after one known thing was
// done to them.
//
// Two things are done to a page. An editor edits the article, in each of the
// ways that editors do: what is read of the page must then differ. Or the
// furniture around the article and in it moves on, as it does at every view:
// what is read must stay the same. A Case is one such pair of pages; a Tally
// counts how often an extractor missed the one and was fooled by the other.
//
// The pages are made-up news in some twenty designs and five languages (Designs),
// and any folder of pages from elsewhere (Open). The package knows no extractor;
// tests hand in theirs.
package trial
