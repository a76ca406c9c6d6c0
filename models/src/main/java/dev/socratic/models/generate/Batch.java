package dev.socratic.models.generate;

import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Answers that are written together, row by row of one cache. For one thread.
///
/// The same answers in the same batch always give the same tokens. In another batch, sums are rounded elsewhere: where
/// two tokens are about equally likely (to some 1e-6), an answer may take another turn.
final class Batch implements AutoCloseable {
    private final Decoder decoder;
    private final long[] ends;
    private List<Answer> rows = List.of();
    private Optional<Decoding> cache = Optional.empty();

    /// @param ends ids that end an answer
    Batch(Decoder decoder, long[] ends) {
        this.decoder = decoder;
        this.ends = ends.length == 0 ? new long[] {-1} : ends; // no token is -1
    }

    /// Writes answers to their ends.
    ///
    /// @param chunk tokens drawn between two looks at stop texts, finished rows and interrupts
    /// @throws InterruptedException if the thread was interrupted between two chunks
    void run(List<Answer> answers, int chunk) throws InterruptedException {
        join(answers);
        while (open() > 0) {
            if (Thread.interrupted()) {
                throw new InterruptedException("generation");
            }
            advance(chunk);
        }
    }

    /// Reads the prompts of further answers, at least one.
    void join(List<Answer> answers) {
        keepOpen(true);
        Decoding fresh = Decoding.start(decoder, answers.stream().map(Answer::prompt).toList());
        if (cache.isEmpty()) {
            cache = Optional.of(fresh);
            rows = List.copyOf(answers);
            return;
        }
        try (fresh) {
            cache.get().join(fresh);
        }
        rows = Stream.concat(rows.stream(), answers.stream()).toList();
    }

    /// @return answers that are not finished
    int open() {
        return (int) rows.stream().filter(row -> !row.finished()).count();
    }

    List<Answer> rows() {
        return rows;
    }

    /// Draws up to `chunk` tokens of every row that is not finished.
    void advance(int chunk) {
        keepOpen(false);
        if (cache.isEmpty()) {
            return;
        }
        Decoding decoding = cache.get();
        int most = rows.stream().filter(row -> !row.finished()).mapToInt(Answer::remaining).max().orElseThrow();
        int ahead = rows.stream().filter(row -> !row.finished()).mapToInt(Answer::ahead).min().orElseThrow();
        int steps = Math.min(Math.min(chunk, ahead), Math.min(most, decoding.room()));
        long[][] tokens = decoding.advance(new Draws(rows.stream().map(row -> row.draws(steps)).toList()), ends);
        for (int row = 0; row < rows.size(); row++) {
            for (int step = 0; step < steps && !rows.get(row).finished(); step++) {
                rows.get(row).accept(tokens[row][step]);
            }
            if (rows.get(row).finished()) {
                decoding.finish(row);
            }
        }
    }

    /// Drops finished rows. Copying the cache costs about one step, so a fifth of them is worth it. Where no room is
    /// left, the rows with the longest prompts are finished, and dropping them drops padding of the others.
    ///
    /// @param all also fewer than a fifth, for the cache is copied anyway
    private void keepOpen(boolean all) {
        int[] open = IntStream.range(0, rows.size()).filter(row -> !rows.get(row).finished()).toArray();
        if (open.length == 0) {
            close();
        } else if (all && open.length < rows.size() || open.length * 5 <= rows.size() * 4
                || cache.orElseThrow().room() == 0) {
            cache.orElseThrow().keep(open);
            rows = IntStream.of(open).mapToObj(rows::get).toList();
        }
    }

    @Override
    public void close() {
        cache.ifPresent(Decoding::close);
        cache = Optional.empty();
        rows = List.of();
    }
}
