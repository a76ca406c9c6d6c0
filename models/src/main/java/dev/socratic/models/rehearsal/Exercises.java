package dev.socratic.models.rehearsal;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Quantization;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.checkpoint.LoraConfig;
import dev.socratic.models.checkpoint.LoraTargets;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FileArrays;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Gradients;
import dev.socratic.models.engine.Program;
import dev.socratic.models.engine.Program.Arg;
import dev.socratic.models.network.Change;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Distribution;
import dev.socratic.models.network.Draws;
import dev.socratic.models.network.Encoder;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.Head;
import dev.socratic.models.network.KeptStreams;
import dev.socratic.models.network.Padded;
import dev.socratic.models.network.RecomputedPass;
import dev.socratic.models.network.Rows;
import dev.socratic.models.network.SharedPass;
import dev.socratic.models.network.Speculation;
import dev.socratic.models.network.Tap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Work that reaches every function of the programs of this module: each family reads, is tapped, writes and learns;
/// adapted and quantised weights; encoders; distributions.
public final class Exercises {
    private static final int[] LENGTHS = {36, 23};
    private static final String PLAIN = "llama_bias";
    private static final Sampling NARROW = new Sampling(0.8, 0.9, 20, 0.01, 0.9,
            new Penalties(1.1, 0.1, 0.1), Map.of(3, 2.0));

    private final SmallModels models;

    private Exercises(SmallModels models) {
        this.models = models;
    }

    /// @param folder where small models are written
    public static List<Exercise> all(Path folder) {
        Exercises all = new Exercises(new SmallModels(folder));
        List<Exercise> exercises = new ArrayList<>();
        for (String name : SmallModels.names()) {
            exercises.add(new Exercise(name, EncoderConfig.isOf(all.models.of(name))
                    ? (compute, manager) -> all.encoder(name, manager)
                    : (compute, manager) -> all.decoder(name, compute, manager)));
        }
        exercises.add(new Exercise("changed layers", all::changes));
        exercises.add(new Exercise("low-rank factors", all::adapted));
        exercises.add(new Exercise("8 bits", (compute, manager) -> all.quantised(Quantization.INT8, compute, manager)));
        exercises.add(new Exercise("4 bits", (compute, manager) -> all.quantised(Quantization.INT4, compute, manager)));
        exercises.add(new Exercise("NF4", (compute, manager) -> all.quantised(Quantization.NF4, compute, manager)));
        exercises.add(new Exercise("layers over devices", all::spread));
        exercises.add(new Exercise("distributions", (compute, manager) -> distributions(manager)));
        exercises.add(new Exercise("formulas", (compute, manager) -> formulas(manager)));
        return List.copyOf(exercises);
    }

    /// What there is on a processor only, whose matrices lie as its own products want them: no device computes it too.
    ///
    /// @param folder where small models are written
    public static List<Exercise> ofTheProcessor(Path folder) {
        SmallModels models = new SmallModels(folder);
        return List.of(new Exercise("4 bits in blocks", (compute, manager) -> fours(manager)),
                new Exercise("packed", (compute, manager) -> {
            for (String name : List.of(PLAIN, "gpt2")) {
                try (Decoder decoder = Decoder.load(models.of(name), manager, compute.weights(), compute.compute())
                        .packed(); NDManager step = manager.newSubManager()) {
                    reads(decoder, step);
                    writes(decoder);
                }
            }
        }), new Exercise("unpacked", (compute, manager) -> {
            try (Program program = Program.resource(manager, Decoder.class, "/programs/unpacked.ts.py");
                    NDManager step = manager.newSubManager()) {
                Arg ones = Arg.of(step.ones(new Shape(4, 4)));
                program.run("packed_product", ones, ones);
                program.run("packed_product_and_bias", ones, ones, Arg.of(step.ones(new Shape(4))));
            }
        }));
    }

    /// Few rows are multiplied by the kernel, many by the matrix.
    private static void fours(NDManager manager) {
        try (Program quantise = Program.resource(manager, Decoder.class, "/programs/quantise.ts.py");
                Program product = Program.resources(manager, Decoder.class,
                        List.of("/programs/random.ts.py", "/programs/linear.ts.py", "/programs/unpacked.ts.py"));
                NDManager step = manager.newSubManager()) {
            NDList made = quantise.run("quantise4", Arg.of(step.ones(new Shape(64, 32))), Arg.of(false), Arg.of(32));
            NDArray blocks = quantise.run("block4", Arg.of(made.get(0))).singletonOrThrow();
            for (Shape rows : List.of(new Shape(1, 32), new Shape(1, 65, 32))) {
                product.run("linear", Arg.of(step.ones(rows)), Arg.of(List.of(blocks, made.get(1))),
                        Arg.of(0), Arg.of(48));
            }
        }
    }

