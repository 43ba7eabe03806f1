package fetch

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Limits of what a body may decode to, besides its size.
const (
	maxCodings = 2       // one on top of the other
	maxRatio   = 200     // bytes out for each byte in …
	ratioFrom  = 1 << 20 // … once this many are out
	maxWindow  = 8 << 20 // bytes that zstd may look back; RFC 9659 promises no less and no more
)

// Why a body could not be decoded.
var (
	errDecodedSize = errors.New("decodes to too much")
	errRatio       = errors.New("decodes to implausibly much")
	errCoding      = errors.New("unknown content coding")
)

// codings returns the content codings of an answer, the one applied first first.
func codings(h http.Header) []string {
	var list []string
	for field := range strings.SplitSeq(strings.Join(h.Values("Content-Encoding"), ","), ",") {
		name := strings.ToLower(strings.TrimSpace(field))
		if name != "" && name != "identity" {
			list = append(list, name)
		}
	}
	return list
}

// decodeBody returns what came over the wire as it was before its codings, at
// most most bytes, and with it an *Error where that is not all of it.
func decodeBody(u *url.URL, wire []byte, list []string, most int64) ([]byte, error) {
	if len(list) == 0 || len(wire) == 0 {
		return wire, nil
	}
	address, names := show(u.String()), show(strings.Join(list, ", "))
	if len(list) > maxCodings {
		return wire, fail("network", errCoding, "%s is coded %d times over (%s), and %d are read", address, len(list), names, maxCodings)
	}
	body, err := decode(wire, list, most)
	switch {
	case err == nil:
		return body, nil
	case errors.Is(err, errCoding):
		return wire, fail("network", err, "%s is in a content coding that was not asked for (%s)", address, names)
	case errors.Is(err, errDecodedSize):
		return body, tooLarge(u, most, " when decoded; --max-body permits more")
	case errors.Is(err, errRatio):
		return body, fail("too-large", err, "%s decodes to more than %d times its size", address, maxRatio)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return body, fail("too-large", err, "%s asks for more than %d MiB of memory to be decoded", address, maxWindow>>20)
	}
	return body, fail("truncated", err, "%s breaks off or is damaged: its %s data does not decode", address, names)
}

// decode undoes the codings one by one, so that the limits hold for what lies
// between two of them as well.
func decode(data []byte, list []string, most int64) ([]byte, error) {
	for _, name := range slices.Backward(list) {
		r, done, err := decoder(name, data)
		if err != nil {
			return nil, fmt.Errorf("decoding %s: %w", name, err)
		}
		data, err = readDecoded(r, int64(len(data)), most)
		done()
		if err != nil {
			return data, fmt.Errorf("decoding %s: %w", name, err)
		}
	}
	return data, nil
}

// decoder returns a reader of what data was before a coding; done gives back
// what it holds.
func decoder(name string, data []byte) (r io.Reader, done func(), err error) {
	switch name {
	case "gzip", "x-gzip":
		return newGunzip(data)
	case "br":
		return brotli.NewReader(bytes.NewReader(data)), func() {}, nil
	case "zstd":
		z, err := zstd.NewReader(bytes.NewReader(data), zstd.WithDecoderConcurrency(1),
			zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, nil, err
		}
		return z, z.Close, nil
	}
	return nil, nil, errCoding
}

// readDecoded reads all of r, which decodes size bytes, within the limits.
func readDecoded(r io.Reader, size, most int64) ([]byte, error) {
	limit, over := most, errDecodedSize
	if plausible := max(ratioFrom, maxRatio*size); plausible < most {
		limit, over = plausible, errRatio
	}
	data, more, err := readAtMost(r, limit)
	if more {
		return data, over
	}
	return data, err
}

// A gunzip reads the members of a gzip stream. What follows the last one and is
// none is left alone, as browsers do: some servers pad.
type gunzip struct {
	data   *bytes.Reader
	member *gzip.Reader
}

// gunzips are gzip readers to be used again: one takes 40 KB.
var gunzips = sync.Pool{New: func() any { return new(gzip.Reader) }}

func newGunzip(data []byte) (r io.Reader, done func(), err error) {
	g := &gunzip{bytes.NewReader(data), gunzips.Get().(*gzip.Reader)}
	done = func() { gunzips.Put(g.member) }
	if err := g.member.Reset(g.data); err != nil {
		done()
		return nil, nil, err
	}
	g.member.Multistream(false)
	return g, done, nil
}

func (g *gunzip) Read(p []byte) (int, error) {
	for {
		n, err := g.member.Read(p)
		if err != io.EOF {
			return n, err
		}
		if err := g.next(); n > 0 || err != nil {
			return n, err
		}
	}
}

// next goes on to the next member; io.EOF: there is none.
func (g *gunzip) next() error {
	var magic [2]byte
	_, err := g.data.ReadAt(magic[:], g.data.Size()-int64(g.data.Len()))
	if err != nil || magic != [2]byte{0x1f, 0x8b} {
		return io.EOF
	}
	if err := g.member.Reset(g.data); err != nil {
		return err
	}
	g.member.Multistream(false)
	return nil
}
