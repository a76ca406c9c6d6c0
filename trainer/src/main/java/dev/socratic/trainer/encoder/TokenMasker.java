package dev.socratic.trainer.encoder;

import dev.socratic.models.network.Padded;
import dev.socratic.trainer.config.Masking;
import dev.socratic.trainer.data.TokenRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/// Hides tokens of a micro-batch, others each time it is read, as a [Masking] says.
public final class TokenMasker {
    private TokenMasker() {}

    /// @param rows of text that end with the last control id
    /// @param seed of this reading
    public static MaskedBatch hide(
            Masking masking, List<TokenRow> rows, ControlIds control, MaskingWeights weights, long seed) {
        Padded text = Padded.of(rows.stream().map(row -> LongStream.concat(
                LongStream.of(control.cls()), Arrays.stream(row.ids()).asLongStream()).toArray()).toList(),
                Padded.Side.RIGHT, control.pad());
        long[] ids = text.ids();
        List<Draw> draws = new ArrayList<>();
        Random random = new Random(seed);
        for (int r = 0; r < text.rows(); r++) {
            for (int i = 1; i < text.lengths()[r]; i++) {
                int place = text.place(r, i);
                double likely = weights.of((int) ids[place]);
                if (likely > 0) {
                    draws.add(new Draw(place, Math.log(1 - random.nextDouble()) / likely));
                }
            }
        }
        // The largest of u^(1/w) are a draw without replacement with weights w (Efraimidis & Spirakis 2006); here their
        // logarithms.
        long[] places = draws.stream()
                .sorted(Comparator.comparingDouble(Draw::key).reversed())
                .limit((long) Math.ceil(masking.mlmProbability() * text.tokens()))
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
        return new MaskedBatch(text, places, labels);
    }

    private record Draw(int place, double key) {}
}
