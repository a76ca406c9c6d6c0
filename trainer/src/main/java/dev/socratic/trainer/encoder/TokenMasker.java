package dev.socratic.trainer.encoder;

import dev.socratic.trainer.config.Masking;
import dev.socratic.trainer.data.TokenRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Hides tokens of a micro-batch, others each time it is read, as a [Masking] says.
public final class TokenMasker {
    private TokenMasker() {}

    /// @param rows of text that end with the last control id
    /// @param seed of this reading
    public static MaskedBatch hide(
            Masking masking, List<TokenRow> rows, ControlIds control, MaskingWeights weights, long seed) {
        int seq = 1 + rows.stream().mapToInt(row -> row.ids().length).max().orElseThrow();
        long[] ids = new long[rows.size() * seq];
        long[] lengths = new long[rows.size()];
        java.util.Arrays.fill(ids, control.pad());
        List<Draw> draws = new ArrayList<>();
        Random random = new Random(seed);
        long tokens = 0;
        for (int r = 0; r < rows.size(); r++) {
            int[] text = rows.get(r).ids();
            ids[r * seq] = control.cls();
            for (int i = 0; i < text.length; i++) {
                int place = r * seq + 1 + i;
                ids[place] = text[i];
                double likely = weights.of(text[i]);
                if (likely > 0) {
                    draws.add(new Draw(place, Math.log(1 - random.nextDouble()) / likely));
                }
            }
            lengths[r] = 1 + text.length;
            tokens += lengths[r];
        }
        // The largest of u^(1/w) are a draw without replacement with weights w (Efraimidis & Spirakis 2006); here their
        // logarithms.
        long[] places = draws.stream()
                .sorted(Comparator.comparingDouble(Draw::key).reversed())
                .limit((long) Math.ceil(masking.mlmProbability() * tokens))
                .mapToLong(Draw::place)
                .sorted()
                .toArray();
        long[] labels = new long[places.length];
        for (int i = 0; i < places.length; i++) {
            int place = Math.toIntExact(places[i]);
            labels[i] = ids[place];
            double what = random.nextDouble();
            if (what < masking.maskReplace()) {
                ids[place] = control.mask();
            } else if (what < masking.maskReplace() + masking.randomReplace()) {
                ids[place] = random.nextInt(weights.vocab());
            }
        }
        return new MaskedBatch(rows.size(), seq, ids, lengths, places, labels);
    }

    private record Draw(int place, double key) {}
}