    private void decoder(String name, Compute compute, NDManager manager) {
        try (Decoder decoder = Decoder.load(models.of(name), manager, compute.weights(), compute.compute());
                NDManager step = manager.newSubManager()) {
            reads(decoder, step);
            writes(decoder);
            drafts(decoder);
            shares(decoder, step);
        }
        learns(name, compute, manager);
    }

    /// With and without everything that can be looked at on the way.
    private static void reads(Decoder decoder, NDManager step) {
        NDArray ids = ids(step, decoder.config().vocab()); // [batch, seq]
        decoder.forward(ids, LENGTHS, Set.of(), false);
        decoder.forward(ids, LENGTHS, taps(decoder.config().layers()), false);
        decoder.forward(endToEnd(step, decoder.config().vocab()), false);
    }

    /// The same rows without padding.
    private static Rows endToEnd(NDManager step, int vocab) {
        return Rows.of(new Padded(ids(step, vocab).toLongArray(), LENGTHS, LENGTHS[0], Padded.Side.RIGHT), true, step);
    }

    /// Rows that begin alike.
    private static void shares(Decoder decoder, NDManager step) {
        new SharedPass(decoder).run(List.of(new SharedPass.Row(new long[] {1, 2, 3}, 1),
                new SharedPass.Row(new long[] {1, 2, 4, 5}, 1)), step, (states, places) -> { });
    }

    /// The way back with its layers run again, which wait in files.
    private void again(Decoder decoder, NDManager step) {
        decoder.trainable(true);
        try (FileArrays files = new FileArrays(step, models.of(PLAIN).resolveSibling("streams"));
                KeptStreams kept = KeptStreams.onDisk(files, decoder.compute())) {
            NDArray page = files.zeros("page", new Shape(2, 3), DataType.FLOAT32, step);
            files.unmap(page);
            files.map("page", page);
            RecomputedPass pass = RecomputedPass.run(decoder,
                    new Rows(ids(step, decoder.config().vocab()), LENGTHS, Optional.empty()),
                    taps(decoder.config().layers()), List.of(), kept);
            Gradients.backward(pass.signals().states(), step.ones(pass.signals().states().getShape()));
            pass.signals().taps().values().forEach(signal ->
                    Gradients.backward(signal, step.ones(signal.getShape())));
            pass.backward();
        }
    }

    private static Set<Tap> taps(int layers) {
        Set<Tap> taps = new HashSet<>(Set.of(new Tap.Embedding()));
        for (int layer = 0; layer < layers; layer++) {
            taps.addAll(List.of(new Tap.Hidden(layer), new Tap.Queries(layer), new Tap.Keys(layer),
                    new Tap.Values(layer), new Tap.Scores(layer), new Tap.Probabilities(layer)));
        }
        return taps;
    }

    private static void writes(Decoder decoder) {
        List<long[]> prompts = List.of(new long[] {1, 2, 3, 4, 5}, new long[] {6, 7});
        try (Decoding first = Decoding.start(decoder, prompts);
                Decoding second = Decoding.start(decoder, List.of(new long[] {8, 9, 10}))) {
            first.advance(new Draws(Sampling.GREEDY, uniforms(2)), new long[] {});
            first.join(second);
            first.advance(narrow(3), new long[] {});
            first.keep(new int[] {2, 0, 0});
            first.write(new long[] {11, 12, 13});
            first.drawMixed(first, new boolean[] {true, false, true}, new double[] {0.3, 0.6, 0.9});
            shares(decoder, first);
        }
    }

    /// A row that begins as the second of three does, which is held once for both where the family can.
    private static void shares(Decoder decoder, Decoding three) {
        long[] text = {1, 2, 3, 4, 6, 7};
        if (three.lends(1, 4, text.length)) {
            try (Decoding fourth = Decoding.begin(decoder, text, text.length,
                    Optional.of(new Decoding.Shared(three, 1, 4)), 1_000)) {
                fourth.read(text.length);
                three.join(fourth);
                three.advance(new Draws(Sampling.GREEDY, uniforms(4)), new long[] {});
            }
        }
    }

