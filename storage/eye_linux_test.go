package storage_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"storydiff/storage"
)

// unreadable is a file whose first byte no process can read: EIO.
const unreadable = "/proc/self/mem"

// A database that is damaged and one whose disk cannot be read are told apart,
// although SQLite calls both damaged: the one is to be restored, the other may be
// whole.
func TestUnreadable(t *testing.T) {
	if _, err := os.ReadFile(unreadable); err == nil {
		t.Skip("there is no file here that cannot be read")
	}
	for _, damaged := range []bool{true, false} {
		path, _ := filled(t, 3)
		db, err := storage.Open(t.Context(), path)
		must(t, err)
		defer db.Close()
		if !damaged {
			must(t, os.Remove(path+"-wal")) // SQLite goes on with the one that it has open
			must(t, os.Symlink(unreadable, path+"-wal"))
		}
		for page := range int64(len(read(t, path))/4096 - 1) {
			zero(t, path, page+1)
		}
		_, err = db.Versions(t.Context(), 1)
		if err == nil {
			t.Fatal("what is not there is read")
		}
		if errors.Is(err, storage.ErrDamaged) != damaged || errors.Is(err, storage.ErrUnreadable) == damaged || storage.MayPass(err) == damaged {
			t.Errorf("damaged %t: %v", damaged, err)
		}
		if strings.Contains(err.Error(), "backup") != damaged || strings.Contains(err.Error(), "\n") {
			t.Errorf("damaged %t: %v: want the advice to restore it where that helps, and only there", damaged, err)
		}
		t.Log(err)
	}
}
