package dev.socratic.models.generate;

import dev.socratic.models.decoder.Decoder;
import dev.socratic.models.decoder.Decoding;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Runs answers together until all are finished.
///
/// The same answers in the same batch always give the same tokens. In another batch, sums are rounded elsewhere: where two tokens are about
/// equally likely (to some 1e-6), an answer may take another turn.
final class Batch {
    private final Decoder decoder;
    private final long[] ends;
    private final int chunk;

    /// @param ends  ids that end an answer
    /// @param chunk tokens drawn between two looks at stop texts, finished rows and interrupts
    Batch(Decoder decoder, long[] ends, int chunk) {
        this.decoder = decoder;
        this.ends = ends.length == 0 ? new long[] {-1} : ends; // no token is -1
        this.chunk = chunk;
    }

    /// @throws InterruptedException if the thread was interrupted between two chunks
    void run(List<Answer> answers) throws InterruptedException {
        List<Answer> rows = new ArrayList<>(answers);
        try (Decoding decoding = Decoding.start(decoder, rows.stream().map(Answer::prompt).toList())) {
            while (rows.stream().anyMatch(row -> !row.finished())) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("generation");
                }
                rows = shrunk(rows, decoding);
                advance(rows, decoding);
            }
        }
    }

    private void advance(List<Answer> rows, Decoding decoding) {
        int most = rows.stream().filter(row -> !row.finished()).mapToInt(Answer::remaining).max().orElseThrow();
        int steps = Math.min(chunk, Math.min(most, decoding.room()));
        double[][] uniforms = rows.stream().map(row -> row.uniforms(steps)).toArray(double[][]::new);
        double[] temperature = rows.stream().mapToDouble(row -> row.sampling().temperature()).toArray();
        double[] topP = rows.stream().mapToDouble(row -> row.sampling().topP()).toArray();
        long[][] tokens = decoding.advance(new Decoding.Draws(uniforms, temperature, topP), ends);
        for (int row = 0; row < rows.size(); row++) {
            for (int step = 0; step < steps && !rows.get(row).finished(); step++) {
                rows.get(row).accept(tokens[row][step]);
            }
            if (rows.get(row).finished()) {
                decoding.finish(row);
            }
        }
    }

    /// Copying the cache costs about one step, so a fifth of finished rows is worth it. Where no room is left, the rows with the longest
    /// prompts are finished, and dropping them drops padding of the others.
    private static List<Answer> shrunk(List<Answer> rows, Decoding decoding) {
        int[] open = IntStream.range(0, rows.size()).filter(row -> !rows.get(row).finished()).toArray();
        if (open.length * 5 > rows.size() * 4 && decoding.room() > 0) {
            return rows;
        }
        decoding.keep(open);
        return IntStream.of(open).mapToObj(rows::get).toList();
    }
}