    private static double[][] uniforms(int rows) {
        return IntStream.range(0, rows).mapToObj(row -> new double[] {0.1 + 0.3 * row, 0.7}).toArray(double[][]::new);
    }

    /// Everything that can be asked of a draw, of one token, for which a mask holds.
    /// A draft of its own, and what comes of it.
    private static void drafts(Decoder decoder) {
        List<long[]> prompt = List.of(new long[] {1, 2, 3});
        try (Decoding large = Decoding.start(decoder, prompt); Decoding small = Decoding.start(decoder, prompt)) {
            Speculation speculation = new Speculation(decoder, 2);
            speculation.advance(List.of(new Speculation.Row(large, 0, small, new long[0], new long[0],
                    new Draws.Row(new Sampling(0.8, 0.9), new double[speculation.uniforms()], Draws.Text.UNKNOWN), 3)));
        }
    }

    private static Draws narrow(int rows) {
        return new Draws(Arrays.stream(uniforms(rows)).map(row -> new Draws.Row(NARROW, new double[] {row[0]},
                new Draws.Text(new long[] {1, 2}, new long[] {3}), new Draws.Late(new long[] {5}, 1),
                new long[] {0x7fff_ffff_ffff_fffdL, -1}, Optional.of(new Draws.Notes(2, noted -> { })))).toList());
    }

    /// Float32 weights, whatever is computed in.
    private void learns(String name, Compute compute, NDManager manager) {
        try (Decoder decoder = Decoder.load(models.of(name), manager, FloatType.FLOAT32, compute.compute())) {
            learns(decoder, manager);
        }
    }

    private static void learns(Decoder decoder, NDManager manager) {
        try (NDManager step = manager.newSubManager()) {
            decoder.trainable(true);
            NDArray ids = ids(step, decoder.config().vocab()); // [batch, seq]
            decoder.forward(endToEnd(step, decoder.config().vocab()), true);
            NDArray states = decoder.forward(ids, LENGTHS, Set.of(), true).states(); // [batch, seq, hidden]
            NDArray flat = states.reshape(-1, decoder.config().hidden()).stopGradient(); // [tokens, hidden]
            back(Head.of(decoder), flat, step);
        }
    }

    /// Through the head and back, and once with the head as it is.
    private static void back(Head head, NDArray states, NDManager step) {
        Head.Pass pass = head.pass(states, step);
        NDArray slope = pass.logits().softmax(-1); // [tokens, vocab]
        pass.back(slope, head.gradients(step), step);
        head.frozen(states);
    }

    private void changes(Compute compute, NDManager manager) {
        try (Decoder decoder = Decoder.load(models.of(PLAIN), manager, compute.weights(), compute.compute());
                Decoder other = Decoder.load(models.of(PLAIN), manager, compute.weights(), compute.compute());
                NDManager step = manager.newSubManager()) {
            NDArray ids = ids(step, decoder.config().vocab()); // [batch, seq]
            NDArray like = step.ones(new Shape(2, LENGTHS[0], decoder.config().hidden()));
            NDArray places = step.create(new long[] {3, 5}); // [n]
            decoder.forward(ids, LENGTHS, Set.of(), List.of(new Change.Added(like),
                    new Change.Swapped(0, places, like, step.create(new long[] {1, 2})),
                    new Change.Replaced(1, other, 0, 1)), false);
            again(decoder, step);
        }
    }

    private void adapted(Compute compute, NDManager manager) {
        try (Decoder base = Decoder.load(models.of(PLAIN), manager, compute.weights(), compute.compute());
                Decoder decoder = base.adapted(LoraConfig.of("", 4, 8, List.of()), new LoraTargets.AllLinear(), 1)) {
            learns(decoder, manager);
            writes(decoder);
        }
        learns(compute, manager, LoraConfig.of("", 4, 8, List.of()), new LoraTargets.AllLinear());
        LoraConfig rows = new LoraConfig("", 4, 8, List.of(), false, false, Map.of(), Map.of(), true);
        learns(compute, manager, rows, new LoraTargets.AllLinear());
        learns(compute, manager, LoraConfig.of("", 4, 8, List.of()), new LoraTargets.Modules(List.of("embed_tokens")));
    }

    private void learns(Compute compute, NDManager manager, LoraConfig factors, LoraTargets targets) {
        try (Decoder base = Decoder.load(models.of(PLAIN), manager, compute.weights(), compute.compute());
                Decoder decoder = base.adapted(factors, targets, 1); NDManager step = manager.newSubManager()) {
            learns(decoder, manager);
            decoder.forward(ids(step, decoder.config().vocab()), LENGTHS, Set.of(),
                    List.of(new Change.Dropped(0.5, 1)), false);
        }
    }

