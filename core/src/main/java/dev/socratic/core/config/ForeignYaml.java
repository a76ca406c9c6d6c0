package dev.socratic.core.config;

import dev.socratic.core.error.ConfigException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Makes [YamlNode]s of a text, within the limits of [YamlTree]. Merge keys (`<<`) are obeyed.
final class ForeignYaml {
    private static final int MAX_DEPTH = 64;
    private static final int MAX_NODES = 100_000;

    private final String name;
    private final Iterator<Event> events;
    private final Map<Anchor, YamlNode> anchors = new HashMap<>();
    private int nodes;

    private ForeignYaml(String text, String name) {
        this.name = name;
        LoadSettings settings = LoadSettings.builder().setLabel(name)
                .setCodePointLimit(YamlTree.MAX_CHARACTERS).build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    static YamlNode parse(String text, String name) {
        if (text.length() > YamlTree.MAX_CHARACTERS) {
            throw new ConfigException(name, "YAML of at most " + YamlTree.MAX_CHARACTERS + " characters",
                    text.length() + " characters", "keep data in files of its own");
        }
        try {
            return new ForeignYaml(text.startsWith("\uFEFF") ? text.substring(1) : text, name).document();
        } catch (MarkedYamlEngineException e) {
            String at = e.getProblemMark().map(mark -> "%s:%s:%s".formatted(name, mark.getLine() + 1,
                    mark.getColumn() + 1)).orElse(name);
            throw new ConfigException(at, "YAML", oneLine(e.getProblem()), "mend it there, or just before", e);
        } catch (YamlEngineException e) {
            throw new ConfigException(name, "YAML", oneLine(e.getMessage()), "mend it there", e);
        }
    }

    private YamlNode document() {
        events.next(); // the stream's start
        Event first = events.next();
        if (!(first instanceof DocumentStartEvent)) {
            return new YamlNode.Scalar("", true, Optional.empty(), name + ":1:1");
        }
        YamlNode root = node(events.next(), 0);
        events.next(); // the document's end
        Event after = events.next();
        if (after instanceof DocumentStartEvent) {
            throw new ConfigException(place(after), "one document", "a second one ('---')", "give each its own file");
        }
        return root;
    }

    private YamlNode node(Event event, int depth) {
        if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
            throw new ConfigException(place(event), "at most %s levels and %s values".formatted(MAX_DEPTH, MAX_NODES),
                    "more", "cut the file into several");
        }
        YamlNode node = switch (event) {
            case AliasEvent alias -> Optional.ofNullable(anchors.get(alias.getAlias()))
                    .orElseThrow(() -> new ConfigException(place(alias), "an anchor defined before",
                            "*" + alias.getAlias().getValue(), "define it with &" + alias.getAlias().getValue()));
            case ScalarEvent scalar ->
                    new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), scalar.getTag(), place(event));
            case CollectionStartEvent start when start.getEventId() == Event.ID.SequenceStart -> items(start, depth);
            case CollectionStartEvent start -> entries(start, depth);
            default -> throw new IllegalStateException("a YAML node begins with no " + event);
        };
        if (!(event instanceof AliasEvent) && event instanceof NodeEvent named) {
            named.getAnchor().ifPresent(anchor -> anchors.put(anchor, node));
        }
        return node;
    }

    private YamlNode items(CollectionStartEvent start, int depth) {
        List<YamlNode> items = new ArrayList<>();
        for (Event next = events.next(); next.getEventId() != Event.ID.SequenceEnd; next = events.next()) {
            items.add(node(next, depth + 1));
        }
        return new YamlNode.Items(items, start.getTag(), place(start));
    }

    private YamlNode entries(CollectionStartEvent start, int depth) {
        Map<String, YamlNode> entries = new LinkedHashMap<>();
        Map<String, YamlNode> merged = new LinkedHashMap<>();
        List<YamlNode.Repeated> repeated = new ArrayList<>();
        for (Event next = events.next(); next.getEventId() != Event.ID.MappingEnd; next = events.next()) {
            if (!(next instanceof ScalarEvent key)) {
                throw new ConfigException(place(next), "a text as a key", "a list, a mapping or an alias",
                        "write a text");
            }
            YamlNode value = node(events.next(), depth + 1);
            if (key.isPlain() && key.getValue().equals("<<")) {
                merge(value, merged);
            } else if (entries.put(key.getValue(), value) != null) {
                repeated.add(new YamlNode.Repeated(key.getValue(), place(key)));
            }
        }
        entries.forEach(merged::put);
        return new YamlNode.Entries(merged, repeated, start.getTag(), place(start));
    }

    private static void merge(YamlNode from, Map<String, YamlNode> into) {
        switch (from) {
            case YamlNode.Entries map -> map.entries().forEach(into::putIfAbsent);
            case YamlNode.Items list -> list.items().forEach(item -> merge(item, into));
            case YamlNode.Scalar text -> throw new ConfigException(text.place(), "a mapping to merge",
                    "'" + text.text() + "'", "write <<: *ANCHOR");
        }
    }

    private String place(Event event) {
        return event.getStartMark().map(mark -> "%s:%s:%s".formatted(name, mark.getLine() + 1, mark.getColumn() + 1))
                .orElse(name);
    }

    private static String oneLine(String message) {
        return String.valueOf(message).replaceAll("\\s+", " ").strip();
    }
}
