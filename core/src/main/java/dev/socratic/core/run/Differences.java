package dev.socratic.core.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/// What differs between what a stage was made of and what it would be made of now, in words.
final class Differences {
    private static final int SHOWN = 5;
    private static final int WIDTH = 60;

    private Differences() {}

    /// @return one reason per kind of difference; empty if there is none
    static List<String> between(String stage, Manifest.Basis then, Manifest.Basis now) {
        List<String> reasons = new ArrayList<>();
        if (!then.codeVersion().equals(now.codeVersion())) {
            reasons.add("the code changed: " + then.codeVersion() + " -> " + now.codeVersion());
        }
        List<String> values = new ArrayList<>();
        config(stage.replace('/', '.'), then.config(), now.config(), values);
        if (!values.isEmpty()) {
            reasons.add("the config changed: " + some(values));
        }
        reasons.addAll(byName("input", then.inputs(), now.inputs(), false));
        reasons.addAll(byName("seed", then.seeds(), now.seeds(), true));
        return reasons;
    }

    private static void config(String path, JsonNode then, JsonNode now, List<String> into) {
        if (Json.canonical(then).equals(Json.canonical(now))) {
            return;
        }
        if (then.isObject() && now.isObject()) {
            TreeSet<String> keys = new TreeSet<>();
            then.fieldNames().forEachRemaining(keys::add);
            now.fieldNames().forEachRemaining(keys::add);
            keys.forEach(key -> config(path + "." + key, then.path(key), now.path(key), into));
        } else if (then.isArray() && now.isArray() && then.size() == now.size()) {
            for (int i = 0; i < then.size(); i++) {
                config(path + "[" + i + "]", then.get(i), now.get(i), into);
            }
        } else {
            into.add(path + " " + change(then, now));
        }
    }

    /// Long values are cut so that what differs is in what is shown: two lists that begin alike would look the same
    /// otherwise.
    private static String change(JsonNode then, JsonNode now) {
        String before = value(then);
        String after = value(now);
        int same = 0;
        while (same < Math.min(before.length(), after.length()) && before.charAt(same) == after.charAt(same)) {
            same++;
        }
        int from = before.length() <= WIDTH && after.length() <= WIDTH ? 0 : Math.max(0, same - WIDTH / 4);
        return shown(before, from) + " -> " + shown(after, from);
    }

    private static String value(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return "nothing";
        }
        return node.isTextual() ? node.textValue() : Json.canonical(node);
    }

    private static String shown(String value, int from) {
        int to = Math.min(value.length(), from + WIDTH);
        return (from > 0 ? "..." : "") + value.substring(Math.min(from, to), to) + (to < value.length() ? "..." : "");
    }

    private static <V> List<String> byName(String kind, Map<String, V> then, Map<String, V> now, boolean show) {
        List<String> reasons = new ArrayList<>();
        TreeSet<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            if (!then.containsKey(name)) {
                reasons.add(kind + " " + name + " is new");
            } else if (!now.containsKey(name)) {
                reasons.add(kind + " " + name + " is gone");
            } else if (!Objects.equals(then.get(name), now.get(name))) {
                reasons.add(
                        kind + " " + name + " changed" + (show ? ": " + then.get(name) + " -> " + now.get(name) : ""));
            }
        }
        return reasons;
    }

    /// @return one reason for what is missing and one for what was changed
    static List<String> outputs(List<String> missing, List<String> changed) {
        List<String> reasons = new ArrayList<>();
        if (!missing.isEmpty()) {
            reasons.add("output " + some(missing) + (missing.size() == 1 ? " is" : " are") + " missing");
        }
        if (!changed.isEmpty()) {
            reasons.add("output " + some(changed) + (changed.size() == 1 ? " was" : " were") + " changed");
        }
        return reasons;
    }

    private static String some(List<String> all) {
        String shown = String.join(", ", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() <= SHOWN ? shown : shown + " and " + (all.size() - SHOWN) + " more";
    }
}
