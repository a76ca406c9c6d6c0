package dev.socratic.core.config;

import dev.socratic.core.config.ConfigNode.Entries;
import dev.socratic.core.config.ConfigNode.Entry;
import dev.socratic.core.config.ConfigNode.Items;
import dev.socratic.core.config.ConfigNode.Text;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Values from the command line put in the place of those in the file: `generate.samples` -> `8`, `terms[0].weight`
/// -> `0.5`, `teacher` -> `{endpoint: {model: m}}`. The value is YAML. What lies on the way and is not there is made,
/// and keeps its defaults.
final class Overrides {
    private static final Pattern STEP = Pattern.compile("([A-Za-z0-9_-]+)((?:\\[[0-9]{1,6}])*)");

    private Overrides() {}

    static ConfigNode apply(ConfigNode root, Map<String, String> overrides, List<Problem> problems) {
        ConfigNode tree = root;
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            Place place = Place.option(override.getKey());
            try {
                ConfigNode value = YamlTree.parse(override.getValue(), place, problems);
                tree = set(tree, steps(override.getKey(), place), value, place);
            } catch (ConfigException e) {
                problems.addAll(e.problems());
            }
        }
        return tree;
    }

    /// @return what `written` says, on top of `fallback` where an override made `written` up
    static ConfigNode over(ConfigNode fallback, ConfigNode written) {
        if (!(written instanceof Entries part) || !part.partial()) {
            return written;
        }
        Entries whole = switch (fallback) {
            case Entries entries -> entries;
            // A member of a family by its bare name, of which the override sets a component.
            case Text text when !text.nothing() && part.get(text.text()).isPresent() ->
                Entries.of(List.of(new Entry(text.text(), text.place(), new Text("", true, text.place()))),
                        text.place(), false);
            case Text text -> part;
            case Items items -> part;
        };
        List<Entry> merged = new ArrayList<>();
        for (Entry entry : whole.entries()) {
            merged.add(new Entry(entry.key(), entry.place(),
                    part.get(entry.key()).map(value -> over(entry.value(), value)).orElse(entry.value())));
        }
        part.entries().stream().filter(entry -> whole.get(entry.key()).isEmpty()).forEach(merged::add);
        return Entries.of(merged, part.place(), true);
    }

    private static List<String> steps(String key, Place place) {
        List<String> steps = new ArrayList<>();
        for (String part : key.split("\\.", -1)) {
            Matcher step = STEP.matcher(part);
            if (!step.matches()) {
                throw new ConfigException(place.text(), "a path such as a.b or a.b[0].c", "'" + part + "'", "");
            }
            steps.add(step.group(1));
            Pattern.compile("[0-9]+").matcher(step.group(2)).results().forEach(index -> steps.add("[" + index.group()));
        }
        return steps;
    }

    private static ConfigNode set(ConfigNode node, List<String> steps, ConfigNode value, Place place) {
        if (steps.isEmpty()) {
            return value;
        }
        String step = steps.getFirst();
        List<String> rest = steps.subList(1, steps.size());
        return step.startsWith("[")
                ? setItem(node, Integer.parseInt(step.substring(1)), rest, value, place)
                : setEntry(node, step, rest, value, place);
    }

    private static ConfigNode setItem(ConfigNode node, int index, List<String> rest, ConfigNode value, Place place) {
        List<ConfigNode> items = new ArrayList<>(node instanceof Items list ? list.items() : List.of());
        if (!(node instanceof Items) && !node.isNothing()) {
            throw new ConfigException(place.text(), "a list to take item [" + index + "] of", "none",
                    "leave the [" + index + "] out");
        }
        if (index > items.size()) {
            throw new ConfigException(place.text(), "an item from [0] to [" + items.size() + "]", "[" + index + "]",
                    "");
        }
        if (index == items.size()) {
            items.add(nothing(place));
        }
        items.set(index, set(items.get(index), rest, value, place));
        return Items.of(items, node.place());
    }

    private static ConfigNode setEntry(ConfigNode node, String key, List<String> rest, ConfigNode value, Place place) {
        Entries entries = switch (node) {
            case Entries written -> written;
            case Text text when text.nothing() -> Entries.of(List.of(), place, true);
            case Text text when text.text()
                    .equals(key) ->
                            Entries.of(List.of(new Entry(key, text.place(), nothing(place))), text.place(), false);
            case Text text ->
                    throw new ConfigException(place.text(), "a mapping to set '" + key + "' in",
                            "'" + text.text() + "'", "");
            case Items items ->
                    throw new ConfigException(place.text(), "a mapping to set '" + key + "' in", "a list",
                            "name the item, such as [0]");
        };
        List<Entry> changed = new ArrayList<>();
        for (Entry entry : entries.entries()) {
            changed.add(entry.key().equals(key)
                    ? new Entry(key, place, set(entry.value(), rest, value, place))
                    : entry);
        }
        if (changed.equals(entries.entries()) && entries.get(key).isEmpty()) {
            changed.add(new Entry(key, place, set(nothing(place), rest, value, place)));
        }
        return Entries.of(changed, entries.place(), entries.partial());
    }

    private static ConfigNode nothing(Place place) {
        return new Text("", true, place);
    }
}
