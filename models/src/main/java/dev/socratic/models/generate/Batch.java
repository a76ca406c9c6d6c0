package dev.socratic.models.generate;

import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Draws;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Answers that are written together, row by row of one cache. For one thread.
///
/// Beside other rows, sums are rounded elsewhere: where two tokens are about equally likely (to some 1e-6), an answer
/// may take another turn.
final class Batch implements AutoCloseable {
    private final Decoder decoder;
    private final long[] ends;
    private final Optional<Drafter> drafter;
    private List<Answer> rows = List.of();
    private Optional<Decoding> cache = Optional.empty();

    /// @param ends    ids that end an answer
    /// @param drafter who drafts, where anybody does
    Batch(Decoder decoder, long[] ends, Optional<Drafter> drafter) {
        this.drafter = drafter;
        this.decoder = decoder;
        this.ends = ends.length == 0 ? new long[] {-1} : ends; // no token is -1
    }

    /// @param prompts of which everything is read, one for each answer; they are taken over
    void join(List<Answer> answers, List<Decoding> prompts) {
        if (answers.isEmpty()) {
            return;
        }
        rows = Stream.concat(rows.stream(), answers.stream()).toList();
        Decoding all = cache.orElseGet(prompts::getFirst);
        List<Decoding> others = prompts.stream().filter(prompt -> prompt != all).toList();
        all.join(others);
        others.forEach(Decoding::close);
        cache = Optional.of(all);
    }

    /// @return what rows share with the beginning of a text
    Stream<Decoding.Shared> lenders(long[] text) {
        return cache.stream().flatMap(decoding -> IntStream.range(0, rows.size()).boxed()
                .flatMap(row -> Scheduler.shared(text, rows.get(row), decoding, row)));
    }

    /// @return a copy of what a row has read, if it can be lent to others
    Optional<Decoding> copy(Answer answer) {
        int row = rows.indexOf(answer);
        int tokens = answer.ids().length;
        return cache.filter(decoding -> decoding.lends(row, tokens, tokens + 1)).map(decoding -> decoding.copy(row));
    }

    /// Gives the last row up that is not finished.
    Optional<Answer> giveUp() {
        Optional<Answer> last = rows.reversed().stream().filter(row -> !row.finished()).findFirst();
        last.ifPresent(answer -> keep(IntStream.range(0, rows.size())
                .filter(row -> rows.get(row) != answer && !rows.get(row).finished()).toArray()));
        return last;
    }

    long bytes() {
        return cache.map(Decoding::bytes).orElse(0L) + drafter.map(Drafter::bytes).orElse(0L);
    }

    /// @return bytes that so many more tokens may take
    long needed(int steps) {
        int most = Math.max(steps, drafter.map(Drafter::most).orElse(0));
        return cache.map(decoding -> decoding.needed(most)).orElse(0L);
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
        if (cache.isEmpty()) {
            return;
        }
        Decoding decoding = cache.get();
        if (drafter.isPresent()) {
            draft(decoding, drafter.get());
            return;
        }
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

    private void draft(Decoding decoding, Drafter by) {
        Map<Answer, Integer> open = new LinkedHashMap<>(); // an answer equals itself only
        IntStream.range(0, rows.size()).filter(row -> !rows.get(row).finished())
                .forEach(row -> open.put(rows.get(row), row));
        by.advance(decoding, open);
        open.forEach((answer, row) -> {
            if (answer.finished()) {
                decoding.finish(row);
            }
        });
    }

    /// Frees the rows of answers that are finished.
    void dropFinished() {
        int[] open = IntStream.range(0, rows.size()).filter(row -> !rows.get(row).finished()).toArray();
        if (open.length < rows.size()) {
            keep(open);
        }
    }

    private void keep(int[] some) {
        List<Answer> kept = IntStream.of(some).mapToObj(rows::get).toList();
        drafter.ifPresent(by -> rows.stream().filter(row -> !kept.contains(row)).forEach(by::forget));
        if (some.length == 0) {
            close();
            return;
        }
        cache.orElseThrow().keep(some);
        rows = kept;
    }

    @Override
    public void close() {
        cache.ifPresent(Decoding::close);
        cache = Optional.empty();
        drafter.ifPresent(Drafter::close);
        rows = List.of();
    }
}
