package worddiff

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// Fingerprint returns a hash that two texts share exactly when they differ in
// typography alone: quotes, spaces, dashes, ellipses, normal form, invisible
// characters, where paragraphs are broken.
//
// It agrees with [Diff]: paragraphs that end in white space, all but the last,
// give rows that are all [RowEqual] exactly when the two texts share it.
func Fingerprint(text string) [32]byte {
	p := newPrinter()
	p.scan(text, 0, len(text))
	return p.sum()
}

// A printer hashes the keys of the tokens it scans, each behind its length.
type printer struct {
	scanner
	hash hash.Hash
	buf  []byte // what is not hashed yet
}

func newPrinter() *printer {
	p := &printer{hash: sha256.New(), buf: make([]byte, 0, 1024)}
	p.emit = func(_, _ int, key string) {
		if len(p.buf) > 0 && len(p.buf)+len(key)+binary.MaxVarintLen64 > cap(p.buf) {
			p.hash.Write(p.buf)
			p.buf = p.buf[:0]
		}
		p.buf = binary.AppendUvarint(p.buf, uint64(len(key)))
		p.buf = append(p.buf, key...)
	}
	return p
}

func (p *printer) sum() [32]byte {
	p.hash.Write(p.buf)
	return [32]byte(p.hash.Sum(nil))
}
