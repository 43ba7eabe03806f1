package alert

import (
	"fmt"
	"strings"
	"time"
)

// A Channel is where messages go.
type Channel struct {
	Name  string
	Kind  string // "email", "webhook" or "chat"
	Where string // a few words that hold no secret: whom or which machine it goes to

	open func(Options) (Sender, error)
}

// Options say how messages are sent.
type Options struct {
	AllowPrivate bool          // webhooks may go to loopback and private addresses
	UserAgent    string        // of webhooks; empty: "storydiff"
	Timeout      time.Duration // of an attempt; 0: 20 s. Standard Webhooks recommends 15 to 30
}

const defaultTimeout = 20 * time.Second

func (o Options) timeout() time.Duration {
	if o.Timeout <= 0 {
		return defaultTimeout
	}
	return o.Timeout
}

// Sender returns what sends to the channel.
func (c Channel) Sender(o Options) (Sender, error) { return c.open(o) }

// Senders returns what sends to the channels, by their names.
func (s *Settings) Senders(o Options) (map[string]Sender, error) {
	out := make(map[string]Sender, len(s.Channels))
	for _, c := range s.Channels {
		sender, err := c.Sender(o)
		if err != nil {
			return nil, fmt.Errorf("channel %s: %w", c.Name, err)
		}
		out[c.Name] = sender
	}
	return out, nil
}

// newChannel reads a channel: one of three keys says what it is.
func newChannel(name string, n node, getenv func(string) string) (Channel, error) {
	f, err := n.fields("email", "webhook", "chat")
	if err != nil {
		return Channel{}, err
	}
	if len(f) != 1 {
		return Channel{}, n.fail("want one of email, webhook and chat")
	}
	c := Channel{Name: name}
	for kind, n := range f {
		c.Kind = kind
		if n, err = expand(n, getenv); err != nil {
			return c, err
		}
		switch kind {
		case "email":
			err = c.email(n)
		case "webhook":
			err = c.webhook(n)
		case "chat":
			err = c.chat(n)
		}
	}
	return c, err
}

// expand takes from the environment the values that are a variable as a whole.
func expand(n node, getenv func(string) string) (node, error) {
	switch v := n.value.(type) {
	case string:
		s, err := expandText(n, v, getenv)
		return node{n.path, s}, err
	case []any:
		out := make([]any, len(v))
		for i := range v {
			one, err := expand(node{n.path, v[i]}, getenv)
			if err != nil {
				return n, err
			}
			out[i] = one.value
		}
		return node{n.path, out}, nil
	case map[string]any:
		out := make(map[string]any, len(v))
		for key := range v {
			one, err := expand(node{n.path + ": " + key, v[key]}, getenv)
			if err != nil {
				return n, err
			}
			out[key] = one.value
		}
		return node{n.path, out}, nil
	}
	return n, nil
}

func expandText(n node, s string, getenv func(string) string) (string, error) {
	name, ok := strings.CutPrefix(strings.TrimSpace(s), "$")
	if !ok {
		return s, nil
	}
	if strings.HasPrefix(name, "$") {
		return name, nil
	}
	if inner, ok := strings.CutPrefix(name, "{"); ok {
		if name, ok = strings.CutSuffix(inner, "}"); !ok {
			return "", n.fail("want $NAME or ${NAME}, a variable of the environment")
		}
	}
	if !isName(name) {
		return "", n.fail("want $NAME, a variable of the environment; write $$ for a $ that begins a text")
	}
	value := getenv(name)
	if value == "" {
		return "", n.fail("the environment has no variable %s", name)
	}
	return value, nil
}

func isName(s string) bool {
	for i, r := range s {
		if r != '_' && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
