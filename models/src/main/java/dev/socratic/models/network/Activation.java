package dev.socratic.models.network;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The bend of the feed-forward part. The program knows each by its place in this list.
public enum Activation {
    /// x * sigmoid(x)
    SILU("silu", "swish"),
    /// x * normal cumulative distribution of x
    GELU("gelu"),
    /// The same by the tanh approximation.
    GELU_TANH("gelu_pytorch_tanh", "gelu_new", "gelu_fast"),
    /// max(x, 0)
    RELU("relu");

    private final List<String> names;

    Activation(String... names) {
        this.names = List.of(names);
    }

    /// @return what `config.json` calls it
    public String label() {
        return names.getFirst();
    }

    static Optional<Activation> of(String name) {
        return Arrays.stream(values()).filter(activation -> activation.names.contains(name)).findFirst();
    }

    static String known() {
        return String.join(", ", Arrays.stream(values()).flatMap(activation -> activation.names.stream()).toList());
    }
}
