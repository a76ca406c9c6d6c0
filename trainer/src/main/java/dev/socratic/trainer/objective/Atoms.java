package dev.socratic.trainer.objective;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    /// @return `kl {"direction":"forward","skew":0.1}`, with every argument that is given
    public static String text(Object atom, Class<?> family) {
        JsonNode tree = ConfigWriter.tree(atom, family);
        if (tree.isTextual()) {
            return tree.textValue();
        }
        ObjectNode arguments = tree.elements().next().deepCopy();
        arguments.properties().removeIf(argument -> argument.getValue().isNull());
        return tree.fieldNames().next() + " " + arguments;
    }
}
