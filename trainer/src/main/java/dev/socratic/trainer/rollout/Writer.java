package dev.socratic.trainer.rollout;

import dev.socratic.core.seed.Seeds;
import dev.socratic.models.decoder.Decoder;
import dev.socratic.models.decoder.Decoding;
import dev.socratic.trainer.batch.MicroBatch;
import dev.socratic.trainer.batch.TokenRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Continues the prompts of micro-batches with a decoder.
///
/// @param maxNewTokens longest answer
/// @param temperature  of the drawing; 0 takes the likeliest
/// @param topP         of the drawing
/// @param eos          ids that end an answer; they are part of it
/// @param maxSeq       longest row, in tokens
record Writer(int maxNewTokens, double temperature, double topP, long[] eos, int maxSeq) {

    /// @param seed of these draws
    /// @return the prompts with new answers, every token of which counts; empty where no prompt leaves room
    Optional<MicroBatch> answers(MicroBatch batch, Decoder decoder, long seed) {
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
            double[] temperatures = filled(temperature, prompts.size());
            long[][] written = decoding.advance(new Decoding.Draws(uniforms, temperatures, filled(topP, prompts.size())), eos);
            List<TokenRow> rows = new ArrayList<>();
            for (int i = 0; i < written.length; i++) {
                rows.add(row(prompts.get(i), written[i]));
            }
            return Optional.of(MicroBatch.of(rows));
        }
    }

    /// Everything before the first token that counts.
    static List<long[]> prompts(MicroBatch batch) {
        List<long[]> prompts = new ArrayList<>();
        long last = -1;
        for (long place : batch.positions()) {
            long row = place / batch.seq();
            if (row != last) {
                prompts.add(Arrays.copyOfRange(batch.ids(), (int) row * batch.seq(), (int) place + 1));
                last = row;
            }
        }
        return prompts;
    }

    private static TokenRow row(long[] prompt, long[] written) {
        int length = 0;
        while (length < written.length && written[length] >= 0) {
            length++;
        }
        int[] ids = new int[prompt.length + length];
        boolean[] counts = new boolean[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Math.toIntExact(i < prompt.length ? prompt[i] : written[i - prompt.length]);
            counts[i] = i >= prompt.length;
        }
        return new TokenRow(ids, counts);
    }

    private static double[] filled(double value, int count) {
        double[] values = new double[count];
        Arrays.fill(values, value);
        return values;
    }

    static long seed(long seed, long step, int batch) {
        return Seeds.derive(seed, "rollout", Long.toString(step), Integer.toString(batch));
    }
}
