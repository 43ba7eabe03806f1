// Storydiff tracks how news articles change after publication.
//
// One file holds one subcommand; what they share stands in root.go (flags,
// errors, exit codes), config.go (file and environment), open.go (the database
// and how an article is named) and network.go (the flags of whatever may fetch).
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() { os.Exit(program()) }

// program runs the command line of this process and returns its exit code. The
// first SIGINT or SIGTERM asks for an orderly end, a second one kills.
func program() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
}

// streams are where a command reads and writes.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}
