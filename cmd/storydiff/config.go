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
// configuration file (host-delay: 2s). Below the name of a command stand settings
// for it alone (add: {tag: rivers}).
func (a *app) configure(cmd *cobra.Command) error {
	file, err := a.configFile(cmd)
	if err != nil {
		return err
	}
	if err := checkKeys(cmd.Root(), file); err != nil {
		return misusef("%s: %w", a.config, err)
	}
	a.alerts, a.channels = file["alerts"], file["channels"]
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || failed != nil || f.Name == "config" || f.Name == "help" {
			return
		}
		failed = a.setFlag(cmd, f, file)
	})
	return failed
}

func (a *app) setFlag(cmd *cobra.Command, f *pflag.Flag, file map[string]any) error {
	flags := cmd.Flags()
	for _, name := range envNames(cmd, f) {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		if err := flags.Set(f.Name, value); err != nil {
			return misusef("%s: %w", name, plainFlagError(err))
		}
		return nil
	}
	section, _ := file[settingsName(cmd)].(map[string]any)
	value, ok := section[f.Name]
	if !ok && !ownCommandOnly(cmd, f) {
		value, ok = file[f.Name]
	}
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

// ownCommandOnly reports whether a flag is named as another that means something
// else, so that a setting of the plain name is not its own: --cron of add pins an
// article, that of run is the daemon's.
func ownCommandOnly(cmd *cobra.Command, f *pflag.Flag) bool {
	switch f.Name {
	case "cron":
		return cmd.Name() != "run"
	case "every", "all", "file":
		return settingsName(cmd) == "source"
	}
	return false
}

// settingsName returns under what name a command's own settings stand: that of
// the command below the root, source for source add.
func settingsName(cmd *cobra.Command) string {
	for cmd.HasParent() && cmd.Parent().HasParent() {
		cmd = cmd.Parent()
	}
	return cmd.Name()
}

// withChildren calls visit for every flag of a command and of those below it.
func withChildren(cmd *cobra.Command, visit func(*pflag.Flag)) {
	cmd.Flags().VisitAll(visit)
	cmd.PersistentFlags().VisitAll(visit)
	for _, child := range cmd.Commands() {
		withChildren(child, visit)
	}
}

// envNames returns the variables that set a flag, the narrowest first:
// STORYDIFF_ADD_CRON, STORYDIFF_CRON.
func envNames(cmd *cobra.Command, f *pflag.Flag) []string {
	upper := func(s string) string { return strings.ToUpper(strings.ReplaceAll(s, "-", "_")) }
	names := []string{"STORYDIFF_" + upper(settingsName(cmd)) + "_" + upper(f.Name)}
	if !ownCommandOnly(cmd, f) {
		names = append(names, "STORYDIFF_"+upper(f.Name))
	}
	return names
}

// checkKeys refuses settings that nothing reads: each is named as a flag of some
// command, or stands under the name of a command that has it. Alerts and channels
// are no flags; who needs them reads them.
func checkKeys(root *cobra.Command, file map[string]any) error {
	known := map[string]bool{}
	add := func(f *pflag.Flag) { known[f.Name] = true }
	withChildren(root, add)
	for key, value := range file {
		if key == "alerts" || key == "channels" {
			continue
		}
		if cmd := commandNamed(root, key); cmd != nil && isSection(value) {
			if err := checkSection(root, cmd, value.(map[string]any)); err != nil {
				return err
			}
			continue
		}
		if !known[key] {
			return fmt.Errorf("no setting is called %q: settings are named as the flags are", key)
		}
		if err := checkValue(key, value); err != nil {
			return err
		}
	}
	return nil
}

// commandNamed returns the command of a name, where it does something: a topic of
// help has no settings. Nil: there is none.
func commandNamed(root *cobra.Command, name string) *cobra.Command {
	for _, cmd := range root.Commands() {
		if cmd.Name() == name && cmd.Runnable() {
			return cmd
		}
	}
	return nil
}

func isSection(value any) bool {
	_, ok := value.(map[string]any)
	return ok
}

// checkSection is checkKeys for what stands below the name of a command.
func checkSection(root, cmd *cobra.Command, section map[string]any) error {
	known := map[string]bool{}
	withChildren(cmd, func(f *pflag.Flag) { known[f.Name] = true })
	for key, value := range section {
		if !known[key] && root.PersistentFlags().Lookup(key) == nil {
			return fmt.Errorf("%s has no setting %q: settings are named as the flags are", cmd.Name(), key)
		}
		if err := checkValue(key, value); err != nil {
			return fmt.Errorf("%s: %w", cmd.Name(), err)
		}
	}
	return nil
}

// checkValue refuses what no flag can be set to.
func checkValue(key string, value any) error {
	for _, v := range listOf(value) {
		switch v.(type) {
		case map[string]any, []any:
			return fmt.Errorf("%s: want a value or a list of values, as in %s: [a, b]", key, key)
		case nil:
			return fmt.Errorf("%s: there is no value: give one, or leave the line out", key)
		}
	}
	return nil
}
