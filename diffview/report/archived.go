package report

import (
	"time"

	"storydiff/tracker/fetch"
)

// archivedCopies are where others may keep copies of an address: plain links,
// which nothing is known of until a reader follows them. With a time they lead to
// the copy that is nearest to it, where that can be said. An address that only
// this machine or its network has is kept by nobody.
func archivedCopies(address string, at time.Time) []link {
	address = outward(address)
	if !fetch.Public(address) {
		return nil
	}
	when := "*"
	if !at.IsZero() {
		when = at.UTC().Format("20060102150405")
	}
	return []link{
		{Href: "https://web.archive.org/web/" + when + "/" + address, Text: "Wayback Machine"},
		{Href: "https://archive.today/newest/" + address, Text: "archive.today"},
	}
}
