package dev.socratic.cli.serve;

import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What a model expects in rows of tokens, read a part at a time, so that answers are written between the parts and a
/// client that has gone costs one part at most.
final class Expected {
    /// Of a row in which nothing is predicted.
    static final Distributions NOTHING = new Distributions(0, new int[0], new float[0], new float[0], new float[0],
            new int[0], List.of());

    /// Tokens of a part, padding included.
    private static final long MOST_TOKENS = 1 << 13;

    private Expected() {}

    /// @param ids  tokens
    /// @param said of them; row by row one position fewer
    record Row(int[] ids, Distributions said) {}

    static List<Distributions> read(Answering answering, ServedRequest exchange, DistributionModel model,
            List<int[]> rows,
            int k) throws InterruptedException {
        List<Distributions> all = new ArrayList<>();
        for (int from = 0, to; from < rows.size(); from = to) {
            long longest = rows.get(from).length;
            to = from + 1;
            while (to < rows.size() && (to + 1 - from) * Math.max(longest, rows.get(to).length) <= MOST_TOKENS) {
                longest = Math.max(longest, rows.get(to++).length);
            }
            List<int[]> part = rows.subList(from, to);
            if (longest < 2) {
                part.forEach(row -> all.add(NOTHING));
            } else {
                all.addAll(answering.between(exchange, () -> model.distributions(part, k)));
            }
        }
        return all;
    }

    static int[] with(int[] row, int token) {
        int[] longer = Arrays.copyOf(row, row.length + 1);
        longer[row.length] = token;
        return longer;
    }

    /// @param said of the row and one token more, whichever
    /// @return the row with the likeliest next token, which takes the place of that one
    static Row next(int[] row, Distributions said) {
        int last = said.positions() - 1;
        int token = said.ids()[last * said.width()];
        float[] labels = said.labels().clone();
        labels[last] = said.logs()[last * said.width()];
        return new Row(with(row, token), new Distributions(said.width(), said.ids(), said.logs(), said.rest(), labels,
                said.ranks(), said.words()));
    }
}
