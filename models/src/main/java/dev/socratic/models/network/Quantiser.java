package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.Optional;

/// Makes matrices of few bits of the loaded ones, one after the other, so that one at a time is in memory in both
/// forms.
///
/// Of 4 bits are those within layers whose rows divide into groups. Embedding and head, on which every token hangs,
/// and those that do not divide are of 8 bits; norms, biases, learned positions and routers stay as they are. Where the
/// layers are NF4, embedding and head stay as they are too, as with bitsandbytes.
final class Quantiser implements AutoCloseable {
    /// Numbers that share a step and a middle, 5 bits a weight in all. Measured in `docs/LOG.md`.
    static final int GROUP = 32;

    private final Program program;
    private final Quantization wanted;

    Quantiser(NDManager manager, Quantization wanted) {
        this.program = Program.resource(manager, Quantiser.class, "/programs/quantise.ts.py");
        this.wanted = wanted;
    }

    /// @return how a place is to be kept; empty where it stays as it is
    Optional<Weight.Scheme> scheme(Span span) {
        return scheme(wanted, span);
    }

    /// @return the same of these bits
    static Optional<Weight.Scheme> scheme(Quantization wanted, Span span) {
        if (!span.quantisable()) {
            return Optional.empty();
        }
        return switch (wanted) {
            case NONE -> Optional.empty();
            case INT8 -> Optional.of(new Weight.Scheme.Int8());
            case INT4 -> Optional.of(span.layer().isPresent() && span.in() % GROUP == 0
                    ? new Weight.Scheme.Int4(GROUP) : new Weight.Scheme.Int8());
            case NF4 -> span.layer().isEmpty() ? Optional.empty()
                    : Optional.of(Weight.Scheme.Nf4.fits(span.out(), span.in())
                    ? new Weight.Scheme.Nf4() : new Weight.Scheme.Int8());
        };
    }

    /// @param values float32, closed here
    /// @param flat   whether the matrix lies as `[in, out]`
    /// @return the same to half a step
    Weight.Quantised of(NDArray values, boolean flat, Weight.Scheme scheme) {
        NDManager owner = values.getManager();
        try (values) {
            // What is made outside of a graph can never enter one, and factors beside the matrix learn through it.
            NDList made = switch (scheme) {
                case Weight.Scheme.Int8 ignored -> program.withGraph("quantise8", Arg.of(values), Arg.of(flat));
                case Weight.Scheme.Int4(int group) ->
                        program.withGraph("quantise4", Arg.of(values), Arg.of(flat), Arg.of(group));
                case Weight.Scheme.Nf4 ignored -> program.withGraph("quantise_normal", Arg.of(values), Arg.of(flat),
                        Arg.of(NormalFloat.book(owner)));
            };
            made.forEach(array -> array.attach(owner));
            return new Weight.Quantised(made.getFirst(), made.subList(1, made.size()), scheme);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
