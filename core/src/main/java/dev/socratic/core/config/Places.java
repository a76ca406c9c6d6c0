package dev.socratic.core.config;

import dev.socratic.core.config.ConfigNode.Entries;
import dev.socratic.core.config.ConfigNode.Entry;
import dev.socratic.core.config.ConfigNode.Items;
import dev.socratic.core.config.ConfigNode.Text;
import dev.socratic.core.error.Problem;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the parts of a config were written, for whoever finds out later that one of them does not fit.
public final class Places {
    private static final Pattern INDEX = Pattern.compile("\\[([0-9]{1,9})](.*)", Pattern.DOTALL);
    private final Optional<ConfigNode> root;
    private final String prefix;
    private final List<Problem> formerNames;

    Places(Optional<ConfigNode> root, String prefix, List<Problem> formerNames) {
        this.root = root;
        this.prefix = prefix;
        this.formerNames = List.copyOf(formerNames);
    }

    /// @return where a former name ([Alias]) was written, with the name of today: to be told, for it was read all the
    ///         same
    public List<Problem> formerNames() {
        return formerNames;
    }

    /// Of a config that no file holds: paths alone.
    public static Places none() {
        return new Places(Optional.empty(), "", List.of());
    }

    /// @param above the path at which this config would stand in a larger one (`generate`), whose paths are then asked
    /// for
    public Places under(String above) {
        return new Places(root, above, formerNames);
    }

    /// @param path in the config: `train[0].student.folder`
    /// @return the path where it is no part of this config; otherwise with file, line and column: `recipe.yaml:7:3:
    /// train[0].student.folder`; where the part is a default,
    /// those of what it is a part of
    public String at(String path) {
        String own = path.equals(prefix) ? "" : !prefix.isEmpty() && path.startsWith(prefix + ".")
                ? path.substring(prefix.length() + 1) : path;
        boolean elsewhere = !prefix.isEmpty() && !path.equals(prefix) && !path.startsWith(prefix + ".");
        return elsewhere ? path : root.map(node -> nearest(node, own).at(own)).orElse(own);
    }

    /// @return the place of the part at a path, or of the smallest part around it that is written
    static Place nearest(ConfigNode node, String path) {
        String rest = path.startsWith(".") ? path.substring(1) : path;
        Matcher index = INDEX.matcher(rest);
        return switch (node) {
            case Text text -> text.place();
            case Items items when index.matches() && Integer.parseInt(index.group(1)) < items.items().size() ->
                nearest(items.items().get(Integer.parseInt(index.group(1))), index.group(2));
            case Items items -> items.place();
            // A key may have a dot in it: the longest that fits.
            case Entries entries -> entries.entries().stream().filter(entry -> begins(rest, entry.key()))
                    .max(Comparator.comparingInt(entry -> entry.key().length()))
                    .map(entry -> below(entry, rest.substring(entry.key().length()))).orElse(entries.place());
        };
    }

    /// The key's own place at the end of the path, for what is wrong there is what the key names.
    private static Place below(Entry entry, String rest) {
        return rest.isEmpty() || entry.value().isNothing() ? entry.place() : nearest(entry.value(), rest);
    }

    private static boolean begins(String path, String key) {
        return path.startsWith(key) && (path.length() == key.length() || path.charAt(key.length()) == '.'
                || path.charAt(key.length()) == '[');
    }
}
