package dev.socratic.eval.harness;

import dev.socratic.core.ask.AskOutcome;
import dev.socratic.core.ask.AskStore;
import dev.socratic.core.ask.Asker;
import dev.socratic.core.ask.Asks;
import dev.socratic.core.ask.BudgetConfig;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.sandbox.Language;
import dev.socratic.core.sandbox.Sandbox;
import dev.socratic.core.sandbox.SandboxConfig;
import dev.socratic.core.sandbox.check.CodeJudge;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.eval.code.ProgramRuns;
import dev.socratic.eval.harness.SuiteTask.Asked;
import dev.socratic.eval.harness.score.DocScores;
import dev.socratic.eval.harness.task.TaskIndex;
import dev.socratic.eval.harness.task.TaskIndex.ChosenGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Suites made ready, then asked.
public final class SuiteRun {
    private final Map<String, SuiteTask> tasks = new LinkedHashMap<>();
    private final Map<String, Suite> suites = new LinkedHashMap<>();
    private final List<ChosenGroup> groups = new ArrayList<>();
    private final TextModel model;
    private final long seed;

    private SuiteRun(TextModel model, long seed) {
        this.model = model;
        this.seed = seed;
    }

    /// Everything that can be wrong with tasks and data shows here, before anything is asked.
    ///
    /// @param taken names of tasks that are none of these
    /// @param seed  of answers that are drawn
    /// @throws ConfigException with all that is wrong
    public static SuiteRun of(List<Suite> suites, List<String> taken, TextModel model, long seed) {
        SuiteRun run = new SuiteRun(model, seed);
        List<Problem> problems = new ArrayList<>();
        for (Suite suite : suites) {
            TaskIndex.Selection chosen = TaskIndex.of(suite.include()).select(suite.tasks());
            run.groups.addAll(chosen.groups());
            chosen.tasks().forEach((name, task) -> {
                if (run.tasks.containsKey(name) || taken.contains(name)) {
                    problems.add(new Problem("tasks", "every task once", "'%s' twice".formatted(name),
                            "name it once, or give each run a folder of its own"));
                } else {
                    run.add(name, task, suite, problems);
                }
            });
        }
        run.programs().values().stream().map(Suite::sandbox).distinct().forEach(config -> tried(config, problems));
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        if (run.asksInTurns() && run.tasks.values().stream().anyMatch(task -> task.generation().isEmpty())) {
            model.score(List.of()); // an endpoint is looked at before anything is asked
        }
        return run;
    }

    /// @return tasks whose answers are run as programs
    private Map<String, Suite> programs() {
        Map<String, Suite> programs = new LinkedHashMap<>(suites);
        programs.keySet().removeIf(name -> !DocScores.runsPrograms(tasks.get(name).config()));
        return programs;
    }

    private static void tried(SandboxConfig config, List<Problem> problems) {
        try (Sandbox sandbox = Sandbox.open(config)) {
            CodeJudge.of(sandbox, Language.PYTHON);
        } catch (ConfigException wrong) {
            problems.addAll(wrong.problems());
        }
    }

    private void add(String name, TaskIndex.Chosen task, Suite suite, List<Problem> problems) {
        try {
            SuiteTask ready = SuiteTask.of(task.yaml(), task.overrides(), suite,
                    asksInTurns() ? (messages, continues) -> Json.line(messages) : model::written);
            boolean scored = ready.generation().isEmpty() && model.card().scores();
            if (asksInTurns() && scored && suite.applyChatTemplate()) {
                problems.add(new Problem("task '%s'".formatted(name), "apply_chat_template: false, for a task that "
                        + "scores, of an endpoint whose chat template is not ours to read", "true",
                        "leave --apply-chat-template out, or ask local weights"));
            }
            if (asksInTurns() && !scored && !suite.applyChatTemplate()) {
                problems.add(new Problem("task '%s'".formatted(name), "apply_chat_template: true, for a model that is "
                        + "asked in turns of a chat", "false", "write --apply-chat-template, or ask local weights"));
            }
            if (ready.generation().isEmpty() && !model.card().scores()) {
                problems.add(new Problem("task '%s'".formatted(name),
                        "a model that says how likely a text is, for a task of " + ready.config().kind().word(),
                        "'%s', which only writes".formatted(model.card().name()),
                        "ask local weights, or a task of generate_until"));
            }
            tasks.put(name, ready);
            suites.put(name, suite);
        } catch (ConfigException wrong) {
            problems.addAll(wrong.problems());
        }
    }

    /// Its template is not ours to read: a prompt is the turns themselves, as JSON.
    private boolean asksInTurns() {
        return !model.card().scores() || model.card().place().startsWith("endpoint:");
    }

    private List<ChatMessage> messages(String prompt) {
        if (!asksInTurns()) {
            return List.of(ChatMessage.text(prompt));
        }
        List<ChatMessage> messages = new ArrayList<>();
        Json.foreign(prompt, "a prompt").forEach(one -> messages.add(new ChatMessage(one.path("role").asText(),
                one.path("content").asText())));
        return messages;
    }

    /// @return what is worth knowing of the tasks
    public List<String> notes() {
        return tasks.values().stream().flatMap(task -> task.notes().stream()).distinct().toList();
    }

    /// One request.
    ///
    /// @param task     its name
    /// @param document place among those asked
    private record Place(String task, int document) {}

