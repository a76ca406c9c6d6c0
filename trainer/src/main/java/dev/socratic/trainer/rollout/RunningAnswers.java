package dev.socratic.trainer.rollout;

import dev.socratic.core.text.Sampling;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// The answers of a step, written together: *continuous batching* (Yu et al. 2022, Orca), with the weights that learn.
///
/// Prompts join while the cache has room, those of one prompt are read once, and an answer that has ended leaves, so
/// that what is left is not slowed down by it. What is drawn of an answer depends on its own numbers alone, but for the
/// rounding of sums.
///
/// @param sampling    how each token is drawn
/// @param eos         ids that end an answer; they are part of it
/// @param cacheTokens positions that the cache may hold, prompts and answers at their longest; one answer always fits
/// @param notes       whether log-probabilities are kept
record RunningAnswers(Decoder decoder, Sampling sampling, long[] eos, long cacheTokens, boolean notes) {
    /// Tokens drawn between two looks at who has ended.
    private static final int CHUNK = 16;

    /// An answer as it grows.
    static final class Answer {
        private final long[] prompt;
        private final double[] uniforms;
        private final long[] ids;
        private final float[] logProbs;
        private int tokens;
        private boolean ended;
        private Optional<Answer> next = Optional.empty();

        /// @param uniforms in [0, 1), one for each token it may have
        Answer(long[] prompt, double[] uniforms) {
            this.prompt = prompt;
            this.uniforms = uniforms;
            this.ids = new long[uniforms.length];
            this.logProbs = new float[uniforms.length];
        }

        long[] prompt() {
            return prompt;
        }

        long[] written() {
            return Arrays.copyOf(ids, tokens);
        }

        /// @return log-probability of each token when it was drawn, by the model's own distribution; no
        ///         numbers where they are not kept
        float[] logProbs() {
            return Arrays.copyOf(logProbs, tokens);
        }

        boolean ended() {
            return ended;
        }

        /// @param read what stands between this turn and the next
        /// @param most longest row, in tokens
        /// @return the next turn, of the tokens that are left of the answer; empty where there is no room
        Optional<Answer> then(long[] read, int most) {
            long[] before = LongStream.concat(LongStream.concat(Arrays.stream(prompt), Arrays.stream(written())),
                    Arrays.stream(read)).toArray();
            int left = Math.min(uniforms.length - tokens, most - before.length);
            next = left < 1 ? Optional.empty()
                    : Optional.of(new Answer(before, Arrays.copyOfRange(uniforms, tokens, tokens + left)));
            return next;
        }

        /// @return this turn and those behind it
        List<Answer> turns() {
            List<Answer> all = new ArrayList<>(List.of(this));
            next.ifPresent(one -> all.addAll(one.turns()));
            return all;
        }

        private long room() {
            return prompt.length + uniforms.length;
        }

        private int left() {
            return ended ? 0 : uniforms.length - tokens;
        }

        boolean open() {
            return left() > 0;
        }

        void accept(long token, float logProb, long[] eos) {
            if (left() > 0) {
                ids[tokens] = token;
                logProbs[tokens++] = logProb;
                ended = Arrays.stream(eos).anyMatch(end -> end == token);
            }
        }
    }

    /// Writes all of them to their ends.
    void write(Collection<Answer> answers) {
        Deque<Answer> waiting = new ArrayDeque<>(answers);
        List<Answer> running = new ArrayList<>();
        Optional<Decoding> batch = Optional.empty();
        try {
            while (!waiting.isEmpty() || !running.isEmpty()) {
                batch = joined(batch, waiting, running);
                advance(batch.orElseThrow(), running);
                batch = leave(batch.orElseThrow(), running);
            }
        } finally {
            batch.ifPresent(Decoding::close);
        }
    }

    private Optional<Decoding> joined(Optional<Decoding> batch, Deque<Answer> waiting, List<Answer> running) {
        List<Answer> next = new ArrayList<>();
        long held = running.stream().mapToLong(Answer::room).sum();
        while (!waiting.isEmpty()
                && (held + waiting.peek().room() <= cacheTokens || running.isEmpty() && next.isEmpty())) {
            held += waiting.peek().room();
            next.add(waiting.remove());
        }
        if (next.isEmpty()) {
            return batch;
        }
        Decoding read = Decoding.start(decoder, next.stream().map(Answer::prompt).toList());
        running.addAll(next);
        if (batch.isEmpty()) {
            return Optional.of(read);
        }
        batch.get().join(read);
        read.close();
        return batch;
    }

    private void advance(Decoding batch, List<Answer> running) {
        int steps = Math.min(CHUNK, running.stream().mapToInt(Answer::left).min().orElseThrow());
        List<List<Draws.Noted>> noted = running.stream().<List<Draws.Noted>>map(one -> new ArrayList<>()).toList();
        long[][] drawn = batch.advance(new Draws(IntStream.range(0, running.size()).mapToObj(row -> {
            Answer one = running.get(row);
            return new Draws.Row(sampling, Arrays.copyOfRange(one.uniforms, one.tokens, one.tokens + steps),
                    new Draws.Text(one.prompt, one.written()), Draws.Late.NONE, new long[0],
                    notes ? Optional.of(new Draws.Notes(0, noted.get(row)::add)) : Optional.empty());
        }).toList()), eos);
        for (int row = 0; row < running.size(); row++) {
            for (int step = 0; step < steps && drawn[row][step] >= 0; step++) {
                running.get(row).accept(drawn[row][step], notes ? noted.get(row).get(step).logProb() : Float.NaN, eos);
            }
        }
    }

    private static Optional<Decoding> leave(Decoding batch, List<Answer> running) {
        int[] open = IntStream.range(0, running.size()).filter(row -> running.get(row).left() > 0).toArray();
        if (open.length == running.size()) {
            return Optional.of(batch);
        }
        running.removeIf(answer -> answer.left() == 0);
        if (open.length == 0) {
            batch.close();
            return Optional.empty();
        }
        batch.keep(open);
        return Optional.of(batch);
    }
}
