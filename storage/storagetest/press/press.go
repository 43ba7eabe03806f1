// Package press makes a made-up press of any size, to measure a store and what is
// built on it by: articles of a hundred outlets, with the versions, changes,
// captures and looks that a daemon would have kept of them. All is written through
// the store.
package press

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"storydiff/storage"
	"storydiff/storage/storagetest"
)

// A Recipe is how large a press of two years is. The same recipe gives the same
// texts.
type Recipe struct {
	Articles int
	Versions int // of all articles; fewer than Articles counts as so many
}

// Newest is the time up to which a press has been watched.
func (Recipe) Newest() time.Time { return time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC) }

// Open opens a copy of the press, which the test may write to and which is thrown
// away when it ends. The press itself is made when it is first asked for, which
// takes minutes for 100,000 versions, and stays in the system's folder of temporary
// files under a name that holds the hash of its recipe.
func (p Recipe) Open(t testing.TB) *storage.DB {
	t.Helper()
	made := p.file(t)
	if _, err := os.Stat(made); err != nil {
		began := time.Now()
		p.make(t, made)
		t.Logf("made %s in %v", made, time.Since(began).Round(time.Second))
	}
	path := filepath.Join(t.TempDir(), "press.db")
	must(t, copyFile(path, made))
	db, err := storage.Open(t.Context(), path)
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	return db
}

// source is all that decides what a press is made of.
//
//go:embed press.go life.go story.go write.go
var source embed.FS

// file is where the press is kept.
func (p Recipe) file(t testing.TB) string {
	t.Helper()
	schema, err := storagetest.New(t).Schema(t.Context())
	must(t, err)
	sum := sha256.New()
	fmt.Fprintf(sum, "%+v, schema %d\n", p, schema)
	files, err := source.ReadDir(".")
	must(t, err)
	for _, f := range files {
		text, err := source.ReadFile(f.Name())
		must(t, err)
		sum.Write(text)
	}
	return filepath.Join(os.TempDir(), "storydiff-press-"+hex.EncodeToString(sum.Sum(nil)[:8])+".db")
}

// make makes the press and only then gives it its name.
func (p Recipe) make(t testing.TB, file string) {
	t.Helper()
	dir := quickDir(t, p)
	path := filepath.Join(dir, "press.db")
	db, err := storage.Open(t.Context(), path)
	must(t, err)
	p.write(t, db)
	must(t, db.Close())
	trial := file + fmt.Sprintf(".%d", os.Getpid())
	defer os.Remove(trial)
	must(t, copyFile(trial, path))
	must(t, os.Rename(trial, file))
	must(t, os.RemoveAll(dir)) // it may be memory
}

// quickDir returns a folder to write to, in memory where there is such a one and
// it has the room: the store syncs each of its transactions, which takes a disk
// longer than all else.
func quickDir(t testing.TB, p Recipe) string {
	t.Helper()
	const memory, perVersion = "/dev/shm", 16 << 10
	disk, ok := storage.DiskOf(memory)
	if !ok || disk.Free < int64(p.Versions)*perVersion {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "storydiff-press")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
