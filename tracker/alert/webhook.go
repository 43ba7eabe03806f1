package alert

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"storydiff/tracker/fetch"
)

// A webhook is a channel that posts JSON to an address, signed as Standard
// Webhooks 1.0.0 has it (standardwebhooks.com):
//
//	webhook-id         the key of the message
//	webhook-timestamp  of the attempt, in seconds since 1970
//	webhook-signature  v1, and HMAC-SHA256 of id.timestamp.body in base64; one for
//	                   each secret, with a space between them
//
// A redirect is not followed, and of the answer nothing but its status is read.
type webhook struct {
	address *url.URL
	keys    [][]byte // the first is the current one
	private bool     // it may be a loopback or private address

	agent  string
	client *http.Client
}

// Bounds of a secret in bytes, by Standard Webhooks.
const (
	minSecret = 24
	maxSecret = 64
)

func (c *Channel) webhook(n node) error {
	f, err := n.fields("url", "secret", "allow-private")
	if err != nil {
		return err
	}
	for _, key := range []string{"url", "secret"} {
		if _, ok := f[key]; !ok {
			return n.fail("it has no %s", key)
		}
	}
	w := &webhook{}
	if w.address, err = httpAddress(f["url"]); err != nil {
		return err
	}
	if w.keys, err = signingKeys(f["secret"]); err != nil {
		return err
	}
	if p, ok := f["allow-private"]; ok {
		if w.private, err = p.flag(); err != nil {
			return err
		}
	}
	c.Where = w.address.Scheme + "://" + w.address.Host
	c.open = func(o Options) (Sender, error) { return w.with(o), nil }
	return nil
}

// httpAddress reads an address; an error does not repeat it, for it may hold a
// secret.
func httpAddress(n node) (*url.URL, error) {
	s, err := n.text()
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" {
		return nil, n.fail("want an address that begins with https:// or http://")
	}
	u.Fragment, u.RawFragment = "", ""
	return u, nil
}

func signingKeys(n node) ([][]byte, error) {
	all, err := n.texts()
	if err != nil {
		return nil, err
	}
	if len(all) > 3 {
		return nil, n.fail("there are %d secrets, at most 3 are possible", len(all))
	}
	var keys [][]byte
	for _, s := range all {
		coded, ok := strings.CutPrefix(s, "whsec_")
		key, err := base64.StdEncoding.DecodeString(coded)
		if !ok || err != nil || len(key) < minSecret || len(key) > maxSecret {
			return nil, n.fail("want whsec_ and behind it %d to %d random bytes in base64; openssl rand -base64 32 makes such bytes", minSecret, maxSecret)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

// with returns the webhook as it sends.
func (w webhook) with(o Options) *webhook {
	w.agent = o.UserAgent
	if w.agent == "" {
		w.agent = "storydiff"
	}
	port := uint16(443)
	if w.address.Scheme == "http" {
		port = 80
	}
	if n, err := strconv.ParseUint(w.address.Port(), 10, 16); err == nil {
		port = uint16(n)
	}
	w.client = &http.Client{
		Transport:     fetch.Outgoing(o.AllowPrivate || w.private, port),
		Timeout:       o.timeout(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &w
}

// Send posts a message.
func (w *webhook) Send(ctx context.Context, d Delivery) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.address.String(), bytes.NewReader(d.JSON))
	if err != nil {
		return errors.New("the address cannot be asked")
	}
	stamp := strconv.FormatInt(d.At.Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", w.agent)
	req.Header.Set("Webhook-Id", d.Key)
	req.Header.Set("Webhook-Timestamp", stamp)
	req.Header.Set("Webhook-Signature", w.signature(d.Key, stamp, d.JSON))
	resp, err := w.client.Do(req)
	if err != nil {
		if e, ok := errors.AsType[*url.Error](err); ok {
			err = e.Err // without the address
		}
		return errors.New(sentence(err, nil))
	}
	resp.Body.Close()
	return judge(resp, d.At)
}

func (w *webhook) signature(id, stamp string, body []byte) string {
	signatures := make([]string, len(w.keys))
	for i, key := range w.keys {
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "%s.%s.%s", id, stamp, body)
		signatures[i] = "v1," + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(signatures, " ")
}

// judge returns why an answer is none that accepts the message.
func judge(resp *http.Response, now time.Time) error {
	if resp.StatusCode/100 == 2 {
		return nil
	}
	err := fmt.Errorf("it answered %s", strings.TrimSpace(strconv.Itoa(resp.StatusCode)+" "+http.StatusText(resp.StatusCode)))
	if resp.StatusCode/100 == 3 {
		err = fmt.Errorf("%w: redirects are not followed, so give the address that it leads to", err)
	}
	if wait := retryAfter(resp.Header.Get("Retry-After"), now); wait > 0 {
		return &Busy{wait, err}
	}
	return err
}

// retryAfter reads the header of that name (RFC 9110 §10.2.3); 0: it says nothing.
func retryAfter(s string, now time.Time) time.Duration {
	if n, err := strconv.ParseUint(s, 10, 31); err == nil {
		return time.Duration(n) * time.Second
	}
	if t, err := http.ParseTime(s); err == nil {
		return max(0, t.Sub(now))
	}
	return 0
}
