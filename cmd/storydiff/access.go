package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"storydiff/diffview/report"
)

// The bounds of a password, in bytes. With ten tries a minute eight letters that
// are no word hold for thousands of years.
const (
	minSecret = 8
	maxSecret = 1024
)

// access is who may read and change things through the report.
type access struct {
	readOnly, private       bool
	withhold                bool
	passwordFile, tokenFile string
	password, token         string // of the environment or the configuration; then of the files
}

func (c *access) register(flags *pflag.FlagSet) {
	flags.BoolVar(&c.readOnly, "read-only", false, "let nothing be changed through the report")
	flags.BoolVar(&c.private, "private", false, "let nobody read the report either who does not know the password or the token; /healthz alone stays open")
	withholdFlag(flags, &c.withhold)
	flags.StringVar(&c.passwordFile, "password-file", "", "a `file` with the password that lets people change things through the report; without one only who sits at this machine may (also: password: in the configuration, or STORYDIFF_PASSWORD)")
	flags.StringVar(&c.tokenFile, "token-file", "", "a `file` with a token by which scripts do so, sent as Authorization: Bearer; the password does too (also: token:, or STORYDIFF_TOKEN)")
	for name, into := range map[string]*string{"password": &c.password, "token": &c.token} {
		flags.StringVar(into, name, "", "")
		if err := flags.MarkHidden(name); err != nil {
			panic(err) // it was registered the line before
		}
	}
}

func withholdFlag(flags *pflag.FlagSet, withhold *bool) {
	flags.BoolVar(withhold, "withhold-reserved", false, "show the public no text of versions whose publisher asks for no copies (noarchive, nosnippet, tdm-reservation), but what changed alone")
}

// load reads the secrets. given are the flags of the command line, where everybody
// on this machine can read them.
func (c *access) load(given map[string]bool) error {
	for _, s := range []struct {
		name, file string
		text       *string
	}{{"password", c.passwordFile, &c.password}, {"token", c.tokenFile, &c.token}} {
		if given[s.name] {
			return misusef("--%s: everybody on this machine can read the command line: use --%[1]s-file FILE, STORYDIFF_%[2]s, or %[1]s: in %[3]s", s.name, strings.ToUpper(s.name), defaultConfig)
		}
		if s.file != "" {
			text, err := secretIn(s.file)
			if err != nil {
				return fmt.Errorf("reading the %s: %w", s.name, err)
			}
			*s.text = text
		}
		if n := len(*s.text); n > 0 && n < minSecret || n > maxSecret {
			return misusef("the %s of the report has %d letters: give it %d to %d", s.name, n, minSecret, maxSecret)
		}
	}
	return nil
}

// secretIn returns the first line of a file.
func secretIn(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 2*maxSecret))
	if err != nil {
		return "", err
	}
	line, rest, _ := strings.Cut(string(text), "\n")
	line = strings.TrimSuffix(line, "\r")
	switch {
	case strings.TrimSpace(rest) != "":
		return "", fmt.Errorf("%s has more than one line", file)
	case line == "":
		return "", fmt.Errorf("%s is empty", file)
	}
	return line, nil
}

// locked reports whether there is a password or a token.
func (c *access) locked() bool { return c.password != "" || c.token != "" }

// doors are what the report is told. Without a password it is open where it
// listens on loopback alone and is not passed on under another name.
func (d *daemon) doors() report.Doors {
	return report.Doors{
		Password: d.access.password, Token: d.access.token,
		Open:    loopback(d.listen) && len(d.hosts) == 0,
		Private: d.access.private,
		Secure:  strings.HasPrefix(d.public, "https://"),
	}
}

// check refuses an address that is none, and one that others reach where nothing
// keeps them from changing things.
func (d *daemon) check() error {
	_, port, err := net.SplitHostPort(d.listen)
	if err != nil {
		return misusef("--listen %q: write an address and a port, such as 127.0.0.1:8080", d.listen)
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return misusef("--listen %q: the port is a number up to 65535", d.listen)
	}
	if d.access.private && !d.access.locked() {
		return misusef("--private: the report has no password by which to know who may read it: give it one with --password-file FILE, or a token with --token-file FILE")
	}
	if !loopback(d.listen) && !d.access.locked() && !d.access.readOnly {
		return misusef("--listen %q: the report has no password, and whoever reaches that address could change what is tracked: give it one with --password-file FILE, or serve it with --read-only", d.listen)
	}
	return nil
}

// loopback reports whether only this machine reaches an address to listen at.
func loopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// reachable returns where this machine reaches what listens at an address: of one
// that stands for all of its addresses, loopback.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if ip := net.ParseIP(host); err != nil || host != "" && (ip == nil || !ip.IsUnspecified()) {
		return listen
	}
	if strings.Contains(host, ":") {
		return net.JoinHostPort("::1", port)
	}
	return net.JoinHostPort("127.0.0.1", port)
}
