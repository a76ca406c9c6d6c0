package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Questions that become harder, or rarer, round by round; with the elimination that the paper describes: an evolved
/// question that asks for nothing new (a judge says so), that speaks of the prompt it was made of, or that is none, is
/// dropped, and the next round starts from the one before it.
///
/// Deviation: the paper also eliminates by the answer (short with "sorry", marks alone); here the checks of the answers
/// do (`refusal`, `format`).
///
/// @param rounds       how often
/// @param operations   from which each round draws
/// @param teacher      who rewrites
/// @param judge        who says whether anything is new
/// @param evolvePrompt template of the rewriting
/// @param equalPrompt  template of the judge's question
@About(value = "questions made harder or rarer round by round; what asks nothing new goes",
        source = "Xu et al. 2023, arXiv:2304.12244", gives = About.Gives.QUESTIONS)
public record EvolInstruct(
        @Default("1") int rounds,
        @Default("[constraints, deepen, concretise, reasoning, breadth]") List<Operation> operations,
        @Default("teacher") String teacher, @Default("teacher") String judge,
        @Default("evolve") @NameOrFile(PromptTemplate.FILES) String evolvePrompt,
        @Default("evolve_equal") @NameOrFile(PromptTemplate.FILES) String equalPrompt) implements Strategy {
    private static final Pattern SPEAKS_OF_IT = Pattern.compile(
            "(?i)\\b(given|new|rewritten|original|above|following) (prompt|instruction)\\b|#\\s*(the|new) ?prompt");

    /// What a round does: four in depth, one in breadth.
    public enum Operation { CONSTRAINTS, DEEPEN, CONCRETISE, REASONING, BREADTH }

    public EvolInstruct {
        ConfigNumbers.atLeast("rounds", 1, rounds, "1 is the default");
        operations = operations.stream().distinct().sorted().toList();
        if (operations.isEmpty()) {
            throw new IllegalArgumentException("operations: at least one of constraints, deepen, concretise, "
                    + "reasoning, breadth; got none; write [reasoning]");
        }
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher, "judge", judge);
    }

    private Uses evolving() {
        return new Uses("evolve_prompt", evolvePrompt, "question", "operation");
    }

    private Uses comparing() {
        return new Uses("equal_prompt", equalPrompt, "first", "second");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(evolving(), comparing());
    }

    @Override
    public int mostSteps() {
        return 2 * rounds;
    }

    @Override
    public int mostQueries() {
        return 2 * rounds;
    }

    @Override
    public int mostMade() {
        return rounds;
    }

    /// Even steps rewrite, odd ones ask the judge.
    @Override
    public Move next(Scene scene) {
        Question now = scene.question();
        List<Result> results = new ArrayList<>();
        int round = 0;
        int at = 0;
        while (round < rounds && at < scene.step()) {
            Reply reply = scene.reply(at++);
            String text = Written.question(reply.text());
            Optional<Result> fault = Written.fault(reply, text).or(() -> SPEAKS_OF_IT.matcher(text).find()
                    ? Optional.of(new Result.Dropped("speaks_of_prompt", text)) : Optional.empty());
            if (fault.isEmpty()) {
                if (at == scene.step()) {
                    return Move.ask(scene.query("judge", "equal", comparing(), Map.of(
                            "first", now.question(), "second", text), 0).with(scene.greedy()));
                }
                boolean equal = scene.reply(at++).text().toLowerCase(Locale.ROOT).contains("equal");
                if (equal) {
                    fault = Optional.of(new Result.Dropped("nothing_new", text));
                } else {
                    now = Derived.of(now, name(), reply.query().step(), text, Optional.empty(), Map.of());
                    results.add(new Result.Made(now));
                }
            }
            fault.ifPresent(results::add);
            round++;
        }
        return round == rounds ? Move.done(results) : Move.ask(evolve(scene, now, round));
    }

    private Query evolve(Scene scene, Question now, int round) {
        Operation operation = operations.get(scene.random("operation", Integer.toString(round))
                .nextInt(operations.size()));
        String word = operation.name().toLowerCase(Locale.ROOT);
        return scene.query(TEACHER, word, evolving(), Map.of("question", now.question(), "operation", word), 0);
    }
}