    /// Twice the same one: there is work at the border all the same.
    private void spread(Compute compute, NDManager manager) {
        Compute twice = new Compute(compute.device(), compute.weights(), compute.compute(), compute.deterministic(),
                List.of(compute.device()));
        try (Decoder decoder = Decoder.load(models.of(PLAIN), manager, twice);
                NDManager step = manager.newSubManager()) {
            reads(decoder, step);
            writes(decoder);
            shares(decoder, step);
        }
    }

    private void quantised(Quantization bits, Compute compute, NDManager manager) {
        for (String name : List.of(PLAIN, "gpt2")) {
            try (Decoder decoder = Decoder.load(models.of(name), manager, compute.weights(), compute.compute(),
                    bits); NDManager step = manager.newSubManager()) {
                reads(decoder, step);
                writes(decoder);
                NDArray flat = step.ones(new Shape(3, decoder.config().hidden()));
                Head.of(decoder).pass(flat, step).back(
                        step.ones(new Shape(3, decoder.config().vocab())), List.of(), step);
            }
        }
    }

    private void encoder(String name, NDManager manager) {
        try (Encoder encoder = Encoder.load(models.of(name), manager); NDManager step = manager.newSubManager()) {
            NDArray ids = ids(step, encoder.config().vocab()); // [batch, seq]
            NDArray lengths = step.create(new long[] {LENGTHS[0], LENGTHS[1]}); // [batch]
            encoder.forward(ids, lengths, taps(encoder.config().layers()), false);
            encoder.trainable(true);
            NDArray states = encoder.forward(ids, lengths, Set.of(), true).states(); // [batch, seq, hidden]
            back(Head.of(encoder), states.reshape(-1, encoder.config().hidden()).stopGradient(), step);
        }
    }

    private static void distributions(NDManager manager) {
        try (Distribution distribution = new Distribution(manager); NDManager step = manager.newSubManager()) {
            NDArray logits = step.arange(60f).mul(0.37f).sin().mul(4).reshape(5, 12); // [tokens, vocab]
            NDArray labels = step.create(new long[] {0, 3, 11, 5, 7}); // [tokens]
            NDArray logP = distribution.logProbabilities(logits, 1.5, 10).getFirst(); // [tokens, 10]
            distribution.topK(logP, 3);
            distribution.ranked(logP, labels.clip(0, 9).toType(DataType.INT64, false));
            distribution.labelLogProbability(logits, labels);
            distribution.isArgmax(logits, labels);
            distribution.labelled(logits, step.create(new long[] {0, 1, 1}), step.create(new long[] {4, 0, 3}));
            distribution.select(logits.reshape(1, 5, 12), step.create(new long[] {4, 0}));
        }
    }

    /// What programs of other modules take from the texts of this one, and what is called of rare checkpoints only.
    private static void formulas(NDManager manager) {
        try (Program texts = Program.resources(manager, Decoder.class,
                List.of(Distribution.TEXT, "/programs/mapped.ts.py")); NDManager step = manager.newSubManager()) {
            NDArray logits = step.arange(60f).mul(0.37f).sin().mul(4).reshape(5, 12); // [tokens, vocab]
            NDArray labels = step.create(new long[] {0, 3, 11, 5, 7}); // [tokens]
            NDArray logP = texts.run("finite_log_softmax", Arg.of(logits)).singletonOrThrow(); // [tokens, vocab]
            texts.run("stats", Arg.of(logP), Arg.of(labels));
            texts.run("named_and_rest", Arg.of(logP), Arg.of(labels.reshape(5, 1)));
            NDArray apart = texts.run("kl", Arg.of(logP), Arg.of(logP.flip(0))).singletonOrThrow(); // [tokens]
            texts.run("total", Arg.of(apart));
            texts.run("rounded", Arg.of(logits), Arg.of(FloatType.BFLOAT16.number()));
        }
    }

    private static NDArray ids(NDManager step, int vocab) {
        long[][] rows = new long[LENGTHS.length][LENGTHS[0]];
        for (int row = 0; row < rows.length; row++) {
            for (int i = 0; i < LENGTHS[row]; i++) {
                rows[row][i] = (17L * row + 7L * i + 3) % vocab;
            }
        }
        return step.create(rows);
    }
}
