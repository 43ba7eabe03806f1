package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strings"
	"syscall"
	"time"
	"unicode"
	"unicode/utf8"
)

// maxShown is how much of an address a sentence repeats, in runes.
const maxShown = 200

// Why a fetch was given up by ourselves.
var (
	errBudget = errors.New("the time of the fetch is over")
	errSlow   = errors.New("the body comes too slowly")
)

// userinfo finds the credentials of an address that could not be parsed.
var userinfo = regexp.MustCompile(`//[^/?#]*@`)

// fail returns an *Error whose detail is made of format and args.
func fail(reason string, cause error, format string, args ...any) *Error {
	return &Error{Reason: reason, Detail: fmt.Sprintf(format, args...), Err: cause}
}

// show returns an address fit for a sentence: one line, not too long.
func show(address string) string {
	address = strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) && r != unicode.ReplacementChar {
			return r
		}
		return '?'
	}, address)
	if utf8.RuneCountInString(address) <= maxShown {
		return address
	}
	return string([]rune(address)[:maxShown]) + "…"
}

// showRaw is show in quotation marks and without credentials, for what did not
// prove to be an address.
func showRaw(raw string) string {
	return `"` + show(userinfo.ReplaceAllString(raw, "//")) + `"`
}

// ended says that the caller gave up.
func ended(ctx context.Context, u *url.URL) *Error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fail("timeout", ctx.Err(), "fetching %s was given up: its time was over", show(u.String()))
	}
	return fail("canceled", ctx.Err(), "fetching %s was given up", show(u.String()))
}

// refused says that an address must not be dialled.
func refused(u *url.URL, r *refusal) *Error {
	if r.port {
		return fail("bad-port", r, "%s asks for port %d, and only 80 and 443 are dialled; --allow-private permits it", show(u.String()), r.to.Port())
	}
	return fail("private-address", r, "%s leads to %s, a private or special address; --allow-private permits it", show(u.String()), r.to.Addr())
}

// refusedReason reports whether a reason is that of [refused].
func refusedReason(reason string) bool { return reason == "private-address" || reason == "bad-port" }

// rateLimited says that a host is left alone, and why.
func rateLimited(host string, wait time.Duration, why string) *Error {
	e := fail("rate-limited", nil, "%s is left alone for another %s, %s", show(host), wait.Round(time.Second), why)
	e.Wait = wait
	return e
}

// explain turns what net/http says into an *Error. ctx is that of the request.
func explain(ctx context.Context, u *url.URL, tlsErr, err error) *Error {
	address := show(u.String())
	if e := timedOut(ctx, u); e != nil {
		return e
	}
	if r, ok := errors.AsType[*refusal](err); ok {
		return refused(u, r)
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok {
		return explainDNS(u, dns)
	}
	if tooMuchHeader(err) {
		return fail("too-large", err, "the header of %s is longer than %d KiB", address, maxHeader>>10)
	}
	if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
		return fail("timeout", err, "%s did not answer in time", address)
	}
	if e, ok := errors.AsType[*net.OpError](err); ok && (e.Op == "proxyconnect" || e.Op == "socks connect") {
		return fail("network", err, "no answer from %s: the proxy could not be reached, or would not connect", address)
	}
	if tlsErr != nil {
		return fail("tls", err, "no secure connection for %s: %s", address, tlsCause(tlsErr))
	}
	return fail("network", err, "no answer from %s: %s", address, networkCause(err))
}

// timedOut says that ctx was ended by one of our own limits; nil: it was not.
func timedOut(ctx context.Context, u *url.URL) *Error {
	switch cause := context.Cause(ctx); cause {
	case errBudget:
		return fail("timeout", cause, "%s was not there in time; --timeout gives it more", show(u.String()))
	case errSlow:
		return fail("timeout", cause, "%s came at less than %d KB a second", show(u.String()), slowest/1000)
	}
	return nil
}

func explainDNS(u *url.URL, err *net.DNSError) *Error {
	host := show(u.Hostname())
	switch {
	case err.IsNotFound:
		return fail("dns", err, "there is no host %s", host)
	case err.IsTimeout:
		return fail("dns", err, "looking up the host %s took too long", host)
	}
	return fail("dns", err, "the host %s could not be looked up", host)
}

// tooMuchHeader reports whether an answer's header went past maxHeader. net/http
// has no value to compare with, in neither version of the protocol.
func tooMuchHeader(err error) bool {
	return strings.Contains(err.Error(), "server response headers exceeded") ||
		strings.Contains(err.Error(), "response header list larger than")
}

// tlsCause says in words what went wrong in a handshake.
func tlsCause(err error) string {
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return "its certificate is not for " + show(e.Host)
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok && e.Reason == x509.Expired {
		return "its certificate has expired, or the clock here is wrong"
	}
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "its certificate is signed by nobody who is trusted here"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "its certificate does not hold"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "the server does not speak TLS there"
	}
	if _, ok := errors.AsType[tls.AlertError](err); ok {
		return "the server refused the handshake"
	}
	return "the handshake broke off"
}

// networkCause says in words why there was no answer.
func networkCause(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the connection was refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was reset"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "the network does not reach it"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed without one"
	}
	return "what came was not HTTP, or the connection broke"
}
