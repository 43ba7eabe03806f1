package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// defaultConfig is read where it exists and no other file is named.
const defaultConfig = "storydiff.yaml"

// maxConfig bounds a configuration file, in bytes.
const maxConfig = 1 << 20

// configure gives every flag that was not set on the command line its value
// from the environment (STORYDIFF_HOST_DELAY for --host-delay) or else from the
// configuration file (host-delay: 2s).
func (a *app) configure(cmd *cobra.Command) error {
	file, err := a.configFile(cmd)
	if err != nil {
		return err
	}
	known := knownFlags(cmd.Root())
	for key := range file {
		if !known[key] {
			return misusef("%s: no setting is called %q: settings are named as the flags are", a.config, key)
		}
	}
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || failed != nil || f.Name == "config" || f.Name == "help" {
			return
		}
		failed = a.setFlag(cmd.Flags(), f, file)
	})
	return failed
}

func (a *app) setFlag(flags *pflag.FlagSet, f *pflag.Flag, file map[string]any) error {
	name := "STORYDIFF_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
	if value := os.Getenv(name); value != "" {
		if err := flags.Set(f.Name, value); err != nil {
			return misusef("%s: %w", name, plainFlagError(err))
		}
		return nil
	}
	value, ok := file[f.Name]
	if !ok {
		return nil
	}
	for _, v := range listOf(value) {
		if err := flags.Set(f.Name, fmt.Sprint(v)); err != nil {
			return misusef("%s: %w", a.config, plainFlagError(err))
		}
	}
	return nil
}

// flagError is how the flag package says that a value cannot be.
var flagError = regexp.MustCompile(`^invalid argument (".*") for "(?:-\w, )?(--[\w-]+)" flag: (.*)$`)

// plainFlagError says what is wrong with a flag without the words of the package
// that found out.
func plainFlagError(err error) error {
	m := flagError.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	why := m[3]
	switch {
	case strings.HasPrefix(why, "strconv.ParseBool"):
		why = "want true or false"
	case strings.HasPrefix(why, "strconv."):
		why = "want a whole number"
	}
	return fmt.Errorf("%s %s: %s", m[2], m[1], why)
}

func listOf(value any) []any {
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
}

// configFile reads the configuration file; none is no error unless it was named.
func (a *app) configFile(cmd *cobra.Command) (map[string]any, error) {
	named := cmd.Flags().Changed("config")
	if env := os.Getenv("STORYDIFF_CONFIG"); env != "" && !named {
		a.config, named = env, true
	}
	if a.config == "" {
		a.config = defaultConfig
	}
	info, err := os.Stat(a.config)
	if errors.Is(err, fs.ErrNotExist) && !named {
		return nil, nil
	}
	if err != nil {
		return nil, misuse(fmt.Errorf("reading the configuration: %w", err))
	}
	if info.Size() > maxConfig {
		return nil, misusef("reading the configuration: %s has %d bytes, at most %d are read", a.config, info.Size(), maxConfig)
	}
	text, err := os.ReadFile(a.config)
	if err != nil {
		return nil, misuse(fmt.Errorf("reading the configuration: %w", err))
	}
	file := map[string]any{}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, misusef("reading the configuration %s: %s", a.config, yaml.FormatError(err, false, false))
	}
	return file, nil
}

// knownFlags returns the names of the flags of all commands.
func knownFlags(root *cobra.Command) map[string]bool {
	known := map[string]bool{}
	add := func(f *pflag.Flag) { known[f.Name] = true }
	root.PersistentFlags().VisitAll(add)
	for _, cmd := range root.Commands() {
		cmd.Flags().VisitAll(add)
	}
	return known
}
