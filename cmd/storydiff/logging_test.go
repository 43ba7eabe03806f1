package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// logMethods say at which argument the message of a method of slog.Logger stands.
var logMethods = map[string]int{
	"Debug": 0, "Info": 0, "Warn": 0, "Error": 0,
	"DebugContext": 1, "InfoContext": 1, "WarnContext": 1, "ErrorContext": 1,
}

// TestLogMessagesAreConstant reads every call of a logger: a message is a literal,
// without a value in it, so that it can be searched for and counted, and what
// follows are keys that are literals and their values.
func TestLogMessagesAreConstant(t *testing.T) {
	calls := 0
	err := filepath.WalkDir("../..", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && (d.Name() == "testdata" || strings.HasPrefix(d.Name(), ".") && len(d.Name()) > 2) {
			if err == nil {
				err = fs.SkipDir
			}
			return err
		}
		if !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			if wrong, is := logCall(call); is {
				calls++
				if wrong != "" {
					t.Errorf("%s: %s", set.Position(call.Pos()), wrong)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || calls < 20 {
		t.Errorf("%d calls of a logger were read: %v", calls, err)
	}
}

// logCall reports whether a call is one of a logger, and what is wrong with it.
func logCall(call *ast.CallExpr) (wrong string, is bool) {
	method, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return "", false
	}
	at, ok := logMethods[method.Sel.Name]
	if !ok || !isLogger(method.X) {
		return "", false
	}
	if len(call.Args) <= at || !isText(call.Args[at]) {
		return "the message is no literal", true
	}
	rest := call.Args[at+1:]
	if call.Ellipsis.IsValid() {
		return "", true
	}
	if len(rest)%2 != 0 {
		return "a key has no value", true
	}
	for i := 0; i < len(rest); i += 2 {
		if !isText(rest[i]) {
			return "a key is no literal", true
		}
	}
	return "", true
}

// isLogger goes by the name: log, w.Log, c.opts.Log, and the package slog.
func isLogger(x ast.Expr) bool {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name == "log" || x.Name == "slog"
	case *ast.SelectorExpr:
		return x.Sel.Name == "log" || x.Sel.Name == "Log"
	}
	return false
}

func isText(x ast.Expr) bool {
	text, ok := x.(*ast.BasicLit)
	return ok && text.Kind == token.STRING
}
