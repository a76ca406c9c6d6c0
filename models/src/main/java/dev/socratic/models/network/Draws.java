package dev.socratic.models.network;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// How the next tokens of each row are drawn, row by row.
///
/// To a program it is one list of arrays and one of flags ([#settings]), which it hands to `draw` of `sampler.ts.py`
/// as they are, with the number of the step, from 0. Nobody but that method and [DrawSettings] knows what is in them.
///
/// @param rows at least one, each with as many random numbers as the others
public record Draws(List<Row> rows) {
    /// Below, the likeliest token has all the weight there is (`sampler.ts.py` says the same).
    private static final double LEAST_TEMPERATURE = 1e-5;

    public Draws {
        rows = List.copyOf(rows);
        if (rows.stream().anyMatch(row -> row.mask().length > 0) && rows.getFirst().uniforms().length > 1) {
            throw new IllegalArgumentException("draws: one step where a row has a mask, which holds for one token; "
                    + "got " + rows.getFirst().uniforms().length);
        }
    }

    /// All rows in one way.
    ///
    /// @param uniforms in [0, 1), `[batch][steps]`
    public Draws(Sampling sampling, double[][] uniforms) {
        this(Arrays.stream(uniforms).map(row -> new Row(sampling, row, Text.UNKNOWN)).toList());
    }

    /// All rows in one way, with penalties for what stands in their prompts.
    ///
    /// @param uniforms in [0, 1), `[batch][steps]`
    public Draws(Sampling sampling, double[][] uniforms, List<long[]> prompts) {
        this(IntStream.range(0, uniforms.length).mapToObj(row -> new Row(sampling, uniforms[row],
                new Text(prompts.get(row), new long[0]))).toList());
    }

    /// How one row is drawn.
    ///
    /// @param uniforms in [0, 1), one a token
    /// @param text     what stands before
    /// @param late     ids that may not come yet
    /// @param mask     which tokens may come next, 64 of them a number, the lowest bit first; empty for all
    /// @param notes    who wants log-probabilities
    public record Row(Sampling sampling, double[] uniforms, Text text, Late late, long[] mask,
            Optional<Notes> notes) {
        public Row {
            if (text.equals(Text.UNKNOWN) && !sampling.penalties().equals(Penalties.NONE)) {
                throw new IllegalArgumentException("penalties: a row whose text is known; got none; leave "
                        + "repetition_penalty, presence_penalty and frequency_penalty out");
            }
        }

        /// Nothing ruled out, nothing noted.
        public Row(Sampling sampling, double[] uniforms, Text text) {
            this(sampling, uniforms, text, Late.NONE, new long[0], Optional.empty());
        }

        boolean drawn() {
            return sampling.temperature() >= LEAST_TEMPERATURE;
        }

        boolean narrowed() {
            return drawn() && (sampling.topP() < 1 || sampling.topK() > 0 || sampling.minP() > 0
                    || sampling.typicalP() < 1);
        }

        /// @return the same for one token, by the last of its numbers
        Row last() {
            return new Row(sampling, new double[] {uniforms[uniforms.length - 1]}, text, late, mask, notes);
        }

        private Row first(int steps) {
            return new Row(sampling, Arrays.copyOf(uniforms, steps), text, late, mask, notes);
        }

        private Row after(long[] tokens) {
            return new Row(sampling, Arrays.copyOfRange(uniforms, tokens.length, uniforms.length),
                    text.and(tokens), late.after(tokens.length), mask, notes);
        }
    }

    /// What stands in a row already.
    public record Text(long[] prompt, long[] answer) {
        /// Of a row without penalties nobody needs to know it.
        public static final Text UNKNOWN = new Text(new long[0], new long[0]);

        private Text and(long[] tokens) {
            if (this == UNKNOWN) {
                return this;
            }
            long[] longer = Arrays.copyOf(answer, answer.length + tokens.length);
            System.arraycopy(tokens, 0, longer, answer.length, tokens.length);
            return new Text(prompt, Arrays.stream(longer).filter(token -> token >= 0).toArray());
        }
    }

    /// @param ids   tokens that may not come
    /// @param steps for how many more tokens
    public record Late(long[] ids, int steps) {
        public static final Late NONE = new Late(new long[0], 0);

        private Late after(int tokens) {
            return new Late(ids, Math.max(0, steps - tokens));
        }
    }

    /// Who is told of each token that is drawn, in their order. Tokens drawn behind the end of a row are told, too.
    ///
    /// @param likeliest how many likely tokens beside it, from 0
    public record Notes(int likeliest, Consumer<Noted> reader) {}

    /// What was noted of one token of one row: logarithms of the model's own distribution, `softmax(logits)`, before
    /// anything a [Sampling] does.
    ///
    /// @param logProb   of the token that was drawn
    /// @param likeliest ids, the likeliest first
    /// @param logProbs  theirs
    public record Noted(float logProb, long[] likeliest, float[] logProbs) {}

    /// @return tokens a row, at most
    public int steps() {
        return rows.getFirst().uniforms().length;
    }

    /// @return the same for the first steps only
    public Draws first(int steps) {
        return new Draws(rows.stream().map(row -> row.first(steps)).toList());
    }

    /// @param tokens what was drawn in the first steps, `[batch][steps]`
    /// @return the same for the steps that are left
    public Draws after(long[][] tokens) {
        return new Draws(IntStream.range(0, rows.size()).mapToObj(row -> rows.get(row).after(tokens[row])).toList());
    }

    /// @param manager owner of the arrays
    DrawSettings settings(NDManager manager) {
        return DrawSettings.of(rows, manager);
    }
}
