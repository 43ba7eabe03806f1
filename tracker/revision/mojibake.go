package revision

import (
	"golang.org/x/text/encoding/charmap"

	"storydiff/tracker/worddiff"
)

// redecoded reports whether two texts are the same bytes, once read as UTF-8 and
// once as windows-1252: the commonest damage to characters, "donâ€™t" for
// "don’t", done or mended.
func redecoded(before, after string) bool {
	return mended(before, after) || mended(after, before)
}

func mended(damaged, whole string) bool {
	bytes, err := charmap.Windows1252.NewEncoder().String(damaged)
	return err == nil && bytes != damaged && worddiff.Fingerprint(bytes) == worddiff.Fingerprint(whole)
}
