package dev.socratic.trainer.logits.capture;

import ai.djl.ndarray.NDArray;
import dev.socratic.core.error.ConfigException;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.data.LazyTemplate;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Codec;
import dev.socratic.trainer.logits.StoreKernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// A teacher that says what it expects at every loss position, a chunk of them at a time.
sealed interface DistributionReader extends AutoCloseable permits LocalTeacher, ServedTeacher {

    /// @param compute where and in what numbers
    /// @return whoever the source names, ready to be asked
    static DistributionReader open(TeacherSource source, CaptureConfig asked, Compute compute) {
        CaptureConfig config = resolved(source, asked);
        return switch (source) {
            case TeacherSource.Weights weights -> new LocalTeacher(weights, config, compute);
            case TeacherSource.Served served -> {
                int context = served.model().card().contextTokens();
                if (context > 0) { // where the endpoint says
                    requireContext(context, config);
                }
                yield new ServedTeacher(served, config, compute);
            }
        };
    }

    /// @return width of a distribution: rows of the embedding that stand for no token are none of it
    int vocab();

    /// @return rows to tokens as the trainer does it
    RowEncoder encoder();

    StoreKernel kernel();

    /// Reads rows of similar length together. The same rows give the same numbers, whatever was read before.
    ///
    /// @param reader is handed every loss position once, those of a row one after the other
    void read(List<TokenRow> rows, Reader reader) throws InterruptedException;

    @Override
    void close();

    /// @return the same with its longest row told: what the teacher can read, at most what is read at once, and of a
    ///         served one what its answers hold
    static CaptureConfig resolved(TeacherSource source, CaptureConfig config) {
        return config.maxSeq().isPresent() ? config : config.withMaxSeq(Math.min(config.microTokens(), switch (source) {
            case TeacherSource.Weights weights -> ModelConfig.read(weights.folder()).context();
            case TeacherSource.Served served -> ServedTeacher.mostTokens(served.model(), config);
        }));
    }

    /// @param folder of the tokenizer's files and the chat template
    static RowEncoder encoder(Tokenizer tokenizer, Path folder, CaptureConfig config) {
        return new RowEncoder(tokenizer, new LazyTemplate(folder), config.bos().marks(folder, tokenizer),
                config.lossOn(),
                config.longest(),
                config.tooLong());
    }

    /// @param context of the teacher, in tokens
    /// @throws ConfigException where rows may be longer
    static void requireContext(int context, CaptureConfig config) {
        if (config.longest() - 1 > context) {
            throw new ConfigException("max_seq",
                    "at most %s, the teacher's context and the token predicted last".formatted(context + 1),
                    "%s".formatted(config.longest()), "write a smaller max_seq");
        }
    }

    /// @param most tokens together at most, padding included; a longer row comes alone
    /// @return which rows are read together, the shortest first
    static List<List<Integer>> groups(List<TokenRow> rows, long most) {
        List<Integer> order = IntStream.range(0, rows.size()).boxed()
                .sorted(Comparator.comparingInt(i -> rows.get(i).inputLength())).toList();
        List<List<Integer>> groups = new ArrayList<>();
        for (int from = 0, to; from < order.size(); from = to) {
            to = from + 1;
            while (to < order.size() && (long) (to + 1 - from) * rows.get(order.get(to)).inputLength() <= most) {
                to++;
            }
            groups.add(order.subList(from, to));
        }
        return groups;
    }

    /// Takes what the teacher says. Tensors live until it returns.
    interface Reader {
        void read(Slice slice);
    }

    /// @param predicted of each token
    /// @param rows      for each token, which of the rows it belongs to
    /// @param labels    what really follows, `[tokens]`
    record Slice(Predicted predicted, List<Integer> rows, long[] labels) {
        /// @return logarithms of probabilities, `[tokens, vocab]`
        NDArray logP() {
            return switch (predicted) {
                case Predicted.Full whole -> whole.logP();
                case Predicted.TopK ignored -> throw new IllegalStateException("only the likeliest are known");
            };
        }

        /// @param uniforms draws for each token, from 0 to below 1; read by `sampled` alone
        /// @return bytes of each position
        List<byte[]> encode(StoreKernel kernel, double[] uniforms, Codec codec) {
            return switch (predicted) {
                case Predicted.Full whole -> kernel.encode(whole.logP(), uniforms, codec);
                case Predicted.TopK named -> named.encode(codec);
            };
        }
    }

    /// What a teacher says of some tokens.
    sealed interface Predicted {
        /// @param logP `[tokens, vocab]`
        record Full(NDArray logP) implements Predicted {}

        /// The most likely alone.
        ///
        /// @param width        how many at each position
        /// @param ids          `[tokens, width]`, the most likely first
        /// @param logProbs     `[tokens, width]`
        /// @param tailLogProbs `[tokens]` logarithm of the mass of the others
        record TopK(int width, int[] ids, float[] logProbs, float[] tailLogProbs) implements Predicted {
            List<byte[]> encode(Codec codec) {
                List<byte[]> bytes = new ArrayList<>();
                for (int i = 0; i < tailLogProbs.length; i++) {
                    bytes.add(codec.topK(Arrays.copyOfRange(ids, i * width, (i + 1) * width),
                            Arrays.copyOfRange(logProbs, i * width, (i + 1) * width), tailLogProbs[i]));
                }
                return bytes;
            }
        }
    }
}
