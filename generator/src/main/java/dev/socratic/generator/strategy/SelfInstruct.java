package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.datasets.row.Question;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// New tasks from seed tasks: each request shows `human` seeds and `machine` tasks that were made before, and the model
/// goes on with the list. A task joins the pool where no task of it is like it ([InstructionPool]).
///
/// One conversation is about all questions, which are the seeds. The first round shows seeds alone.
///
/// @param n          tasks wanted
/// @param rounds     at most
/// @param perRound   requests in a round; what they make is seen by the next
/// @param human      seeds shown
/// @param machine    tasks of the pool shown
/// @param mostAlike  ROUGE-L f1 with any task of the pool from which a task is a repetition
/// @param teacher    who writes
/// @param taskPrompt template of its question
@About(value = "new tasks from seed tasks; what is like one that is there goes",
        source = "Wang et al. 2022, arXiv:2212.10560", gives = About.Gives.QUESTIONS)
public record SelfInstruct(
        @Default("100") int n, @Default("20") int rounds, @Default("8") int perRound, @Default("6") int human,
        @Default("2") int machine, @Default("0.7") double mostAlike, @Default("teacher") String teacher,
        @Default("self_instruct") @NameOrFile(PromptTemplate.FILES) String taskPrompt) implements Strategy {
    public SelfInstruct {
        ConfigNumbers.atLeast("n", 1, n, "100 is the default");
        ConfigNumbers.atLeast("rounds", 1, rounds, "20 is the default");
        ConfigNumbers.atLeast("per_round", 1, perRound, "8 is the default");
        ConfigNumbers.atLeast("human", 1, human, "6 is the default");
        ConfigNumbers.atLeast("machine", 0, machine, "2 is the default");
        ConfigNumbers.share("most_alike", mostAlike, "0.7 is the default");
    }

    @Override
    public boolean whole() {
        return true;
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher);
    }

    private Uses continuing() {
        return new Uses("task_prompt", taskPrompt, "tasks", "next");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(continuing());
    }

    @Override
    public int mostSteps() {
        return rounds;
    }

    @Override
    public int mostQueries() {
        return rounds * perRound;
    }

    @Override
    public int mostMade() {
        return n;
    }

    @Override
    public Move next(Scene scene) {
        InstructionPool pool = new InstructionPool(name(), n, mostAlike, scene.subject().questions());
        scene.history().forEach(round -> round.forEach(pool::hear));
        if (pool.made().size() < n && scene.step() < rounds) {
            return new Move.Ask(IntStream.range(0, perRound).mapToObj(i -> query(scene, pool.made(), i)).toList());
        }
        List<Result> results = new ArrayList<>(pool.made().stream().<Result>map(Result.Made::new).toList());
        results.addAll(pool.refused());
        return results.isEmpty() ? Move.done(new Result.Dropped("no_task", "no task was written")) : Move.done(results);
    }

    private Query query(Scene scene, List<Question> made, int number) {
        SplittableRandom random = scene.random("examples", Integer.toString(scene.step()), Integer.toString(number));
        List<Question> shown = new ArrayList<>(drawn(scene.subject().questions(), human, random));
        shown.addAll(drawn(made, machine, random));
        StringBuilder tasks = new StringBuilder();
        for (int i = 0; i < shown.size(); i++) {
            tasks.append(i + 1).append(". ").append(shown.get(i).question().strip().replaceAll("\\s*\\n\\s*", " "))
                    .append('\n');
        }
        String next = Integer.toString(shown.size() + 1);
        return scene.query(TEACHER, "tasks", continuing(),
                Map.of("tasks", tasks.append(next).append('.').toString(), "next", next), number);
    }

    private static List<Question> drawn(List<Question> from, int most, SplittableRandom random) {
        List<Question> left = new ArrayList<>(from);
        List<Question> drawn = new ArrayList<>();
        while (drawn.size() < most && !left.isEmpty()) {
            drawn.add(left.remove(random.nextInt(left.size())));
        }
        return drawn;
    }
}
