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

// program runs the command line of this process and returns its exit code.
func program() int {
	return run(context.Background(), os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
}

// orderly is for commands with something to bring to an end: the first SIGINT or
// SIGTERM ends ctx, a second one kills. All other commands are killed at once,
// also while they wait for input; what they wrote is whole all the same.
func orderly(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// streams are where a command reads and writes.
type streams struct {
	in  io.Reader
	out io.Writer
	err io.Writer
}
