package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"storydiff/storage"
)

var errFull = errors.New("no space left on device")

// A fullDisk takes nothing.
type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

// What could not be written is said, whatever the command.
func TestOutputThatCannotBeWritten(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"help"}, {"completion", "fish"}} {
		var said bytes.Buffer
		code := run(t.Context(), args, streams{strings.NewReader(""), fullDisk{}, &said})
		if want := "storydiff: writing the output: no space left on device\n"; code != exitTrouble || said.String() != want {
			t.Errorf("storydiff %v on a full disk: exit %d, %q, want %d, %q", args, code, said.String(), exitTrouble, want)
		}
	}
}

// A process that was killed holds nothing that others wait for.
func TestDeadHoldNothing(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "dead.db")
	db, err := storage.Open(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	a, _, err := db.Add(ctx, storage.NewArticle{URL: "http://127.0.0.1:1/a", Identity: "a", Outlet: "127.0.0.1", Host: "127.0.0.1", At: time.Now()})
	if err != nil {
		t.Fatal(err)
	}
	// Numbers of processes end far below this one.
	dead := fmt.Sprintf("%s/%d/1", machine(), 1<<30)
	alive := fmt.Sprintf("%s/%d/1", machine(), os.Getpid())
	for _, owner := range []string{dead, alive} {
		if _, ok, err := db.ClaimArticle(ctx, a.ID, owner, time.Now(), time.Hour); !ok || err != nil {
			t.Fatalf("%s cannot take the article: %v", owner, err)
		}
		if err := freeDead(ctx, db); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok, err := db.ClaimArticle(ctx, a.ID, "somebody", time.Now(), time.Hour); ok || err != nil {
		t.Errorf("what a living process holds was freed: %v, %v", ok, err)
	}
}
