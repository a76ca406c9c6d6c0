package dev.socratic.trainer.masked;

import dev.socratic.core.config.Default;
import dev.socratic.trainer.batch.TokenRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/// Hides tokens of a micro-batch, others each time it is read.
///
/// `ceil(share * tokens)` places are drawn without replacement, each with the odds of its token; of these, `hidden`
/// become the mask, `random` another token, each alike likely, and the rest stay as they are but are asked for all
/// the same. Source: Devlin et al. 2018, arXiv:1810.04805, 3.1.
///
/// @param share     of the tokens that are asked for
/// @param hidden    share of these that become the mask
/// @param random    share of these that become another token
/// @param smoothing see [TokenOdds]
public record Masking(
        @Default("0.15") double share, @Default("0.8") double hidden, @Default("0.1") double random,
        @Default("0.7") double smoothing) {
    /// As DistilBERT was trained.
    public static final Masking USUAL = new Masking(0.15, 0.8, 0.1, 0.7);

    public Masking {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "share must be above 0 and at most 1; got %s; 0.15 is usual".formatted(share));
        }
        if (!(hidden >= 0 && random >= 0 && hidden + random <= 1)) {
            throw new IllegalArgumentException(
                    "hidden and random are shares of the tokens asked for, together at most 1; got %s and %s".formatted(
                            hidden, random));
        }
        if (!(smoothing >= 0)) {
            throw new IllegalArgumentException(
                    "smoothing must be at least 0, which hides every token alike; got %s".formatted(smoothing));
        }
    }

    /// @param rows of text that end with the last control id
    /// @param seed of this reading
    public MaskedBatch hide(List<TokenRow> rows, ControlIds control, TokenOdds odds, long seed) {
        int seq = 1 + rows.stream().mapToInt(row -> row.ids().length).max().orElseThrow();
        long[] ids = new long[rows.size() * seq];
        long[] lengths = new long[rows.size()];
        java.util.Arrays.fill(ids, control.pad());
        List<Draw> draws = new ArrayList<>();
        Random random = new Random(seed);
        long tokens = 0;
        for (int r = 0; r < rows.size(); r++) {
            int[] text = rows.get(r).ids();
            ids[r * seq] = control.first();
            for (int i = 0; i < text.length; i++) {
                int place = r * seq + 1 + i;
                ids[place] = text[i];
                double likely = odds.of(text[i]);
                if (likely > 0) {
                    draws.add(new Draw(place, Math.log(1 - random.nextDouble()) / likely));
                }
            }
            lengths[r] = 1 + text.length;
            tokens += lengths[r];
        }
        // The largest of u^(1/w) are a draw without replacement with odds w (Efraimidis & Spirakis 2006); here their
        // logarithms.
        long[] places = draws.stream()
                .sorted(Comparator.comparingDouble(Draw::key).reversed())
                .limit((long) Math.ceil(share * tokens))
                .mapToLong(Draw::place)
                .sorted()
                .toArray();
        long[] labels = new long[places.length];
        for (int i = 0; i < places.length; i++) {
            int place = Math.toIntExact(places[i]);
            labels[i] = ids[place];
            double what = random.nextDouble();
            if (what < hidden) {
                ids[place] = control.mask();
            } else if (what < hidden + this.random) {
                ids[place] = random.nextInt(odds.vocab());
            }
        }
        return new MaskedBatch(rows.size(), seq, ids, lengths, places, labels);
    }

    private record Draw(int place, double key) {}
}
