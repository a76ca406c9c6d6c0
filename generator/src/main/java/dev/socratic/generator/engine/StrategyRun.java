package dev.socratic.generator.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowWriter;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.StageAsking;
import dev.socratic.generator.step.Subject;
import dev.socratic.generator.step.Uses;
import dev.socratic.generator.strategy.Strategy;
import dev.socratic.generator.verify.Check;
import dev.socratic.prompts.PromptTemplate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A strategy over a set of questions: conversations, their rows in the stage's files, and what was counted.
///
/// @param strategy what is done
/// @param asking   how, without the strategy's templates: they are read here
/// @param cast     the models by the name that roles have for them
/// @param checks   what an answer has to pass
/// @param samples  conversations of the last strategy about each question
public record StrategyRun(
        Strategy strategy, StageAsking asking, Map<String, Actor> cast, List<Check> checks, int samples) {
    /// Text that stands for what a user would say, to find what stands before it.
    private static final String MARK = "\u2063user\u2063";

    /// What came of it.
    ///
    /// @param kept         rows in the file of answers
    /// @param dropped      rows in the file of rejected ones, by reason
    /// @param failed       conversations without an answer they needed
    /// @param temporary    those of them that the next run goes on with
    /// @param firstProblem why the first of them has none
    /// @param figures      what the strategy counted, added up
    /// @param made         questions that were made
    /// @param stop         what ended the asking early
    public record Outcome(
            long kept, SortedMap<String, Long> dropped, long failed, long temporary, Optional<String> firstProblem,
            SortedMap<String, Long> figures, long made, Optional<String> stop) {}

    /// @param questions file of the questions that were asked; those that were made go below them
    public Outcome run(List<Question> all, Path questions, Path answers, Path rejected, Path failed,
            BudgetConfig limits, AskStore store, StageContext context) throws InterruptedException {
        StageAsking ready = ready();
        ConversationLoop conversations = new ConversationLoop(strategy, ready, cast, store,
                context.run().stage(), limits, context.progress());
        try (Files files = new Files(questions, answers, rejected, failed)) {
            all.forEach(question -> files.questions.write(RowMapper.json(question)));
            conversations.run(all, samples, files);
            files.commit();
            return new Outcome(files.kept, files.dropped, files.failures, files.temporary, files.firstProblem,
                    files.figures, files.made, conversations.stop());
        }
    }

    /// What a strategy asks first about a question; nobody is asked, and no model is opened.
    ///
    /// @throws ConfigException if a template is not there or asks for what it is not given
    public static List<Query> first(Strategy strategy, StageAsking asking, List<Question> all, Question question) {
        Strategy begins = strategy.chain().getFirst();
        Subject subject = begins.whole() ? Subject.whole(all) : Subject.of(question, 0);
        StageAsking ready = opened(strategy, asking, Map.of());
        return switch (begins.next(new Scene(subject, List.of(), ready))) {
            case Move.Ask ask -> ask.queries();
            case Move.Done done -> List.of();
        };
    }

    private StageAsking ready() {
        return opened(strategy, asking, openings());
    }

    /// @return the same with every template of the strategy
    /// @throws ConfigException with everything that is wrong with them
    static StageAsking opened(Strategy strategy, StageAsking asking, Map<String, String> openings) {
        Map<String, PromptTemplate> templates = new LinkedHashMap<>();
        List<Problem> problems = new ArrayList<>();
        for (Uses uses : strategy.prompts()) {
            try {
                templates.put(uses.template(), uses.open());
            } catch (SocraticException refused) {
                refused.problems().forEach(problem -> problems.add(new Problem(
                        "generate.strategy.%s.%s".formatted(strategy.name(), problem.place()), problem.expected(),
                        problem.got(), problem.remedy())));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new StageAsking(asking.ask(), asking.prompt(), asking.parameters(), asking.seed(), templates, openings);
    }

    /// What the model's chat template writes before a user's turn, for strategies that let it write that turn.
    private Map<String, String> openings() {
        Map<String, String> openings = new LinkedHashMap<>();
        for (Strategy part : strategy.chain()) {
            for (String role : part.opens()) {
                String name = part.roles().get(role);
                try {
                    String written = cast.get(name).model().written(List.of(ChatMessage.user(MARK)), false);
                    openings.put(role, written.substring(0, written.indexOf(MARK)));
                } catch (UnsupportedOperationException unknown) {
                    throw new ConfigException("generate.strategy.%s.%s".formatted(part.name(), role),
                            "a model whose chat template is here to be read", "'%s', an endpoint".formatted(name),
                            "take local weights: {weights: {path: FOLDER}}", unknown);
                }
            }
        }
        return openings;
    }

    /// The stage's files; they appear under their names only when all of them are whole.
    private final class Files implements ConversationLoop.Sink, AutoCloseable {
        private final StrategyRows rows = new StrategyRows(cast, checks);
        private final RowWriter questions;
        private final RowWriter answers;
        private final RowWriter rejected;
        private final RowWriter failed;
        private final SortedMap<String, Long> dropped = new TreeMap<>();
        private final SortedMap<String, Long> figures = new TreeMap<>();
        private Optional<String> firstProblem = Optional.empty();
        private long kept;
        private long failures;
        private long temporary;
        private long made;

        Files(Path questions, Path answers, Path rejected, Path failed) {
            this.questions = RowFiles.writer(questions, Format.JSONL);
            this.answers = RowFiles.writer(answers, Format.JSONL);
            this.rejected = RowFiles.writer(rejected, Format.JSONL);
            this.failed = RowFiles.writer(failed, Format.JSONL);
        }

        @Override
        public void ended(Ended conversation) {
            switch (conversation.end()) {
                case Ended.End.Over over -> {
                    over.done().figures().forEach((name, n) -> figures.merge(name, n, Long::sum));
                    over.done().results().forEach(result -> result(conversation, result));
                }
                case Ended.End.Unanswered none -> {
                    failures++;
                    temporary += none.temporary() ? 1 : 0;
                    firstProblem = firstProblem.or(() -> Optional.of(none.problem()));
                    failed.write(rows.unanswered(conversation, none));
                }
            }
        }

        private void result(Ended conversation, Result result) {
            rows.row(conversation, result).ifPresent(row -> {
                if (row.reason().isEmpty()) {
                    kept++;
                    answers.write(row.json());
                } else {
                    drop(row.reason().get(), row.json());
                }
            });
        }

        private void drop(String reason, ObjectNode json) {
            dropped.merge(reason, 1L, Long::sum);
            rejected.write(json);
        }

        @Override
        public void made(Question question) {
            made++;
            questions.write(RowMapper.json(question));
        }

        @Override
        public void repeated(Ended by, Question question) {
            drop("repeated_question", rows.repeated(by, question));
        }

        void commit() {
            questions.commit();
            failed.commit();
            rejected.commit();
            answers.commit(); // last: who finds answers finds the others
        }

        @Override
        public void close() {
            try (questions;
                    answers;
                    rejected;
                    failed) {
                // closed in any case
            }
        }
    }
}
