package dev.socratic.trainer.objective;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.config.ConfigWriter;

/// How atoms are named in messages: as a config writes them.
public final class Atoms {
    private Atoms() {}

    /// @param atom   a record of the family
    /// @param family the sealed interface it is read as
    /// @return `kl`, without arguments
    public static String name(Object atom, Class<?> family) {
        JsonNode tree = ConfigWriter.tree(atom, family);
        return tree.isTextual() ? tree.textValue() : tree.fieldNames().next();
    }

    /// @return `kl {"direction":"forward","skew":0.1}`, with every argument
    public static String text(Object atom, Class<?> family) {
        JsonNode tree = ConfigWriter.tree(atom, family);
        return tree.isTextual() ? tree.textValue() : tree.fieldNames().next() + " " + tree.elements().next();
    }
}
