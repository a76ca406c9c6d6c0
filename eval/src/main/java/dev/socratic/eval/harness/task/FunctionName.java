package dev.socratic.eval.harness.task;

import dev.socratic.core.config.YamlNode;
import java.util.Optional;

/// A function of Python that a task names: `!function utils.process_docs` of a file in the folder `gpqa/n_shot` is
/// `gpqa/n_shot/utils.process_docs`.
///
/// @param folder in which the file stands that names it, with the folder above that
/// @param name   as it is written
/// @param place  file, line and column
public record FunctionName(String folder, String name, String place) {
    /// What marks one in YAML.
    public static final String TAG = "!function";

    static boolean is(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.tag().equals(Optional.of(TAG));
    }

    /// @param node with the tag
    static FunctionName of(YamlNode node) {
        YamlNode.Scalar scalar = (YamlNode.Scalar) node;
        String file = scalar.place().replaceAll(":\\d+:\\d+$", "").replace('\\', '/');
        int end = file.lastIndexOf('/');
        String parent = end < 0 ? "" : file.substring(0, end);
        int above = parent.lastIndexOf('/', parent.lastIndexOf('/') - 1);
        return new FunctionName(parent.substring(above + 1), scalar.text().strip(), scalar.place());
    }

    /// @return how an equivalent is found
    public String key() {
        return folder + "/" + name;
    }
}
