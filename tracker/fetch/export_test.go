package fetch

import (
	"context"
	"crypto/x509"
	"net"
	"net/url"
)

// An Edge is where a test's client meets a machine of its own.
type Edge struct {
	Resolver *net.Resolver
	Ports    []uint16
	Roots    *x509.CertPool
	Dial     func(ctx context.Context, network, address string) (net.Conn, error)
}

// NewClientAt is NewClient at an edge.
func NewClientAt(opts Options, e Edge) *Client {
	return newClient(opts, edge{resolver: e.Resolver, ports: e.Ports, roots: e.Roots, dial: e.Dial})
}

// Decode decodes a body as a fetch does.
func Decode(wire []byte, codings []string, most int64) ([]byte, error) {
	return decodeBody(&url.URL{Scheme: "http", Host: "test"}, wire, codings, most)
}

// RobotsWork returns how many bytes are compared at most and in fact to judge a
// path.
func RobotsWork(r *Robots, product, path string) (most, done int) {
	m := robotsMatcher{left: maxRobotsWork}
	m.allowed(r, product, path)
	return maxRobotsWork, maxRobotsWork - m.left
}
