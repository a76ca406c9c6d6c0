package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Weights as they are read fastest where nothing is learned: matrices that read the same states are joined into one,
/// and each is laid out for the products of the processor, where it has such products in the type that is computed in.
/// A head that is the embedding becomes a matrix of its own, for blocks cannot be looked up in; routers stay as they
/// are, for which expert a token goes to hangs on their last digits.
///
/// What was given is used up: each matrix is closed once it is laid out anew, so that one at a time is there twice.
final class Packing implements AutoCloseable {
    private static final List<String> PACKED = List.of("/programs/packed.ts.py");
    /// That the kernel for 4 bits takes together.
    private static final int ROWS = 64;
    private static final Map<Part, List<Part>> JOINED = Map.of(
            Part.QUERY_KEY_VALUE, List.of(Part.QUERY, Part.KEY, Part.VALUE),
            Part.GATE_UP, List.of(Part.GATE, Part.UP));

    private final ModelConfig config;
    private final FloatType compute;
    private final NDManager own;
    private final Optional<Program> blocks;
    private final Optional<Program> fours;
    /// Of the embedding, which a head with factors of its own may stand for too.
    private List<NDArray> table = List.of();

    /// @param own owner of what is made
    Packing(ModelConfig config, FloatType compute, NDManager own) {
        this.config = config;
        this.compute = compute;
        this.own = own;
        this.blocks = own.getDevice().isGpu() ? Optional.empty() : blocks(own, compute);
        this.fours = own.getDevice().isGpu() ? Optional.empty() : fours(own);
    }

    /// Places and what lies in them.
    record Packed(List<Span> spans, Map<String, Weight> weights) {
        /// @return whether anything lies in blocks
        boolean inBlocks() {
            return weights.values().stream().anyMatch(weight -> weight.base() instanceof Weight.Packed);
        }
    }

    /// @return the program, if this libtorch has the operators and they multiply numbers of this type here
    private static Optional<Program> blocks(NDManager own, FloatType type) {
        Program program;
        try {
            program = Program.resources(own, Packing.class, PACKED);
        } catch (IllegalStateException unknownOperators) {
            return Optional.empty();
        }
        try (NDManager scope = own.newSubManager()) {
            NDArray ones = scope.ones(new Shape(32, 32));
            NDArray product = program.run("packed_trial", Arg.of(ones), Arg.of(type.number())).singletonOrThrow();
            if (product.eq(32f).all().getBoolean()) {
                return Optional.of(program);
            }
        } catch (IllegalStateException unknownType) {
            // float16 on a processor without such products
        }
        program.close();
        return Optional.empty();
    }

    /// @param weights of a decoder, by name; what is packed of them is closed
    Packed of(Map<String, Weight> weights) {
        List<Span> spans = new ArrayList<>(
                WeightPlan.of(config).spans().stream().filter(span -> !isEmbedding(span, weights)).toList());
        Map<String, Weight> all = new LinkedHashMap<>(weights);
        table = all.get(WeightPlan.name(config, Part.EMBEDDING)).matrix();
        JOINED.forEach((part, parts) -> {
            if (joins(parts, spans, all)) {
                join(part, parts, spans, all);
            }
        });
        if (blocks.isPresent()) {
            ownHead(weights).ifPresent(head -> {
                all.put(head.weight().name(), head(weights));
                spans.add(head);
            });
            spans.stream().filter(span -> span.product() && span.part() != Part.ROUTER).forEach(span ->
                    all.computeIfPresent(span.weight().name(), (name, weight) -> packed(weight, span)));
        }
        return new Packed(List.copyOf(spans), all);
    }

    /// @return whether a span is a head that stands for the embedding, without arrays of its own
    private boolean isEmbedding(Span span, Map<String, Weight> weights) {
        return span.part() == Part.HEAD && !weights.containsKey(span.weight().name());
    }

    /// @return the place of a head that has been the embedding until now
    private Optional<Span> ownHead(Map<String, Weight> weights) {
        return WeightPlan.of(config).spans().stream().filter(span -> isEmbedding(span, weights)).findFirst();
    }

    /// Codes of 8 bits serve both; plain numbers are there twice.
    private Weight head(Map<String, Weight> weights) {
        return switch (weights.get(WeightPlan.name(config, Part.EMBEDDING))) {
            case Weight.Dense dense -> new Weight.Packed(block(dense.values(), false));
            case Weight.Quantised some -> new Weight.Packed(some.matrix(), Optional.of(some.scheme()));
            case Weight.Packed ignored -> throw new IllegalStateException("an embedding is not packed");
            case Weight.Adapted ignored -> throw new IllegalStateException("an embedding is not adapted");
        };
    }

    /// A part that is adapted anywhere stays by itself: its factors are its own; and so does one of NF4, whose scales
    /// have a mean of their own. Queries and keys that are normed as a whole are parts of no joined product.
    private boolean joins(List<Part> parts, List<Span> spans, Map<String, Weight> weights) {
        boolean normed = parts.contains(Part.QUERY) && config.attention().headNorm() == Attention.HeadNorm.WHOLE;
        Set<Part> there = spans.stream().map(Span::part).collect(Collectors.toSet());
        Set<Span.Form> forms = new HashSet<>();
        boolean adapted = false;
        for (Span span : spans) {
            if (parts.contains(span.part())) {
                Weight weight = weights.get(span.weight().name());
                forms.add(Span.Form.of(weight));
                adapted |= weight instanceof Weight.Adapted;
            }
        }
        boolean own = adapted || forms.stream().anyMatch(form -> form.numbers() == Span.Numbers.NORMAL);
        return !normed && there.containsAll(parts) && forms.size() == 1 && !own;
    }

