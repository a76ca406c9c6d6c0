package dev.socratic.core.config;

/// Where something stands: `recipe.yaml:3:7`, or the command-line option that put it there.
///
/// @param text   as it is printed
/// @param option whether it names the path in the config already, as `--set a.b` does
record Place(String text, boolean option) {
    static Place in(String file, int line, int column) {
        return new Place(file + ":" + line + ":" + column, false);
    }

    static Place option(String key) {
        return new Place("--set " + key, true);
    }

    /// @param path in the config, empty for the whole
    String at(String path) {
        return option || path.isEmpty() ? text : text + ": " + path;
    }
}
