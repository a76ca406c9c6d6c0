package dev.socratic.curator.score;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.curator.config.ScoreConfig.PromptForm;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.store.KeyTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/// One local model that reads rows, `card().unit()` of them together, and each content once in the life of a run
/// folder. Rows are numbered as they come. Memory: about 200 bytes a score.
final class RowScorer implements AutoCloseable {
    private final String place;
    private final String name;
    private final PromptForm form;
    private final StepContext context;
    private final List<Row> rows = new ArrayList<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Map<KeyTable.Key, ScoreRequest> pending = new LinkedHashMap<>();
    private int pendingRows;
    private long kept;
    private Optional<Open> open = Optional.empty();
    private String asked = "";

    /// @param place of the step in messages
    /// @param name  of the model
    RowScorer(String place, String name, PromptForm form, StepContext context) {
        this.place = place;
        this.name = name;
        this.form = form;
        this.context = context;
    }

    private record Open(TextModel model, ScoreBook book) {}

    /// @param keys  of what was asked of it; none for a row that cannot be read
    /// @param unfit why it has no scores; empty where it has
    private record Row(List<KeyTable.Key> keys, Optional<String> unfit) {}

    /// What came of one row.
    sealed interface Outcome {
        record Scores(List<ContinuationScore> all) implements Outcome {}

        /// @param why in snake case: `too_long`, `no_answer`, `not_finite`
        record None(String why) implements Outcome {}
    }

    /// Asks for scores of a row.
    ///
    /// @param asks of what stands before its answer, and the answer
    void add(Candidate row, BiFunction<String, String, List<ScoreRequest>> asks) {
        Open opened = opened();
        String answer = row.answer();
        if (answer.isEmpty()) {
            rows.add(new Row(List.of(), Optional.of("no_answer")));
            return;
        }
        List<ScoreRequest> requests = asks.apply(before(row, opened.model()), answer);
        int longest = opened.model().card().contextTokens();
        if (requests.stream().anyMatch(request -> tokens(request, opened.model()) > longest)) {
            rows.add(new Row(List.of(), Optional.of("too_long")));
            return;
        }
        List<KeyTable.Key> keys = requests.stream().map(ScoreBook::key).toList();
        rows.add(new Row(keys, Optional.empty()));
        boolean added = false;
        for (int i = 0; i < keys.size(); i++) {
            if (opened.book().get(keys.get(i)).isEmpty() && !pending.containsKey(keys.get(i))) {
                pending.put(keys.get(i), requests.get(i));
                added = true;
            }
        }
        kept += added ? 0 : 1;
        pendingRows += added ? 1 : 0;
        if (pendingRows == opened.model().card().unit()) {
            read(opened);
        }
    }

    /// Tokens that the model reads for it; 0 where it does not tell.
    private static int tokens(ScoreRequest request, TextModel model) {
        int begun = request.context().isEmpty() ? 1 : 0;
        return model.tokens(request.context() + request.continuation()).orElse(-begun) + begun;
    }

    /// Reads what is left and lets go of the model and of the book, which the next step may want.
    void finish() {
        open.ifPresent(opened -> {
            read(opened);
            rows.forEach(row -> outcomes.add(outcome(row, opened.book())));
            if (kept > 0) {
                context.stage().progress().note("%s: %s of %s rows have their scores from before".formatted(place, kept,
                        rows.size()));
            }
        });
        close();
    }

    private void read(Open opened) {
        if (pending.isEmpty()) {
            return;
        }
        List<KeyTable.Key> keys = List.copyOf(pending.keySet());
        opened.book().keep(keys, opened.model().score(List.copyOf(pending.values())));
        pending.clear();
        pendingRows = 0;
        context.stage().progress().state("%s: %s rows read by %s".formatted(place, rows.size(), name));
    }

    /// @param row its number
    /// @return what came of it, once all are read
    Outcome get(int row) {
        return outcomes.get(row);
    }

    private static Outcome outcome(Row row, ScoreBook book) {
        if (row.unfit().isPresent()) {
            return new Outcome.None(row.unfit().get());
        }
        List<ContinuationScore> scores = row.keys().stream().map(key -> book.get(key).orElseThrow()).toList();
        if (scores.stream().anyMatch(score -> score.tokens() == 0)) {
            return new Outcome.None("no_answer");
        }
        return scores.stream().allMatch(score -> Double.isFinite(score.logProbability()))
                ? new Outcome.Scores(scores) : new Outcome.None("not_finite");
    }

    int rows() {
        return rows.size();
    }

    /// @return the model's name and content; empty before the first row
    String asked() {
        return asked;
    }

    private Open opened() {
        if (open.isEmpty()) {
            TextModel model = context.models().opener().open(name);
            try {
                if (!model.card().scores()) {
                    throw new ConfigException(place, "a model that scores text", "'%s', which only writes".formatted(
                            name), "take local weights: models: {%s: {weights: {path: FOLDER}}}".formatted(name));
                }
                open = Optional.of(new Open(model, ScoreBook.open(context.asked(), model.card())));
                asked = model.card().name() + " " + model.card().place();
            } catch (RuntimeException refused) {
                model.close();
                throw refused;
            }
        }
        return open.get();
    }

    private String before(Candidate row, TextModel model) {
        return Prompted.before(row, model, form).orElseThrow(() -> new ConfigException(place + ".prompt",
                "a model with a chat template", "'%s', which has none".formatted(name), "write prompt: plain"));
    }

    @Override
    public void close() {
        open.ifPresent(opened -> {
            opened.book().close();
            opened.model().close();
        });
        open = Optional.empty();
    }
}
