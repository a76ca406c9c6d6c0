import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Quantization;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// How far a real model is from itself in float32, in each form its weights can be kept in: KL divergence a token in
/// nats, the share of positions with the same likeliest token, and perplexity, over the first tokens of a text in
/// pieces of 256. Packed as it answers.
///
///     bench/run bench/models/QuantisedQuality.java MODEL_FOLDER TEXT_FILE [TOKENS]
public final class QuantisedQuality {
    private static final int PIECE = 256;

    private record Form(String name, FloatType type, Quantization bits) {}

    private record Quality(double divergence, double same, double loss) {}

    public static void main(String[] args) throws IOException {
        Engines.threads(1);
        Path folder = Path.of(args[0]);
        int tokens = args.length > 2 ? Integer.parseInt(args[2]) : 2048;
        try (NDManager manager = Engines.manager(); Tokenizer tokenizer = Tokenizer.open(folder);
                Decoder exact = Decoder.load(folder, manager)) {
            long[] text = Arrays.copyOf(tokenizer.encode(Files.readString(Path.of(args[1])).substring(0, 6 * tokens)),
                    tokens);
            System.out.printf(Locale.ROOT, "float32: perplexity %.3f; %s%n",
                    Math.exp(quality(exact, exact, text, manager).loss()), exact.held().text());
            for (Form form : List.of(new Form("bfloat16", FloatType.BFLOAT16, Quantization.NONE),
                    new Form("float16", FloatType.FLOAT16, Quantization.NONE),
                    new Form("int8", FloatType.FLOAT32, Quantization.INT8),
                    new Form("int8, bfloat16", FloatType.BFLOAT16, Quantization.INT8),
                    new Form("int4", FloatType.FLOAT32, Quantization.INT4),
                    new Form("int4, bfloat16", FloatType.BFLOAT16, Quantization.INT4))) {
                try (Decoder other = Decoder.load(folder, manager, form.type(), form.type(), form.bits()).packed()) {
                    Quality quality = quality(exact, other, text, manager);
                    System.out.printf(Locale.ROOT, "%s: KL %.5f, same likeliest %.4f, perplexity %.3f; %s%n",
                            form.name(), quality.divergence(), quality.same(), Math.exp(quality.loss()),
                            other.held().text());
                }
            }
        }
    }

    private static Quality quality(Decoder exact, Decoder other, long[] text, NDManager manager) {
        double divergence = 0;
        double same = 0;
        double loss = 0;
        int pieces = text.length / PIECE;
        for (int piece = 0; piece < pieces; piece++) {
            try (NDManager step = manager.newSubManager()) {
                long[] ids = Arrays.copyOfRange(text, piece * PIECE, (piece + 1) * PIECE);
                NDArray one = logProbabilities(exact, ids, step); // [seq, vocab]
                NDArray two = logProbabilities(other, ids, step);
                divergence += one.exp().mul(one.sub(two)).sum().getFloat() / PIECE;
                same += (double) one.argMax(1).eq(two.argMax(1)).countNonzero().getLong() / PIECE;
                NDArray labels = step.create(Arrays.copyOfRange(ids, 1, PIECE)).reshape(-1, 1); // [seq - 1, 1]
                loss -= two.get("0:" + (PIECE - 1)).gather(labels, 1).mean().getFloat();
            }
        }
        return new Quality(divergence / pieces, same / pieces, loss / pieces);
    }

    private static NDArray logProbabilities(Decoder decoder, long[] ids, NDManager step) {
        NDArray states = decoder.forward(step.create(new long[][] {ids}), Set.of(), false).states();
        return decoder.logits(states, false).squeeze(0).logSoftmax(1); // [seq, vocab]
    }
}
