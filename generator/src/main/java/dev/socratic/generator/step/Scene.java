package dev.socratic.generator.step;

import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.answer.AnswerExtractor;
import dev.socratic.datasets.answer.Choices;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// A question and what happened so far: all that a strategy decides by. Equal scenes give equal moves.
///
/// @param history the replies of each step; never empty ones
public record Scene(Subject subject, List<List<Reply>> history, StageAsking asking) {
    public Scene {
        history = history.stream().map(List::copyOf).toList();
    }

    public Question question() {
        return subject.question();
    }

    /// @return number of the step that is to be decided, from 0
    public int step() {
        return history.size();
    }

    /// @return the first reply of a step
    public Reply reply(int step) {
        return history.get(step).getFirst();
    }

    public Reply last() {
        return history.getLast().getFirst();
    }

    /// @return the scene one step further
    public Scene after(List<Reply> replies) {
        List<List<Reply>> longer = new ArrayList<>(history);
        longer.add(replies);
        return new Scene(subject, longer, asking);
    }

    /// @param number which of the queries of this step, from 0
    public Query query(String role, String step, List<ChatMessage> messages, Trace.Prompt prompt, int number) {
        return new Query(role, step, messages, prompt, asking.parameters(), seed(number));
    }

    /// @param uses   the template
    /// @param values one for each variable that the template may have
    public Query query(String role, String step, Uses uses, Map<String, String> values, int number) {
        return query(role, step, render(uses, values), prompt(uses), number);
    }

    /// @return the question put to a role as the config's own prompt does
    public Query solve(String role, int number) {
        return query(role, "solve", asking.ask().apply(question()), asking.prompt(), number);
    }

    /// @return answers that are drawn to judge, not to be learned: the likeliest tokens
    public GenerationParameters greedy() {
        GenerationParameters own = asking.parameters();
        return new GenerationParameters(Sampling.GREEDY, own.maxTokens(), own.stop());
    }

    /// @throws IllegalStateException if other variables are given than those stated
    public List<ChatMessage> render(Uses uses, Map<String, String> values) {
        if (!values.keySet().equals(uses.variables())) {
            throw new IllegalStateException("%s is stated to be given %s; got %s; this is a bug, please report it"
                    .formatted(uses.key(), uses.variables(), values.keySet()));
        }
        PromptTemplate template = asking.templates().get(uses.template());
        Map<String, String> declared = new HashMap<>(values);
        declared.keySet().retainAll(template.variables());
        return template.render(declared);
    }

    public Trace.Prompt prompt(Uses uses) {
        PromptTemplate template = asking.templates().get(uses.template());
        return new Trace.Prompt(template.name(), template.version(), template.hash());
    }

    private long seed(int number) {
        return Seeds.derive(asking.seed(), "generate", subject.id(), "sample " + subject.sample(), "step " + step(),
                Integer.toString(number));
    }

    /// @param path what is drawn
    public SplittableRandom random(String... path) {
        List<String> all = new ArrayList<>(List.of("draw", subject.id(), Integer.toString(subject.sample())));
        all.addAll(List.of(path));
        return Seeds.random(asking.seed(), all.toArray(String[]::new));
    }

    /// @return whether the final answer of a text is the gold one; empty where the question has none
    public Optional<Boolean> right(String text) {
        return question().answer().map(gold -> AnswerCheck.STANDARD.check(gold, text, choices()).equal());
    }

    public Optional<String> finalAnswer(String text) {
        return AnswerCheck.find(text, choices()).map(AnswerExtractor.Extracted::answer);
    }

    private Choices choices() {
        return Choices.of(question().extra(), question().question());
    }
}
