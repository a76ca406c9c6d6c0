package dev.socratic.eval.judged;

import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.prompts.judge.Rubric;
import dev.socratic.prompts.judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Judges, and the rubric they judge by.
///
/// A verdict is read strictly ([Verdict]). One that cannot be read is no verdict: the judge is shown the end of what it
/// wrote, told the form once more and asked again, [Judging#asks] times in all; then it stays `unreadable`, is counted,
/// and is no score of any kind.
record Jury(Judging judging, Rubric rubric, long seed) {
    /// So much of what a judge wrote it is shown again, from the end.
    private static final int SHOWN_AGAIN = 2_000;

    /// @param given what judges of this kind of task are told ([Rubric#ANSWER])
    /// @throws dev.socratic.core.error.ConfigException if the rubric is wrong, or has no such criterion
    static Jury of(String place, Judging judging, List<String> given, long seed) {
        Rubric rubric = Rubric.read(judging.rubric(), given);
        rubric.check(place + ".judging.of", judging.of());
        return new Jury(judging, rubric, seed);
    }

    /// Something to be judged.
    ///
    /// @param id     unique in the task
    /// @param values what the judge is told
    record Item(String id, Map<String, String> values) {}

    /// @return of each item what each judge says, in their orders
    List<List<JudgeOpinion>> ask(Panel panel, List<Item> items) throws InterruptedException {
        List<List<JudgeOpinion>> all = new ArrayList<>();
        items.forEach(item -> all.add(new ArrayList<>()));
        for (String judge : judging.judges()) {
            Map<Integer, JudgeOpinion> found = ask(panel, judge, items);
            for (int i = 0; i < items.size(); i++) {
                all.get(i).add(found.get(i));
            }
        }
        return all;
    }

    private Map<Integer, JudgeOpinion> ask(Panel panel, String judge, List<Item> items) throws InterruptedException {
        Map<Integer, JudgeOpinion> found = new TreeMap<>();
        Map<Integer, String> garbage = new TreeMap<>();
        for (int ask = 1; ask <= judging.asks() && found.size() < items.size(); ask++) {
            List<Integer> left = new ArrayList<>();
            List<GenerationRequest> requests = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                if (!found.containsKey(i)) {
                    left.add(i);
                    requests.add(request(judge, items.get(i), Optional.ofNullable(garbage.get(i)), ask));
                }
            }
            List<GenerationOutcome> outcomes = panel.ask(judge, requests);
            for (int k = 0; k < left.size(); k++) {
                int asked = ask;
                int i = left.get(k);
                switch (outcomes.get(k)) {
                    case GenerationOutcome.Completion done -> Verdict.read(rubric, done.text()).ifPresentOrElse(
                            values -> found.put(i, new JudgeOpinion(judge, Optional.of(values), "", done.text(),
                                    asked)),
                            () -> garbage.put(i, done.text()));
                    case GenerationOutcome.Failure failed -> found.put(i, new JudgeOpinion(judge, Optional.empty(),
                            failed.temporary() ? JudgeOpinion.OPEN : JudgeOpinion.UNANSWERED, failed.problem(), asked));
                }
            }
        }
        garbage.forEach((i, said) -> found.putIfAbsent(i,
                new JudgeOpinion(judge, Optional.empty(), JudgeOpinion.UNREADABLE, said, judging.asks())));
        return found;
    }

    private GenerationRequest request(String judge, Item item, Optional<String> garbage, int ask) {
        String prompt = rubric.asked(item.values());
        List<ChatMessage> messages = new ArrayList<>(rubric.messages(prompt));
        garbage.ifPresent(said -> {
            String shown = said.substring(Math.max(0, said.length() - SHOWN_AGAIN));
            messages.add(ChatMessage.assistant(shown.isBlank() ? "(nothing)" : shown));
            messages.add(ChatMessage.user(rubric.again()));
        });
        // Equal prompts have equal seeds, so that they are one request.
        return new GenerationRequest("%s/%s/%s".formatted(item.id(), judge, ask), messages, judging.generation(),
                Seeds.derive(seed, "judge", prompt, String.valueOf(ask)));
    }

    /// @return the score that counts, out of what one judge says
    Optional<Double> score(JudgeOpinion opinion) {
        return opinion.values().map(values -> values.get(rubric.score(judging.of())));
    }

    /// @return the mean of those judges that gave a verdict; empty where none did
    Optional<Double> score(List<JudgeOpinion> opinions) {
        List<Double> scores = opinions.stream().flatMap(one -> score(one).stream()).toList();
        return scores.isEmpty() ? Optional.empty()
                : Optional.of(scores.stream().mapToDouble(Double::doubleValue).average().orElseThrow());
    }

    /// @return the score from 0, the worst of its scale, to 1, the best
    double share(double score) {
        double least = rubric.least(judging.of());
        return (score - least) / (rubric.most(judging.of()) - least);
    }

    /// @return the score that a share of the scale is
    double points(double share) {
        double least = rubric.least(judging.of());
        return least + share * (rubric.most(judging.of()) - least);
    }
}
