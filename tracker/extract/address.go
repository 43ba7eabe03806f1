package extract

import (
	"strings"

	"golang.org/x/net/idna"
)

// Tracking reports whether the parameter of an address with this name says where
// a reader came from and nothing about what is read: those of the large
// campaign, mail and social systems, and of outlets that document theirs.
func Tracking(name string) bool {
	name = strings.ToLower(name)
	for _, prefix := range []string{"utm_", "pk_", "mtm_", "hsa_", "ns_", "at_", "xtor", "wt.", "wt_", "vero_", "_hs"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	switch name {
	case "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "li_fat_id", "igshid", "igsh",
		"mc_cid", "mc_eid", "mkt_tok", "oly_anon_id", "oly_enc_id", "s_cid", "cmpid", "cmp", "ocid", "ito", "smid", "smtyp",
		"ref_src", "ref_url", "_ga", "_gl", "__twitter_impression", "guccounter", "guce_referrer", "guce_referrer_sig":
		return true
	}
	return false
}

// withoutTracking returns a query without its tracking parameters, the others
// in their order.
func withoutTracking(query string) string {
	if query == "" {
		return ""
	}
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if pair != "" && !Tracking(name) {
			kept = append(kept, pair)
		}
	}
	return strings.Join(kept, "&")
}

// asciiHost returns a host name in lower case and ASCII, an IPv6 address in its
// brackets. It reports false for one that no browser would look up.
func asciiHost(host string) (string, bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if strings.Contains(host, ":") {
		return "[" + host + "]", true
	}
	for i := range len(host) {
		if host[i] >= 0x80 {
			ascii, err := idna.Lookup.ToASCII(host)
			return ascii, err == nil
		}
	}
	return host, host != "" && !strings.ContainsAny(host, " \"<>\\^`{|}%/?#@")
}
