package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Several answers, one row: the one that most agree with, that a judge picks, or the shortest right one.
///
/// @param n              answers
/// @param choose         which of them stays
/// @param leastAgreement share of all answers that the majority must have, in [0, 1]; for `vote`
/// @param teacher        who answers
/// @param judge          who picks; for `select`
/// @param selectPrompt   template of the judge's question
@About(value = "n answers, one row: the majority's, a judge's choice, or the shortest right one",
        source = "Wang et al. 2022, arXiv:2203.11171; Moshkov et al. 2025, arXiv:2504.16891")
public record BestOfN(
        @Default("8") int n, @Default("vote") Choice choose, @Default("0") double leastAgreement,
        @Default("teacher") String teacher, @Default("teacher") String judge,
        @Default("gen_select") @NameOrFile(PromptTemplate.FILES) String selectPrompt) implements Strategy {
    private static final Pattern CHOICE = Pattern.compile("(?i)choice\\W{0,5}(\\d{1,4})");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,4}");

    /// Which answer stays.
    public enum Choice {
        /// Self-consistency: of the answers that mean the same as most, the shortest.
        VOTE,
        /// GenSelect: a judge reads all of them and names one.
        SELECT,
        /// Of the right ones, for questions with a gold answer.
        SHORTEST_RIGHT
    }

    public BestOfN {
        ConfigNumbers.atLeast("n", 1, n, "8 suits most questions");
        ConfigNumbers.share("least_agreement", leastAgreement, "0.5 asks for a majority");
    }

    @Override
    public Map<String, String> roles() {
        return choose == Choice.SELECT ? Map.of(TEACHER, teacher, "judge", judge) : Map.of(TEACHER, teacher);
    }

    private Uses selecting() {
        return new Uses("select_prompt", selectPrompt, "question", "candidates", "count");
    }

    @Override
    public List<Uses> prompts() {
        return choose == Choice.SELECT ? List.of(selecting()) : List.of();
    }

    @Override
    public int mostSteps() {
        return choose == Choice.SELECT ? 2 : 1;
    }

    @Override
    public int mostQueries() {
        return n + mostSteps() - 1;
    }

    @Override
    public Move next(Scene scene) {
        if (scene.step() == 0) {
            return new Move.Ask(IntStream.range(0, n).mapToObj(i -> scene.solve(TEACHER, i)).toList());
        }
        List<Reply> replies = scene.history().getFirst();
        return switch (choose) {
            case VOTE -> vote(scene, replies);
            case SHORTEST_RIGHT -> shortest(scene, replies);
            case SELECT -> scene.step() == 1 ? Move.ask(select(scene, replies)) : selected(scene, replies);
        };
    }

    private Move vote(Scene scene, List<Reply> replies) {
        Candidates candidates = Candidates.of(scene, replies);
        Map<String, Object> facts = facts(candidates);
        if (candidates.most().isEmpty()) {
            return Move.done(new Result.Dropped("no_answer", "no final answer in any of %s".formatted(n), facts));
        }
        if (candidates.agreement() < leastAgreement) {
            return Move.done(new Result.Dropped("no_agreement",
                    String.format(Locale.ROOT, "%.2f of the answers agree", candidates.agreement()), facts));
        }
        Reply chosen = Candidates.sorted(candidates.most().get().replies()).getFirst();
        return Move.done(Result.Answer.of(chosen).with(facts));
    }

    private static Map<String, Object> facts(Candidates candidates) {
        return Map.of("agreement", candidates.agreement(), "votes", candidates.groups().stream()
                .map(group -> Map.of("answer", group.answer(), "votes", group.replies().size())).toList());
    }

    private Move shortest(Scene scene, List<Reply> replies) {
        List<Reply> right = Candidates.right(scene, replies);
        Map<String, Object> facts = Map.of("pass_rate", right.size() / (double) replies.size());
        if (scene.question().answer().isEmpty()) {
            return Move.done(new Result.Dropped("no_gold", "the question has no gold answer"));
        }
        return right.isEmpty()
                ? Move.done(new Result.Dropped("none_right", "0 of %s".formatted(replies.size()), facts))
                : Move.done(Result.Answer.of(right.getFirst()).with(facts));
    }

    private Query select(Scene scene, List<Reply> replies) {
        String listed = IntStream.range(0, replies.size())
                .mapToObj(i -> "Answer %s:\n%s".formatted(i + 1, replies.get(i).text()))
                .collect(Collectors.joining("\n\n"));
        return scene.query("judge", "select", selecting(), Map.of("question", scene.question().question(),
                "candidates", listed, "count", Integer.toString(replies.size())), 0).with(scene.greedy());
    }

    private Move selected(Scene scene, List<Reply> replies) {
        Optional<Integer> number = choice(scene.last().text()).filter(i -> i >= 1 && i <= replies.size());
        if (number.isEmpty()) {
            return Move.done(new Result.Dropped("no_choice", "the judge names none of the %s answers"
                    .formatted(replies.size())));
        }
        Map<String, Object> facts = new HashMap<>(facts(Candidates.of(scene, replies)));
        facts.put("choice", number.get());
        return Move.done(Result.Answer.of(replies.get(number.get() - 1)).with(facts));
    }

    /// @return the number behind the last "Choice:", or the only number of the text
    static Optional<Integer> choice(String text) {
        Optional<String> named = CHOICE.matcher(text).results().map(found -> found.group(1)).reduce((a, b) -> b);
        List<String> numbers = NUMBER.matcher(text).results().map(MatchResult::group).distinct().toList();
        return named.or(() -> numbers.size() == 1 ? Optional.of(numbers.getFirst()) : Optional.empty())
                .map(Integer::valueOf);
    }
}
