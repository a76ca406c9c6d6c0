package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.core.error.Problem;
import dev.socratic.models.generate.EosTokens;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.text.Tokenizer;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Papers;
import dev.socratic.trainer.objective.Presets;
import dev.socratic.trainer.plan.ModelShape;
import dev.socratic.trainer.plan.Plan;
import dev.socratic.trainer.plan.PlanText;
import dev.socratic.trainer.plan.Planner;
import dev.socratic.trainer.teacher.StoreForecast;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What a student can be trained towards, and what an objective would do with two models, from their configs alone.
@Command(name = "objective", description = "Named training objectives: list them, or explain one for two models.",
        mixinStandardHelpOptions = true)
final class ObjectiveCommand implements Runnable {
    private final Console console;

    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec;

    ObjectiveCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(name = "list", description = "Every preset: name, paper, parity, test.", mixinStandardHelpOptions = true)
    int list(
            @Option(names = "--json", description = "One JSON array.") boolean json,
            @Option(names = "--papers", description = "As the page PAPERS.md.") boolean papers) {
        if (papers) {
            console.out().print(Papers.page());
        } else if (json) {
            console.json(Presets.names().stream().map(name -> facts(Objective.named(name))).toList());
        } else {
            for (String name : Presets.names()) {
                Objective objective = Objective.named(name);
                console.data(String.format(
                        Locale.ROOT, "%-20s %-9s %-17s %s", name, parity(objective), objective.paper()
                                .orElse("-"), objective.about()));
            }
        }
        return ExitCode.DONE;
    }

    @Command(name = "explain",
            description =
                    "Terms, weights, layer pairs and learned maps of an objective, or everything that does not fit.",
                            mixinStandardHelpOptions = true)
    int explain(
            @Parameters(paramLabel = "NAME|FILE",
                    description = "A preset, or the path of a YAML file.") String nameOrFile,
            @Option(names = "--student", required = true, paramLabel = "DIR",
                    description =
                            "The student's folder: config.json and tokenizer; or ORG/NAME[@REVISION] in the "
                                    + "cache.") Path student,
            @Option(names = "--teacher", paramLabel = "DIR",
                    description = "The teacher's, for objectives that compare with one.") Path teacher,
            @Option(names = "--json", description = "One JSON object.") boolean json) {
        Objective objective = Objective.named(nameOrFile);
        Objective.formerNames(nameOrFile).forEach(name -> console.talk("socratic: " + name));
        HubModels models = new HubModels(console.environment(), console::talk);
        List<Tokenizer> open = new java.util.ArrayList<>();
        try {
            Planner.Side own = side(models.folder(student), open);
            Plan plan = Planner.plan(objective, own,
                    Optional.ofNullable(teacher).map(folder -> side(models.folder(folder), open)));
            if (json) {
                Map<String, Object> facts = facts(objective);
                facts.putAll(PlanText.asData(plan));
                if (objective.needsTeacher()) {
                    facts.put("stores", StoreForecast.of(objective).entrySet().stream().collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().missing().stream().map(Problem::toString)
                                    .toList(), (a, b) -> a, LinkedHashMap::new)));
                }
                console.json(facts);
            } else {
                PlanText.of(plan).lines().forEach(console::data);
                stores(objective);
            }
        } finally {
            open.forEach(Tokenizer::close);
        }
        return ExitCode.DONE;
    }

    private void stores(Objective objective) {
        if (objective.needsTeacher()) {
            StoreForecast.of(objective)
                    .forEach((name, supplied) ->
                            console.data(
                                    "  a store '%s' in the teacher's place: %s".formatted(name,
                                            supplied.missing().isEmpty()
                    ? "yes, captured at temperature " + supplied.capture().temperature()
                    : "no: " + supplied.missing().stream().map(Problem::toString).collect(Collectors.joining("; ")))));
        }
    }

    private static Planner.Side side(Path folder, List<Tokenizer> open) {
        boolean encoder = EncoderConfig.isOf(folder);
        ModelShape shape = encoder
                ? ModelShape.of(EncoderConfig.read(folder))
                : ModelShape.of(ModelConfig.read(folder));
        Tokenizer tokenizer = Tokenizer.open(folder);
        open.add(tokenizer);
        return encoder ? new Planner.Side(shape, tokenizer) : new Planner.Side(shape, tokenizer,
                EosTokens.of(folder, tokenizer).first());
    }

    private static Map<String, Object> facts(Objective objective) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", objective.name());
        facts.put("about", objective.about());
        facts.put("paper", objective.paper());
        facts.put("parity", parity(objective));
        facts.put("test", objective.test());
        facts.put("left_out", objective.leftOut());
        facts.put("needs_teacher", objective.needsTeacher());
        return facts;
    }

    private static String parity(Objective objective) {
        return objective.parity().name().toLowerCase(Locale.ROOT);
    }
}
