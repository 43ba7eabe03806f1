package tracker

import "strconv"

// Reasons is the closed list of codes that say why a check came out other than
// plain, each with what it means. Beside them stands "http-NNN" for any HTTP
// status NNN that is itself the reason.
func Reasons() map[string]string {
	return map[string]string{
		"bad-address":         "the address cannot be fetched as it is written",
		"bad-port":            "the address names a port at which newspapers do not publish",
		"bad-scheme":          "the address is neither http nor https",
		"bot-challenge":       "the site wants proof that a person is asking",
		"consent-wall":        "the site shows a page in place of the article that asks to consent to cookies, or to advertisements through an ad blocker",
		"dns":                 "the host's name could not be resolved",
		"empty":               "the page has no text",
		"geo-block":           "the site does not show it in this country",
		"internal":            "storydiff could not read the page because of a fault of its own",
		"live-blog":           "the page is a live blog, and --no-live leaves those alone",
		"login":               "the site shows a login page in place of the article",
		"network":             "the connection could not be made or broke",
		"no-contact":          "a public host is not asked without saying who asks: see --contact",
		"no-article":          "the page holds no article that could be told apart",
		"not-html":            "the answer is no web page",
		"paused":              "its user paused the article",
		"paywall":             "the site shows only the beginning, or wants payment",
		"private-address":     "loopback and private addresses are refused",
		"rate-limited":        "the server asks to be left alone for a while",
		"redirect-loop":       "the redirects do not end",
		"redirected-to-front": "the address leads to the site's front page",
		"robots":              "the site's robots.txt does not allow it",
		"soft-404":            "the page says that the article was not found",
		"timeout":             "the answer took too long",
		"tls":                 "the secure connection could not be made",
		"too-large":           "the answer is larger than allowed",
		"truncated":           "the answer broke off",
	}
}

// httpReason returns the code for an HTTP status that is itself the reason.
func httpReason(status int) string { return "http-" + strconv.Itoa(status) }