    /// Asks what no earlier run has asked.
    ///
    /// @param stage  to whose account it goes
    /// @param counts the stages whose spending counts against the limits
    /// @param threads programs that run at once, of tasks whose answers are run
    public SuiteResults ask(AskStore store, String stage, BudgetConfig budget, Predicate<String> counts,
            Progress progress, int threads) throws InterruptedException {
        notes().forEach(progress::note);
        Map<Place, List<GenerationOutcome>> outcomes = new LinkedHashMap<>();
        List<String> incomplete = new ArrayList<>();
        for (boolean writes : List.of(false, true)) {
            List<Place> places = new ArrayList<>();
            List<GenerationRequest> requests = new ArrayList<>();
            tasks.forEach((name, task) -> {
                if (task.generation().isPresent() == writes) {
                    add(name, task, places, requests);
                }
            });
            if (!requests.isEmpty()) {
                TextModel asked = writes ? model : new Likelihoods(model);
                AskOutcome found = new Asker(Asks.of(requests), asked, store, stage, budget, counts, progress).ask();
                long open = 0;
                for (int i = 0; i < requests.size(); i++) {
                    GenerationOutcome outcome = found.outcome(i);
                    outcomes.computeIfAbsent(places.get(i), none -> new ArrayList<>()).add(outcome);
                    open += outcome instanceof GenerationOutcome.Failure failure && failure.temporary() ? 1 : 0;
                }
                found.incomplete(open).ifPresent(incomplete::add);
            }
        }
        Map<String, SuiteResult> results = new LinkedHashMap<>();
        Map<String, Suite> programs = programs();
        for (Map.Entry<String, SuiteTask> entry : tasks.entrySet()) {
            String name = entry.getKey();
            SuiteTask task = entry.getValue();
            List<List<GenerationOutcome>> own = new ArrayList<>();
            for (int i = 0; i < task.asked().size(); i++) {
                own.add(outcomes.get(new Place(name, i)));
            }
            ProgramScores ran = ProgramScores.NONE;
            if (programs.containsKey(name)) {
                try (Sandbox sandbox = Sandbox.open(suites.get(name).sandbox())) {
                    TaskPrograms runs = new TaskPrograms(task, own);
                    ProgramRuns judge = new ProgramRuns(CodeJudge.of(sandbox, Language.PYTHON), threads);
                    ran = runs.scores(judge, new Asker(Asks.of(runs.requests(name)), judge, store, stage, budget,
                            counts, progress).ask(), incomplete);
                    progress.note("%s: %s programs run; isolation: %s".formatted(name, ran.verdicts().size(),
                            ran.isolation()));
                }
            }
            SuiteResult result = SuiteResult.of(task, own, suites.get(name).bootstrapIters(), ran);
            if (result.failed() > 0) {
                progress.note("%s: %s documents have no answer and count as wrong".formatted(name, result.failed()));
            }
            if (result.lost() > 0) {
                progress.note(("%s: the context of %s documents is longer than the model's and lost its beginning; "
                        + "lower num_fewshot, or take a model with a longer one").formatted(name, result.lost()));
            }
            results.put(name, result);
        }
        return new SuiteResults(results, groups, incomplete.stream().findFirst());
    }

    private void add(String name, SuiteTask task, List<Place> places, List<GenerationRequest> requests) {
        for (int i = 0; i < task.asked().size(); i++) {
            Asked asked = task.asked().get(i);
            String id = name + "/" + asked.id();
            if (task.generation().isEmpty()) {
                requests.add(Likelihoods.request(id, asked.arguments()));
                places.add(new Place(name, i));
                continue;
            }
            List<ChatMessage> prompt = messages(asked.arguments().getFirst().prompt());
            for (int repeat = 0; repeat < task.config().scoring().repeats(); repeat++) {
                boolean drawn = task.generation().get().sampling().temperature() > 0;
                long of = drawn ? Seeds.derive(seed, name, String.valueOf(asked.id()), String.valueOf(repeat)) : 0;
                requests.add(new GenerationRequest(id + "/" + repeat, prompt, task.generation().get(), of));
                places.add(new Place(name, i));
            }
        }
    }

    /// @return files that decide what is asked: task files and documents
    public static List<Path> files(List<Suite> suites) {
        List<Path> files = new ArrayList<>();
        for (Suite suite : suites) {
            TaskIndex.of(suite.include()).select(suite.tasks()).tasks().values().forEach(chosen -> {
                chosen.yaml().read().forEach(source -> source.file().ifPresent(files::add));
                files.addAll(SuiteTask.files(chosen.yaml(), chosen.overrides(), suite));
            });
        }
        return files.stream().map(file -> file.toAbsolutePath().normalize()).distinct().sorted().toList();
    }

    /// What can be said against the tasks of a suite before a model is there: names, files, keys, templates, functions,
    /// and data that are not here.
    ///
    /// @throws ConfigException where a name means nothing
    public static List<Problem> problems(Suite suite) {
        return TaskIndex.of(suite.include()).select(suite.tasks()).tasks().values().stream().flatMap(chosen -> {
            List<Problem> problems = TaskLint.at(chosen.yaml(), chosen.overrides()).problems();
            return (problems.isEmpty() ? SuiteTask.missing(chosen.yaml(), chosen.overrides(), suite) : problems)
                    .stream();
        }).distinct().toList();
    }
}
