package dev.socratic.core.config;

import dev.socratic.core.config.ConfigNode.Entries;
import dev.socratic.core.error.Problem;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/// What a record says of components that a config leaves out, and what it comes to beside what the config writes.
///
/// @param problems takes what is wrong with a default's text
record Defaults(List<Problem> problems) {
    /// @param around where the record stands, the place of all that is not written
    /// @return what `@Default` says
    Optional<ConfigNode> of(RecordComponent component, Place around) {
        return Optional.ofNullable(component.getAnnotation(Default.class))
                .map(Default::value)
                .map(text -> YamlTree.parse(text, around, problems));
    }

    /// @return what is written, with the defaults of the keys it leaves out
    ConfigNode under(ConfigNode written, RecordComponent component, Place around) {
        return of(component, around).map(fallback -> over(fallback, written, component)).orElse(written);
    }

    /// @param around what is written, the keys of other components too
    /// @return the part of it that is an [Inline] component's
    Entries inlined(Entries around, RecordComponent component) {
        List<String> own = Names.components(component.getType());
        Entries written = Entries.of(
                around.entries().stream().filter(entry -> own.contains(entry.key())).toList(), around.place(), true);
        return (Entries) under(written, component, around.place());
    }

    private static ConfigNode over(ConfigNode fallback, ConfigNode written, RecordComponent component) {
        if (!component.getType().isRecord()) {
            return Overrides.over(fallback, written);
        }
        return switch (written) {
            // What was not written key by key keeps the default key by key.
            case Entries keys -> Overrides.over(fallback, Entries.of(keys.entries(), keys.place(), true));
            case ConfigNode.Text text when text.nothing() -> fallback;
            case ConfigNode.Text text -> text;
            case ConfigNode.Items items -> items;
        };
    }
}
