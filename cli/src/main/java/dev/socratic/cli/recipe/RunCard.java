package dev.socratic.cli.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Manifest;
import dev.socratic.core.run.RunFolder;
import dev.socratic.curator.CurateStage;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.trainer.config.TrainConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a run knows of a student and its training does not: teachers with their terms, where its rows come from, what
/// was filtered, scores beside base and teacher, and what it all took. A part of the student's card, made from what the
/// run recorded, and made again when more is known.
final class RunCard {
    private static final String BEGIN = "<!-- from the run -->\n";
    private static final String END = "<!-- end of what is from the run -->\n";
    /// What of a card by the trainer comes last.
    private static final String CONFIG = "\nThe whole config:\n";

    private final Recipe recipe;
    private final RunFolder run;
    private final TrainConfig student;
    private final StringBuilder text = new StringBuilder();

    private RunCard(Recipe recipe, RunFolder run, TrainConfig student) {
        this.recipe = recipe;
        this.run = run;
        this.student = student;
    }

    /// @param card    of the student, with this part or without
    /// @param student as the recipe has it
    /// @return the same card with this part as of now
    static String told(String card, Recipe recipe, RunFolder run, TrainConfig student) {
        int from = card.indexOf(BEGIN);
        String plain = from < 0 ? card : card.substring(0, from) + card.substring(card.indexOf(END) + END.length() + 1);
        int place = plain.indexOf(CONFIG) < 0 ? plain.length() : plain.indexOf(CONFIG) + 1;
        RunCard part = new RunCard(recipe, run, student);
        part.teachers();
        part.rows();
        part.filters();
        part.text.append(CardScores.of(recipe, run, student));
        part.text.append(CardCosts.of(recipe, run, student));
        return part.text.isEmpty() ? plain
                : plain.substring(0, place) + BEGIN + part.text + END + "\n" + plain.substring(place);
    }

    private void teachers() {
        StringBuilder rows = new StringBuilder();
        for (TeacherOf teacher : TeacherOf.of(recipe, student)) {
            rows.append(line(teacher.model().name(), teacher.gives(), teacher.model().license().orElse("not stated"),
                    teacher.terms().map(terms -> terms.rule().name().toLowerCase(Locale.ROOT) + ", " + terms)
                            .orElse("none known to this tool")));
        }
        table("Teachers", "| teacher | gave | licence | terms on training with its output (no legal advice) |\n"
                + "|---|---|---|---|\n", rows);
    }

    private void rows() {
        StringBuilder rows = new StringBuilder();
        if (student.data().isPresent()) {
            Manifest.Stage stage = run.manifest().stages().get("train/" + student.name());
            sources("data", student.data().get(), stage, rows);
        } else {
            corpus(rows);
        }
        table("Rows by source", "| source | rows | sha256 |\n|---|---|---|\n", rows);
    }

    private static void sources(String place, ExampleSource source, Manifest.Stage stage, StringBuilder rows) {
        switch (source) {
            case ExampleSource.File file -> rows.append(line(String.valueOf(file.path().getFileName()),
                    file.limit().map(limit -> number("at most %,d", limit)).orElse("all that can be read"),
                    stage.basis().inputs().getOrDefault(place + ".file.path", "not recorded")));
            case ExampleSource.WordProblems made -> rows.append(line("word problems of this tool, split %s, seed %s"
                    .formatted(made.split().name().toLowerCase(Locale.ROOT), made.seed()),
                    number("%,d", made.count()), "made from the seed"));
            case ExampleSource.Mix mix -> {
                for (int i = 0; i < mix.parts().size(); i++) {
                    sources("%s.mix.parts[%s].source".formatted(place, i), mix.parts().get(i).source(), stage, rows);
                }
            }
        }
    }

    /// Of the curated corpus: each row's question says where it is from.
    private void corpus(StringBuilder rows) {
        Path train = run.folder("curate").resolve(CurateStage.TRAIN);
        if (!Files.exists(train)) {
            return;
        }
        Map<String, String> sources = new HashMap<>();
        Path questions = run.folder("generate").resolve("questions.jsonl");
        if (Files.exists(questions)) {
            each(questions, row -> sources.put(row.path("id").asText(), row.path("source").asText()
                    + (row.hasNonNull("licence") ? " (licence " + row.path("licence").asText() + ")" : "")));
        }
        Map<String, Long> counts = new TreeMap<>();
        each(train, row -> counts.merge(Optional.ofNullable(sources.get(row.path("question_id").asText()))
                .filter(source -> !source.isEmpty()).orElse("answers of the recipe"), 1L, Long::sum));
        counts.forEach((source, n) -> rows.append(line("questions of " + source, number("%,d", n), "")));
        String hash = Optional.ofNullable(run.manifest().stages().get("curate"))
                .map(stage -> stage.outputs().get(CurateStage.TRAIN)).orElse("");
        rows.append(line("curate/train.jsonl", number("%,d", counts.values().stream().mapToLong(n -> n).sum()), hash));
    }

    private static void each(Path file, java.util.function.Consumer<JsonNode> use) {
        try (RowReader reader = RowFiles.read(file, Quarantine.refuse())) {
            reader.forEachRemaining(row -> use.accept(row.json()));
        }
    }

    private void filters() {
        StringBuilder rows = new StringBuilder();
        if (student.data().isEmpty()) {
            Optional.ofNullable(run.manifest().stages().get("generate")).filter(stage -> recipe.answers().isEmpty())
                    .flatMap(Manifest.Stage::counts).ifPresent(counts -> rows.append(line("generate: checks of answers",
                            number("%,d", counts.in()), number("%,d", counts.kept()), counts.dropped().toString())));
            Path report = run.folder("curate").resolve(CurateStage.REPORT);
            if (Files.exists(report)) {
                Json.read(report, JsonNode.class).path("steps").forEach(step -> rows.append(line(
                        "curate: " + step.path("step").asText(), number("%,d", step.path("in").asLong()),
                        number("%,d", step.path("out").asLong()), step.path("dropped").toString().replace("\"", ""))));
            }
        }
        table("Filters", "| filter | in | out | dropped |\n|---|---|---|---|\n", rows);
    }

    private void table(String title, String head, StringBuilder rows) {
        if (!rows.isEmpty()) {
            text.append("\n## ").append(title).append("\n\n").append(head).append(rows);
        }
    }

    /// A row of a table.
    static String line(String... cells) {
        StringBuilder line = new StringBuilder("|");
        for (String cell : cells) {
            line.append(' ').append(cell.replace("|", "\\|").replaceAll("\\s+", " ")).append(" |");
        }
        return line.append('\n').toString();
    }

    /// The same in every country.
    static String number(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
