package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"storydiff/storage"
)

// owner names this process in what it holds: its machine, its number, and when
// it began, since numbers come back.
func owner() string {
	return fmt.Sprintf("%s/%d/%d", machine(), os.Getpid(), time.Now().UnixNano())
}

func machine() string {
	host, err := os.Hostname()
	if err != nil {
		return "localhost"
	}
	return strings.ReplaceAll(host, "/", "-")
}

// freeDead frees what processes of this machine hold that are no more, so that
// nobody waits for the dead.
func freeDead(ctx context.Context, db *storage.DB) error {
	return db.FreeOwners(ctx, func(owner string) bool {
		host, rest, _ := strings.Cut(owner, "/")
		number, _, ok := strings.Cut(rest, "/")
		pid, err := strconv.Atoi(number)
		return ok && err == nil && host == machine() && ended(pid)
	})
}

// ended reports whether no process has that number.
func ended(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	return errors.Is(process.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