    private void join(Part part, List<Part> parts, List<Span> spans, Map<String, Weight> weights) {
        for (int layer = 0; layer < config.layers(); layer++) {
            int number = layer;
            List<Span> some = spans.stream()
                    .filter(span -> parts.contains(span.part()) && span.layer().orElse(-1) == number).toList();
            if (!some.isEmpty()) { // a sparse layer has no gate
                Span joint = joint(part, some);
                weights.put(joint.weight().name(), joined(some, weights));
                joint.bias().ifPresent(bias -> weights.put(bias.name(), new Weight.Dense(
                        concat(some.stream().map(span -> weights.get(span.bias().orElseThrow().name()).matrix()
                                .getFirst()).toList(), 0))));
                spans.add(spans.indexOf(some.getFirst()), joint);
                spans.removeAll(some);
                for (Span span : some) {
                    weights.remove(span.weight().name());
                    span.bias().ifPresent(bias -> weights.remove(bias.name()));
                }
            }
        }
    }

    private static Span joint(Part part, List<Span> some) {
        Span first = some.getFirst();
        String module = some.stream().map(Span::module).collect(Collectors.joining("+"));
        long out = some.stream().mapToLong(Span::out).sum();
        Shape shape = first.transposed() ? new Shape(first.in(), out) : new Shape(out, first.in());
        return new Span(part, new WeightPlan.Entry(module + ".weight", shape, first.weight().start(), true),
                first.bias().map(bias -> new WeightPlan.Entry(module + ".bias", new Shape(out), bias.start(), true)),
                first.layer(), first.transposed());
    }

    private Weight joined(List<Span> some, Map<String, Weight> weights) {
        List<Weight> parts = some.stream().map(span -> weights.get(span.weight().name())).toList();
        return switch (parts.getFirst()) {
            case Weight.Dense ignored ->
                    new Weight.Dense(concat(arrays(parts, 0), some.getFirst().transposed() ? 1 : 0));
            case Weight.Quantised first -> new Weight.Quantised(concat(arrays(parts, 0), 0),
                    List.of(concat(arrays(parts, 1), scaleAxis(first.scheme()))), first.scheme());
            case Weight.Packed ignored -> throw new IllegalStateException("packed already");
            case Weight.Adapted ignored -> throw new IllegalStateException("factors belong to one matrix");
        };
    }

    /// @return the axis of the scales along which rows lie
    private static int scaleAxis(Weight.Scheme scheme) {
        return switch (scheme) {
            case Weight.Scheme.Int8 ignored -> 0;
            case Weight.Scheme.Int4 ignored -> 1;
            case Weight.Scheme.Nf4 ignored -> throw new IllegalStateException("scales have a mean of one matrix");
        };
    }

    private static List<NDArray> arrays(List<Weight> parts, int which) {
        return parts.stream().map(part -> part.matrix().get(which)).toList();
    }

    private NDArray concat(List<NDArray> parts, int axis) {
        NDArray all = NDArrays.concat(new NDList(parts), axis);
        all.attach(own);
        parts.forEach(NDArray::close);
        return all;
    }

    private Weight packed(Weight weight, Span span) {
        return switch (weight) {
            case Weight.Dense dense -> {
                NDArray blocked = block(dense.values(), span.transposed());
                if (table.stream().noneMatch(array -> array == dense.values())) {
                    dense.values().close();
                }
                yield new Weight.Packed(blocked);
            }
            case Weight.Adapted some -> adapted(some, span);
            case Weight.Quantised some -> packed(some);
            case Weight.Packed packed -> packed;
        };
    }

    /// Blocks cannot be added to, so what the rows are multiplied with is known before.
    private Weight adapted(Weight.Adapted some, Span span) {
        try (RowLengths lengths = new RowLengths(own)) {
            Optional<NDArray> stretch = some.magnitude().map(rows -> lengths.stretch(some, span, own));
            Weight base = packed(some.base(), span);
            return new Weight.Adapted(base, some.a(), some.b(), some.scale(),
                    base instanceof Weight.Packed ? stretch : some.magnitude());
        }
    }

    private Weight packed(Weight.Quantised some) {
        return switch (some.scheme()) {
            case Weight.Scheme.Int8 ignored -> new Weight.Packed(some.matrix(), Optional.of(some.scheme()));
            case Weight.Scheme.Int4 ignored -> fours.filter(program -> some.codes().getShape().get(0) % ROWS == 0)
                    .<Weight>map(program -> {
                NDArray blocks = program.runIn(own, "block4", Arg.of(some.codes())).singletonOrThrow();
                some.codes().close();
                return new Weight.Packed(List.of(blocks, some.scales().getFirst()), Optional.of(some.scheme()));
            }).orElse(some);
            case Weight.Scheme.Nf4 ignored -> some;
        };
    }

    /// @return the program, if this processor's kernel for 4 bits takes blocks of 64 rows
    private static Optional<Program> fours(NDManager own) {
        Program program = Program.resource(own, Packing.class, "/programs/quantise.ts.py");
        try (NDManager scope = own.newSubManager()) {
            NDArray codes = scope.arange(0, ROWS * 16, 1, DataType.INT32).toType(DataType.UINT8, false)
                    .reshape(ROWS, 16);
            NDList both = program.run("trial4", Arg.of(codes));
            if (both.get(0).contentEquals(both.get(1))) {
                return Optional.of(program);
            }
        }
        program.close();
        return Optional.empty();
    }

    private NDArray block(NDArray values, boolean flat) {
        return blocks.orElseThrow().runIn(own, "pack", Arg.of(values), Arg.of(flat), Arg.of(compute.number()))
                .singletonOrThrow();
    }

    @Override
    public void close() {
        blocks.ifPresent(Program::close);
        fours.ifPresent(Program::close);
    }
}
