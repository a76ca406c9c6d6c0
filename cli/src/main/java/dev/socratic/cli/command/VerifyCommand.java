package dev.socratic.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Spelling;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.source.FieldPath;
import dev.socratic.datasets.verify.Agreement;
import dev.socratic.datasets.verify.Verification;
import dev.socratic.datasets.verify.Verification.Judged;
import dev.socratic.datasets.verify.Verification.Summary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Judges the final answers in any files of rows.
@Command(
        name = "verify",
        description = "Judges final answers in files: does the answer in one field equal the gold answer in another? "
                + "With --label, how often these verdicts agree with somebody's.",
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
    /// Rows in which the fields are looked for before all are judged.
    private static final int FIRST = 200;

    private final Console console;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "JSON lines (also .gz), JSON, CSV or Parquet; of a folder every .jsonl file with these"
                    + " fields.")
    private List<Path> places;

    @Option(
            names = "--gold",
            required = true,
            paramLabel = "FIELD",
            description = "Field with the gold answer, nested as a.b[0].c.")
    private String gold;

    @Option(
            names = "--answer",
            required = true,
            paramLabel = "FIELD",
            description = "Field with the answer to judge, nested likewise.")
    private String answer;

    @Option(
            names = "--label",
            paramLabel = "FIELD",
            split = ",",
            description = "Field that says whether the answer is right (true, right, 1); of several the first a row"
                    + " has. "
                    + "Then rows that are judged otherwise are shown, and precision and recall.")
    private List<String> labels = List.of();

    @Option(names = "--kind", paramLabel = "FIELD",
            description = "Field by which --label's figures are told apart too.")
    private String kind;

    @Option(names = "--json", description = "One object a row, then a summary object.")
    private boolean json;

    private final TreeMap<String, Agreement> kinds = new TreeMap<>();
    private Agreement agreement = Agreement.NONE;
    private long unlabelled;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Verification verification = Verification.of(gold, answer, labels, Optional.ofNullable(kind));
        List<Path> files = new ArrayList<>();
        places.forEach(place -> files.addAll(files(place, verification)));
        Summary all = new Summary(0, 0, 0, 0, 0);
        for (Path file : files) {
            String place = files.size() == 1 ? "" : file + ": ";
            Unreadable unreadable = new Unreadable(place);
            all = all.plus(verification.run(file, unreadable, judged -> judged(place, judged)));
            unreadable.repeated();
        }
        if (json) {
            Map<String, Object> summary = new LinkedHashMap<>();
            summary.put("summary", all);
            if (!labels.isEmpty()) {
                summary.put("agreement", figures(agreement));
                summary.put("unlabelled", unlabelled);
                Map<String, Object> byKind = new LinkedHashMap<>();
                kinds.forEach((name, figures) -> byKind.put(name, figures(figures)));
                summary.put("kinds", byKind);
            }
            console.jsonLine(summary);
        } else {
            console.data("%s rows: %s equal, %s different, %s without an answer, %s unreadable".formatted(
                    all.rows(), all.equal(), all.different(), all.withoutAnswer(), all.unreadable()));
            if (!labels.isEmpty()) {
                kinds.forEach((name, figures) -> console.data(name + ": " + told(figures)));
                console.data("%s%s".formatted(told(agreement), unlabelled == 0 ? ""
                        : "; %s without a label".formatted(unlabelled)));
            }
        }
        return all.unreadable() > 0 ? ExitCode.NOT_WHOLE : ExitCode.DONE;
    }

    private List<Path> files(Path place, Verification verification) {
        if (!Files.isDirectory(place)) {
            List<ObjectNode> first = first(place);
            field("--gold", gold, first);
            field("--answer", answer, first);
            return List.of(place);
        }
        try (Stream<Path> walk = Files.walk(place)) {
            List<Path> files = walk.filter(f -> f.getFileName().toString().matches(".*\\.jsonl(?:\\.gz)?")
                    && Files.isRegularFile(f))
                    .filter(f -> fits(f, verification)).sorted().toList();
            if (files.isEmpty()) {
                throw new DataException(
                        place.toString(), "a .jsonl file whose rows have %s and %s".formatted(gold, answer), "none",
                        "name the file, or the fields its rows have");
            }
            return files;
        } catch (IOException e) {
            throw IoProblems.reading(place, e);
        }
    }

    private static List<ObjectNode> first(Path file) {
        List<ObjectNode> rows = new ArrayList<>();
        try (RowReader reader = RowFiles.read(file, Quarantine.list())) {
            while (rows.size() < FIRST && reader.hasNext()) {
                rows.add(reader.next().json());
            }
        }
        return rows;
    }

    /// A field that none of the first rows has is a mistake in its name, not in every row.
    private static void field(String option, String name, List<ObjectNode> first) {
        FieldPath path = ConfigReader.checked(option, () -> FieldPath.of(name));
        if (!first.isEmpty() && first.stream().noneMatch(row -> path.in(row).isPresent())) {
            List<String> names = first.stream().flatMap(row -> row.properties().stream()).map(Map.Entry::getKey)
                    .distinct().toList();
            throw new ConfigException(option, "a field of the rows",
                    "'%s', which none of the first %s has".formatted(name, first.size()), Spelling.remedy(name, names));
        }
    }

    private static boolean fits(Path file, Verification verification) {
        try (RowReader rows = RowFiles.read(file, Quarantine.list())) {
            return rows.hasNext() && verification.fits(rows.next().json());
        }
    }

    private void judged(String place, Judged judged) {
        if (!labels.isEmpty() && judged.label().isEmpty()) {
            unlabelled++;
        }
        judged.label().ifPresent(label -> {
            agreement = agreement.plus(label, judged.equal());
            judged.kind().ifPresent(name ->
                    kinds.merge(name, Agreement.NONE.plus(label, judged.equal()), Agreement::plus));
        });
        show(place, judged);
    }

    private void show(String place, Judged judged) {
        if (json) {
            ObjectNode row = (ObjectNode) Json.tree(judged);
            if (judged.extracted().isEmpty()) {
                row.putNull("extracted"); // every line has the same keys
            }
            if (!place.isEmpty()) {
                row.put("file", place.substring(0, place.length() - 2));
            }
            console.jsonLine(row);
        } else if (judged.equal() != judged.label().orElse(true)) {
            console.data("%srow %s%s: gold '%s', answer '%s': %s".formatted(
                    place, judged.row(), judged.label().map(l -> l ? ", right, refused" : ", wrong, accepted")
                            .orElse(""),
                    judged.gold(), judged.extracted().orElse("none found"), judged.why()));
        }
    }

    private static String told(Agreement figures) {
        return String.format(
                Locale.ROOT, "%d labelled: %d right accepted, %d right refused, %d wrong accepted, %d wrong refused; "
                        + "precision %.2f %%, recall %.2f %%",
                figures.rows(), figures.rightAccepted(), figures.rightRejected(), figures.wrongAccepted(),
                figures.wrongRejected(), 100 * figures.precision(), 100 * figures.recall());
    }

    private static Map<String, Object> figures(Agreement figures) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("rows", figures.rows());
        map.put("right_accepted", figures.rightAccepted());
        map.put("right_refused", figures.rightRejected());
        map.put("wrong_accepted", figures.wrongAccepted());
        map.put("wrong_refused", figures.wrongRejected());
        map.put("precision", figures.precision());
        map.put("recall", figures.recall());
        return map;
    }

    /// A row that cannot be judged is shown in its place among the others, and once for each reason: a column that is
    /// not there is not there in all of them.
    private final class Unreadable implements Quarantine {
        private final Map<String, Long> reasons = new LinkedHashMap<>();
        private final String place;
        private long count;

        Unreadable(String place) {
            this.place = place;
        }

        @Override
        public void add(BadRow row) {
            count++;
            if (json || reasons.merge(row.reason(), 1L, Long::sum) == 1) {
                show(place, new Judged(
                        row.line(), "", "", Optional.empty(), false, row.reason(), Optional.empty(), Optional.empty()));
            }
        }

        void repeated() {
            reasons.forEach((reason, rows) -> {
                if (rows > 1) {
                    console.data("%s%s more row%s: %s".formatted(place, rows - 1, rows == 2 ? "" : "s", reason));
                }
            });
        }

        @Override
        public long count() {
            return count;
        }

        @Override
        public void close() {}
    }
}
