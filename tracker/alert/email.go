package alert

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"

	"github.com/wneessen/go-mail"
)

// A mailbox is a channel that sends e-mail through one server.
type mailbox struct {
	host     string
	port     int
	tls      string // "starttls", "tls" or "none"
	username string
	password string
	from     string
	to       []string
	options  Options
}

// The ways of a connection to a server of e-mail.
const (
	startTLS = "starttls"
	fullTLS  = "tls"
	noTLS    = "none"
)

func (c *Channel) email(n node) error {
	f, err := n.fields("host", "port", "tls", "username", "password", "from", "to")
	if err != nil {
		return err
	}
	m := &mailbox{port: 587, tls: startTLS}
	for _, key := range []string{"host", "from", "to"} {
		if _, ok := f[key]; !ok {
			return n.fail("it has no %s", key)
		}
	}
	for key, n := range f {
		switch key {
		case "host":
			m.host, err = n.text()
		case "port":
			m.port, err = n.whole(1, 65535)
		case "tls":
			m.tls, err = oneWord(n, startTLS, fullTLS, noTLS)
		case "username":
			m.username, err = n.text()
		case "password":
			m.password, err = n.text()
		case "from":
			m.from, err = mailAddress(n)
		case "to":
			m.to, err = mailAddresses(n)
		}
		if err != nil {
			return err
		}
	}
	if _, said := f["tls"]; !said && m.port == 465 {
		m.tls = fullTLS // RFC 8314 §3.3
	}
	if (m.username == "") != (m.password == "") {
		return n.fail("username and password go together")
	}
	c.Where = strings.Join(m.to, ", ") + " through " + m.host
	c.open = func(o Options) (Sender, error) {
		m := *m
		m.options = o
		_, err := m.client()
		return &m, err
	}
	return nil
}

func oneWord(n node, words ...string) (string, error) {
	s, err := oneOf(n, words)
	if err != nil {
		return "", err
	}
	if len(s) != 1 {
		return "", n.fail("want one of %s", listed(words, "and"))
	}
	return s[0], nil
}

func mailAddress(n node) (string, error) {
	s, err := n.text()
	if err != nil {
		return "", err
	}
	a, err := netmail.ParseAddress(s)
	if err != nil {
		return "", n.fail("%q: want an address, such as desk@example.org or Desk <desk@example.org>", s)
	}
	return a.String(), nil
}

func mailAddresses(n node) ([]string, error) {
	all, err := n.list()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, one := range all {
		a, err := mailAddress(one)
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}

func (m *mailbox) client() (*mail.Client, error) {
	options := []mail.Option{mail.WithPort(m.port), mail.WithTimeout(m.options.timeout()), mail.WithoutNoop()}
	switch m.tls {
	case fullTLS:
		options = append(options, mail.WithSSL())
	case noTLS:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.username != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.username), mail.WithPassword(m.password))
	}
	return mail.NewClient(m.host, options...)
}

// Send sends a message to all receivers of the channel at once. Its Message-ID
// is made of the key, by which many servers tell a second copy.
func (m *mailbox) Send(ctx context.Context, d Delivery) error {
	msg, err := m.message(d)
	if err != nil {
		return err
	}
	client, err := m.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, m.options.timeout())
	defer cancel()
	// Past the dialling the client obeys its own time limit alone, so it may
	// outlive this call by as long as that.
	done := make(chan error, 1)
	go func() { done <- client.DialAndSendWithContext(ctx, msg) }()
	select {
	case err = <-done:
	case <-ctx.Done():
		err = fmt.Errorf("no answer in %v", m.options.timeout())
	}
	if err != nil {
		return errors.New(sentence(err, m.secrets()))
	}
	return nil
}

func (m *mailbox) secrets() []string {
	if m.password == "" {
		return nil
	}
	return []string{m.password}
}

// maxSubject is the most characters of a subject; what follows is cut off.
const maxSubject = 200

func (m *mailbox) message(d Delivery) (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	if err := msg.From(m.from); err != nil {
		return nil, err
	}
	if err := msg.To(m.to...); err != nil {
		return nil, err
	}
	msg.Subject(oneLine(d.Subject, maxSubject))
	msg.SetDateWithValue(d.At)
	_, host, _ := strings.Cut(strings.TrimSuffix(m.from[strings.LastIndex(m.from, "<")+1:], ">"), "@")
	msg.SetMessageIDWithValue(d.Key + "@" + host)
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: nobody's holiday notice answers
	msg.SetBodyString(mail.TypeTextPlain, d.Text)
	msg.AddAlternativeString(mail.TypeTextHTML, d.HTML)
	return msg, nil
}
