package dev.socratic.core.config;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// YAML (and so JSON) text as a tree with places.
///
/// Built from the parser's events, so that a hostile text meets its limits before anything is built of it: 4 Mi
/// characters, 64 levels, 100,000 nodes with aliases counted as often as they are used. Tags and more than one
/// document are refused.
final class YamlTree {
    static final int MAX_CHARACTERS = 4 << 20;
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NODES = 100_000;

    private final String name;
    private final Function<Mark, Place> places;
    private final List<Problem> problems;
    private final Iterator<Event> events;
    private final Map<Anchor, ConfigNode> anchors = new HashMap<>();

    private YamlTree(String text, String name, Function<Mark, Place> places, List<Problem> problems) {
        this.name = name;
        this.places = places;
        this.problems = problems;
        LoadSettings settings = LoadSettings.builder().setLabel(name).setCodePointLimit(MAX_CHARACTERS).build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /// @param name     of the file, for places
    /// @param problems gets those after which reading can go on
    /// @throws ConfigException where it cannot
    static ConfigNode parse(String text, String name, List<Problem> problems) {
        return parse(text, name, mark -> Place.in(name, mark.getLine() + 1, mark.getColumn() + 1), problems);
    }

    /// @param place of everything in the text, which is no file
    static ConfigNode parse(String text, Place place, List<Problem> problems) {
        return parse(text, place.text(), mark -> place, problems);
    }

    private static ConfigNode parse(String text, String name, Function<Mark, Place> places, List<Problem> problems) {
        if (text.length() > MAX_CHARACTERS) {
            throw new ConfigException(name, "a config of at most " + MAX_CHARACTERS + " characters",
                    text.length() + " characters", "keep data in files of its own");
        }
        try {
            String bare = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return new YamlTree(bare, name, places, problems).document();
        } catch (MarkedYamlEngineException e) {
            String at = e.getProblemMark().map(places).map(Place::text).orElse(name);
            String context = e.getContext() == null ? "" : " (" + oneLine(e.getContext()) + ")";
            throw new ConfigException(at, "YAML or JSON", oneLine(e.getProblem()) + context, "", e);
        } catch (YamlEngineException e) {
            throw new ConfigException(name, "YAML or JSON", oneLine(e.getMessage()), "", e);
        }
    }

    private ConfigNode document() {
        events.next(); // the stream's start
        Event first = events.next();
        if (!(first instanceof DocumentStartEvent)) {
            return new ConfigNode.Text("", true, places.apply(new Mark(name, 0, 0, 0, new int[0], 0)));
        }
        ConfigNode root = node(events.next(), "", 0);
        events.next(); // the document's end
        Event after = events.next();
        if (after instanceof DocumentStartEvent) {
            throw new ConfigException(place(after).text(), "one document", "a second one ('---')",
                    "give each its own file");
        }
        return root;
    }

    private ConfigNode node(Event event, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw new ConfigException(place(event).text(), "at most " + MAX_DEPTH + " levels", "more", "");
        }
        ConfigNode node = switch (event) {
            case AliasEvent alias -> alias(alias, path);
            case ScalarEvent scalar -> {
                refuseTag(scalar.getTag(), event, path);
                yield new ConfigNode.Text(scalar.getValue(), scalar.isPlain(), place(event));
            }
            case CollectionStartEvent start -> {
                refuseTag(start.getTag(), event, path);
                yield start.getEventId() == Event.ID.SequenceStart
                        ? items(start, path, depth)
                        : entries(start, path, depth);
            }
            default -> throw new IllegalStateException(
                    "a YAML node begins with a scalar, a collection or an alias, not " + event);
        };
        if (!(event instanceof AliasEvent) && event instanceof NodeEvent named) {
            named.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
        }
        return node;
    }

    private ConfigNode alias(AliasEvent alias, String path) {
        ConfigNode target = anchors.get(alias.getAlias());
        if (target == null) {
            throw new ConfigException(place(alias).at(path), "an anchor defined before",
                    "*" + alias.getAlias().getValue(), "define it with &" + alias.getAlias().getValue());
        }
        return target;
    }

    private ConfigNode items(Event start, String path, int depth) {
        List<ConfigNode> items = new ArrayList<>();
        long size = 0;
        for (Event next = events.next(); next.getEventId() != Event.ID.SequenceEnd; next = events.next()) {
            ConfigNode item = node(next, path + "[" + items.size() + "]", depth + 1);
            items.add(item);
            size = bounded(size + item.size(), start, path);
        }
        return ConfigNode.Items.of(items, place(start));
    }

    private ConfigNode entries(Event start, String path, int depth) {
        Map<String, ConfigNode.Entry> entries = new LinkedHashMap<>();
        long size = 0;
        for (Event next = events.next(); next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
            if (!(next instanceof ScalarEvent key)) {
                throw new ConfigException(place(next).at(path), "a text as a key", "a list, a mapping or an alias", "");
            }
            String below = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            ConfigNode.Entry entry = new ConfigNode.Entry(key.getValue(), place(key),
                    node(events.next(), below, depth + 1));
            ConfigNode.Entry before = entries.putIfAbsent(entry.key(), entry);
            if (before != null) {
                problems.add(
                        new Problem(place(key).at(path), "each key once",
                                "'" + entry.key() + "' again, first at " + before.place()
                                        .text(), "remove one of the two"));
            }
            size = bounded(size + entry.value().size(), start, path);
        }
        return ConfigNode.Entries.of(List.copyOf(entries.values()), place(start), false);
    }

    private long bounded(long size, Event start, String path) {
        if (size > MAX_NODES) {
            throw new ConfigException(place(start).at(path), "at most " + MAX_NODES + " values",
                    "more, counting each alias in full", "");
        }
        return size;
    }

    private void refuseTag(Optional<String> tag, Event event, String path) {
        tag.ifPresent(written ->
                problems.add(
                        new Problem(place(event).at(path), "a value without a tag", "'" + written + "'",
                                "remove the tag")));
    }

    private Place place(Event event) {
        return event.getStartMark().map(places).orElseThrow();
    }

    private static String oneLine(String message) {
        return String.valueOf(message).replaceAll("\\s+", " ").strip();
    }
}
