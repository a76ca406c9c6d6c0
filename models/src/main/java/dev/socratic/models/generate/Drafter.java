package dev.socratic.models.generate;

import dev.socratic.models.network.Decoder;
import dev.socratic.models.network.Decoding;
import dev.socratic.models.network.Speculation;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// A small model that drafts answers for a large one, which checks them: what it has read of each answer, and how much
/// of what it drafted stood. For one thread, but for the counts.
final class Drafter implements AutoCloseable {
    private final Speculation speculation;
    private final Counts counts;
    private final Map<Answer, Written> answers = new IdentityHashMap<>();

    /// What a model's drafters have drafted so far, and how much of it stood.
    record Counts(AtomicLong drafted, AtomicLong stood) {
        Counts() {
            this(new AtomicLong(), new AtomicLong());
        }
    }

    /// @param behind what the small model has not read
    private record Written(Decoding decoding, long[] behind) {}

    /// @param tokens drafted at once
    Drafter(Decoder draft, int tokens, Counts counts) {
        this.speculation = new Speculation(draft, tokens);
        this.counts = counts;
    }

    /// Draws the next tokens of answers, of each as if it were alone: several of those that can be drafted, one of the
    /// others.
    ///
    /// @param rows which row of the decoding each is
    void advance(Decoding target, Map<Answer, Integer> rows) {
        List<Answer> drafting = rows.keySet().stream().filter(Answer::drafts).toList();
        List<Answer> others = rows.keySet().stream().filter(answer -> !answer.drafts()).toList();
        if (!drafting.isEmpty()) {
            List<Speculation.Step> steps = speculation.advance(drafting.stream()
                    .map(answer -> row(target, rows.get(answer), answer, answers.computeIfAbsent(answer, this::begun)))
                    .toList());
            for (int i = 0; i < steps.size(); i++) {
                take(drafting.get(i), steps.get(i));
            }
        }
        if (!others.isEmpty()) {
            long[] tokens = speculation.plain(others.stream()
                    .map(answer -> row(target, rows.get(answer), answer, new Written(target, new long[0]))).toList());
            for (int i = 0; i < tokens.length; i++) {
                take(others.get(i), new long[] {tokens[i]});
            }
        }
    }

    private Speculation.Row row(Decoding target, int row, Answer answer, Written written) {
        return new Speculation.Row(target, row, written.decoding, answer.pending(), written.behind,
                answer.draws(speculation.uniforms()), answer.remaining());
    }

    private void take(Answer answer, Speculation.Step step) {
        counts.drafted.addAndGet(step.drafted());
        counts.stood.addAndGet(step.tokens().length - 1);
        answers.put(answer, new Written(answers.get(answer).decoding, step.behind()));
        take(answer, step.tokens());
    }

    private void take(Answer answer, long[] tokens) {
        answer.pending(false);
        for (long token : tokens) {
            answer.accept(token);
        }
        answer.pending(true);
        if (answer.finished()) {
            forget(answer);
        }
    }

    /// @return tokens that an answer may grow by at once
    int most() {
        return speculation.uniforms() / 2 + 1;
    }

    private Written begun(Answer answer) {
        return new Written(Decoding.start(speculation.draft(), List.of(answer.ids())), answer.pending());
    }

    /// Of an answer that leaves, or that goes on without a draft.
    void forget(Answer answer) {
        Optional.ofNullable(answers.remove(answer)).ifPresent(written -> written.decoding.close());
    }

    long bytes() {
        return answers.values().stream().mapToLong(written -> written.decoding.bytes()).sum();
    }

    @Override
    public void close() {
        answers.values().forEach(written -> written.decoding.close());
        answers.clear();
    }
}
