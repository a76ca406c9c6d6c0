package dev.socratic.generator.engine;

import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.ask.Asks;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.StageAsking;
import dev.socratic.generator.step.Subject;
import dev.socratic.generator.strategy.Strategy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Drives conversations, a wave of them at a time: every open one moves, what they ask of one model is asked together,
/// and so on until all are over. Who has a step's answers in the run's store is not asked again, so a run that was
/// killed walks through what it has, and a prompt that was edited re-asks from its first step on.
///
/// A wave has at most [#WAVE] conversations, cut in the order of the questions, so that units (ADR 3) are the same
/// again and memory does not grow with the set. What a conversation makes is asked about in the wave's place.
final class ConversationLoop {
    static final int WAVE = 2_048;

    private final List<Strategy> chain;
    private final StageAsking asking;
    private final Map<String, Actor> cast;
    private final AskStore store;
    private final String stage;
    private final BudgetConfig limits;
    private final Progress progress;
    private final StepProgress steps;
    private final Set<String> ids = new HashSet<>();
    private Optional<String> stop = Optional.empty();

    /// Is told of every conversation, in a fixed order, and of questions that were made a second time.
    interface Sink {
        void ended(Ended conversation);

        void made(Question question);

        void repeated(Ended by, Question question);
    }

    /// @param cast the models by the name that roles have for them
    ConversationLoop(Strategy strategy, StageAsking asking, Map<String, Actor> cast, AskStore store, String stage,
            BudgetConfig limits, Progress progress) {
        this.chain = strategy.chain();
        this.asking = asking;
        this.cast = cast;
        this.store = store;
        this.stage = stage;
        this.limits = limits;
        this.progress = progress;
        this.steps = new StepProgress(progress);
    }

    /// @param samples conversations of the last strategy about each question
    void run(List<Question> questions, int samples, Sink sink) throws InterruptedException {
        questions.forEach(question -> ids.add(question.id()));
        List<Subject> subjects = subjects(0, questions, samples);
        progress.unit("conversations");
        progress.total(subjects.size());
        level(0, subjects, samples, sink);
    }

    /// @return why asking ended before every conversation was over
    Optional<String> stop() {
        return stop;
    }

    private List<Subject> subjects(int level, List<Question> questions, int samples) {
        if (questions.isEmpty()) {
            return List.of();
        }
        if (chain.get(level).whole()) {
            return List.of(Subject.whole(questions));
        }
        int each = level == chain.size() - 1 ? samples : 1;
        return questions.stream()
                .flatMap(question -> IntStream.range(0, each).mapToObj(sample -> Subject.of(question, sample)))
                .toList();
    }

    private void level(int level, List<Subject> subjects, int samples, Sink sink) throws InterruptedException {
        for (int from = 0; from < subjects.size(); from += WAVE) {
            List<Question> made = new ArrayList<>();
            for (Ended conversation : play(chain.get(level),
                    subjects.subList(from, Math.min(subjects.size(), from + WAVE)))) {
                sink.ended(conversation);
                progress.done(level == 0 ? 1 : 0);
                conversation.done().ifPresent(done -> done.results().forEach(result -> {
                    if (result instanceof Result.Made one) {
                        if (ids.add(one.question().id())) {
                            made.add(one.question());
                            sink.made(one.question());
                        } else {
                            sink.repeated(conversation, one.question());
                        }
                    }
                }));
            }
            if (level + 1 < chain.size()) {
                level(level + 1, subjects(level + 1, made, samples), samples, sink);
            }
        }
    }

    /// One conversation of the wave.
    private static final class Live {
        private Scene scene;
        private Optional<Ended> ended = Optional.empty();
        private final List<Reply> replies = new ArrayList<>();
        private Optional<Failure> failure = Optional.empty();
        private boolean temporary;

        Live(Scene scene) {
            this.scene = scene;
        }
    }

    private record Pending(Live live, Query query) {}

    /// @return the conversations in their order, each ended
    private List<Ended> play(Strategy strategy, List<Subject> subjects) throws InterruptedException {
        List<Live> all = subjects.stream().map(subject -> new Live(new Scene(subject, List.of(), asking))).toList();
        List<Live> open = all;
        while (!open.isEmpty()) {
            Map<String, List<Pending>> asked = moved(strategy, open);
            for (Map.Entry<String, List<Pending>> model : asked.entrySet()) {
                ask(model.getKey(), model.getValue());
            }
            open = open.stream().filter(live -> live.ended.isEmpty()).toList();
            open.forEach(live -> heard(strategy, live));
            open = open.stream().filter(live -> live.ended.isEmpty()).toList();
        }
        return all.stream().map(live -> live.ended.orElseThrow()).toList();
    }

    /// @return what is asked of each model
    private Map<String, List<Pending>> moved(Strategy strategy, List<Live> open) {
        Map<String, List<Pending>> asked = new LinkedHashMap<>();
        for (Live live : open) {
            switch (strategy.next(live.scene)) {
                case Move.Done done -> live.ended = Optional.of(Ended.over(strategy, live.scene, done));
                case Move.Ask ask -> {
                    if (live.scene.step() >= strategy.mostSteps()) {
                        throw new IllegalStateException(("%s asks in at most %s steps; it asked in one more; this is "
                                + "a bug, please report it").formatted(strategy.name(), strategy.mostSteps()));
                    }
                    ask.queries().forEach(query -> asked
                            .computeIfAbsent(strategy.roles().get(query.role()), model -> new ArrayList<>())
                            .add(new Pending(live, query)));
                }
            }
        }
        return asked;
    }

    private void ask(String name, List<Pending> pending) throws InterruptedException {
        if (stop.isPresent()) {
            pending.forEach(one -> hear(one, new Failure("", "not asked: " + stop.get(), true)));
            return;
        }
        List<GenerationRequest> requests = IntStream.range(0, pending.size())
                .mapToObj(i -> request(i, pending.get(i).query())).toList();
        AskOutcome outcome = new Asker(
                Asks.of(requests), cast.get(name).model(), store, stage, limits, stage::equals, steps).ask();
        for (int i = 0; i < requests.size(); i++) {
            hear(pending.get(i), outcome.outcome(i));
        }
        stop = outcome.stop();
    }

    private static GenerationRequest request(int number, Query query) {
        return new GenerationRequest(
                query.step() + "-" + number, query.messages(), query.parameters(), query.seed());
    }

    private static void hear(Pending one, GenerationOutcome outcome) {
        switch (outcome) {
            case Completion completion -> one.live().replies.add(new Reply(one.query(), completion));
            case Failure failure -> {
                one.live().failure = one.live().failure.or(() -> Optional.of(failure));
                one.live().temporary |= failure.temporary();
            }
        }
    }

    /// A step goes on with the replies it has, unless some may still come.
    private static void heard(Strategy strategy, Live live) {
        if (live.temporary || live.replies.isEmpty()) {
            String problem = live.failure.map(Failure::problem).orElseThrow();
            live.ended = Optional.of(Ended.unanswered(strategy, live.scene, problem, live.temporary));
            return;
        }
        live.scene = live.scene.after(live.replies);
        live.replies.clear();
        live.failure = Optional.empty();
    }
}
