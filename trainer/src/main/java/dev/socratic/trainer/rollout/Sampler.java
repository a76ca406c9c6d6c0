package dev.socratic.trainer.rollout;

import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import dev.socratic.trainer.data.MicroBatch;
import dev.socratic.trainer.data.TokenRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Continues the prompts of micro-batches with a decoder.
///
/// @param sampling     how each token is drawn
/// @param maxNewTokens longest answer
/// @param eos          ids that end an answer; they are part of it
/// @param maxSeq       longest row, in tokens
/// @param mix          the teacher, where it has a share of each token's distribution
record Sampler(Sampling sampling, int maxNewTokens, long[] eos, int maxSeq, Optional<Mix> mix) {
    /// @param teacher      writes with the student
    /// @param teacherShare its share of each token's distribution
    record Mix(Decoder teacher, double teacherShare) {}

    /// @param seed of these draws
    /// @return the prompts with new answers, every token of which is in the loss; empty where no prompt leaves room
    Optional<MicroBatch> sample(MicroBatch batch, Decoder decoder, long seed) {
        List<long[]> prompts = prompts(batch).stream().filter(prompt -> prompt.length < maxSeq).toList();
        if (prompts.isEmpty()) {
            return Optional.empty();
        }
        int longest = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
        try (Decoding decoding = Decoding.start(decoder, prompts)) {
            int steps = Math.min(Math.min(maxNewTokens, decoding.room()), maxSeq - longest);
            if (steps < 1) {
                return Optional.empty();
            }
            Random random = new Random(seed);
            double[][] uniforms = new double[prompts.size()][steps];
            for (double[] row : uniforms) {
                Arrays.setAll(row, i -> random.nextDouble());
            }
            long[][] sampled = mix.isPresent()
                    ? mixed(decoding, mix.get(), prompts, uniforms, random)
                    : decoding.advance(new Draws(sampling, uniforms, prompts), eos);
            List<TokenRow> rows = new ArrayList<>();
            for (int i = 0; i < sampled.length; i++) {
                rows.add(toRow(prompts.get(i), sampled[i]));
            }
            return Optional.of(MicroBatch.of(rows));
        }
    }

    /// Token by token from `(1-a) q + a p`: which of the two writes a token is drawn, then the token from that one's
    /// distribution.
    private long[][] mixed(Decoding decoding, Mix mix, List<long[]> prompts, double[][] uniforms, Random random) {
        long[][] sampled = new long[prompts.size()][uniforms[0].length];
        for (long[] row : sampled) {
            Arrays.fill(row, -1);
        }
        boolean[] done = new boolean[sampled.length];
        try (Decoding teaching = Decoding.start(mix.teacher(), prompts)) {
            for (int step = 0; step < Math.min(uniforms[0].length, teaching.room()); step++) {
                boolean[] theirs = new boolean[sampled.length];
                double[] now = new double[sampled.length];
                for (int row = 0; row < sampled.length; row++) {
                    theirs[row] = random.nextDouble() < mix.teacherShare();
                    now[row] = uniforms[row][step];
                }
                long[] tokens = decoding.drawMixed(teaching, theirs, now);
                for (int row = 0; row < sampled.length; row++) {
                    if (!done[row]) {
                        sampled[row][step] = tokens[row];
                        long token = tokens[row];
                        done[row] = Arrays.stream(eos).anyMatch(end -> end == token);
                    }
                }
                if (IntStream.range(0, done.length).allMatch(row -> done[row])) {
                    break;
                }
                decoding.write(tokens);
                teaching.write(tokens);
            }
        }
        return sampled;
    }

    /// Everything before the first loss token.
    static List<long[]> prompts(MicroBatch batch) {
        List<long[]> prompts = new ArrayList<>();
        long last = -1;
        for (long place : batch.lossPositions()) {
            long row = place / batch.seq();
            if (row != last) {
                prompts.add(Arrays.copyOfRange(batch.ids(), (int) row * batch.seq(), (int) place + 1));
                last = row;
            }
        }
        return prompts;
    }

    private static TokenRow toRow(long[] prompt, long[] sampled) {
        int length = 0;
        while (length < sampled.length && sampled[length] >= 0) {
            length++;
        }
        int[] ids = new int[prompt.length + length];
        boolean[] counts = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.toIntExact(i < prompt.length ? prompt[i] : sampled[i - prompt.length]);
            counts[i] = i >= prompt.length;
        }
        return new TokenRow(ids, counts);
    }

    static long seed(long seed, long step, int batch) {
        return Seeds.derive(seed, "rollout", Long.toString(step), Integer.toString(batch));
    }
}
