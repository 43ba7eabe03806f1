package alert

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// A chat is a channel that one of shoutrrr's services sends to.
//
// Those services ask for hosts by themselves, which the guard of the other
// channels does not see; their addresses are the user's own. Some wait for an
// answer for ever: while one does, the channel sends nothing else.
type chat struct {
	service string // shoutrrr's name for it
	address string // as shoutrrr writes it; it holds secrets
	secrets []string
	timeout time.Duration
	out     atomic.Bool // an attempt runs, and may outlive the Send that began it
}

func (c *Channel) chat(n node) error {
	address, err := n.text()
	if err != nil {
		return err
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "" {
		return n.fail("want the address of a service of shoutrrr's, such as discord://TOKEN@ID or generic+https://example.org/hook")
	}
	service, _, _ := strings.Cut(strings.ToLower(u.Scheme), "+")
	s := &chat{service: service, address: address, secrets: secretsIn(u)}
	if service == "smtp" {
		return n.fail("e-mail has a kind of channel of its own: email: {host: …, from: …, to: …}")
	}
	if services := (&router.ServiceRouter{}).ListServices(); !slices.Contains(services, service) {
		slices.Sort(services)
		return n.fail("%q is none of shoutrrr's services: there are %s", service, listed(services, "and"))
	}
	if service != "matrix" { // which goes and logs in
		if _, err := (&router.ServiceRouter{}).Locate(address); err != nil {
			return n.fail("%s", sentence(err, s.secrets))
		}
	}
	c.Where = service
	c.open = func(o Options) (Sender, error) {
		return &chat{service: s.service, address: s.address, secrets: s.secrets, timeout: o.timeout()}, nil
	}
	return nil
}

// minSecretPart is the shortest part of an address, in bytes, that is kept out of errors.
const minSecretPart = 5

// secretsIn returns the parts of an address that must not be shown, the longest
// first: all but its scheme, and its host where that is one.
func secretsIn(u *url.URL) []string {
	var parts []string
	add := func(text string) {
		parts = append(parts, strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })...)
		parts = append(parts, text)
	}
	if u.User != nil {
		add(u.User.Username())
		password, _ := u.User.Password()
		add(password)
	}
	if !strings.ContainsAny(u.Host, ".") && u.Hostname() != "localhost" {
		add(u.Hostname())
	}
	add(strings.Trim(u.Path, "/"))
	for _, values := range u.Query() {
		for _, v := range values {
			add(v)
		}
	}
	parts = slices.DeleteFunc(parts, func(s string) bool { return len(s) < minSecretPart })
	slices.SortFunc(parts, func(x, y string) int { return len(y) - len(x) })
	return slices.Compact(parts)
}

// Send sends the short form of a message.
func (c *chat) Send(ctx context.Context, d Delivery) error {
	if !c.out.CompareAndSwap(false, true) {
		return errors.New("the service has not answered to the message before this yet")
	}
	done := make(chan error, 1)
	go func() {
		defer c.out.Store(false)
		defer func() {
			if p := recover(); p != nil {
				done <- fmt.Errorf("the service failed: %v", p)
			}
		}()
		done <- c.send(d)
	}()
	late := time.NewTimer(c.timeout)
	defer late.Stop()
	select {
	case err := <-done:
		if err != nil {
			return errors.New(sentence(err, c.secrets))
		}
		return nil
	case <-late.C:
		return fmt.Errorf("no answer in %v", c.timeout)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *chat) send(d Delivery) error {
	service, err := (&router.ServiceRouter{}).Locate(c.address)
	if err != nil {
		return err
	}
	text, params := c.write(d)
	return service.Send(text, &params)
}

// titled are the services that show a title of its own, as plain text.
func titled(service string) bool {
	return slices.Contains([]string{"bark", "gotify", "ntfy", "pushbullet", "pushover"}, service)
}

// write returns a message as the service reads it.
func (c *chat) write(d Delivery) (text string, params types.Params) {
	subject := oneLine(d.Subject, maxSubject)
	params = types.Params{}
	switch f := formOf(c.service); {
	case c.service == "telegram":
		params["parsemode"], params["title"] = "None", "" // else an address may ask for markup
		return f.plain(subject + "\n\n" + d.Chat), params
	case titled(c.service):
		params["title"] = subject
		return f.plain(d.Chat), params
	case f.markdown:
		return f.line(subject) + "\n\n" + f.drawn(d.Markdown), params
	default:
		return f.plain(subject + "\n\n" + d.Chat), params
	}
}
