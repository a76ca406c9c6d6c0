package dev.socratic.eval.report;

import dev.socratic.core.run.Counts;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.Calculator;
import dev.socratic.eval.EvalConfig;
import dev.socratic.eval.Sums;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// A run folder like the demo's: two stages that drop rows, two students' metrics, four evaluated models on one task.
final class RunExample {
    final Path run;

    RunExample(Path run) {
        this.run = run;
    }

    static Map<String, Long> generateReasons() {
        return new TreeMap<>(Map.of("wrong_answer", 410L, "truncated", 35L, "repetitive", 12L));
    }

    ReportInput input() throws Exception {
        Files.createDirectories(run.resolve("curate"));
        Files.writeString(run.resolve("recipe.yaml"), "name: demo\ngenerate:\n  samples: 4\n");
        SequencedMap<String, Path> metrics = new LinkedHashMap<>();
        metrics.put("sft", metrics("sft", 2.4, 0));
        metrics.put("kd", metrics("kd", 0.9, 40));
        SequencedMap<String, Path> evaluations = new LinkedHashMap<>();
        EvalConfig config = Sums.config(Sums.file(run, 200), "");
        int slip = 50;
        for (String model : List.of("teacher", "student_before", "student_sft", "student_kd")) {
            Path folder = run.resolve("eval/" + model);
            Sums.run(config, Calculator.withSlip(slip).ofUnits(100, 1), folder);
            evaluations.put(model, folder);
            slip = slip == 50 ? 1 : slip == 1 ? 4 : 6;
        }
        return new ReportInput(
                "demo", run, stages(), Optional.of(curation()), Optional.empty(), metrics, evaluations,
                List.of(new ReportInput.Pair("kd_vs_sft", "student_kd", "student_sft"),
                        new ReportInput.Pair("kd_vs_teacher", "student_kd", "teacher")),
                Map.of("teacher", 8_400_128L, "student", 1_420_800L), 3_412, new TreeMap<>());
    }

    static List<ReportInput.StageFacts> stages() {
        return List.of(
                new ReportInput.StageFacts("generate", 93.4, Counts.of(4_000, 3_540, generateReasons(), 3),
                        new Usage(240_000, 310_222, 0)),
                new ReportInput.StageFacts(
                        "curate", 4.1,
                        Counts.of(3_540, 2_210,
                                Map.of("exact_duplicate", 760L, "near_duplicate", 310L, "not_chosen", 250L, "too_short",
                                        10L), 0), Usage.NONE),
                new ReportInput.StageFacts("train/sft", 120, Counts.of(2_210, 2_210, Map.of(), 0), Usage.NONE),
                new ReportInput.StageFacts("train/kd", 171.7, Counts.of(2_210, 2_210, Map.of(), 0), Usage.NONE),
                new ReportInput.StageFacts("eval/teacher", 12.9, Counts.of(200, 200, Map.of(), 0),
                        new Usage(2_000, 1_000, 0.2)));
    }

    private Path curation() throws Exception {
        return Files.writeString(run.resolve("curate/report.json"), """
                {"counts": {"in": 3540, "kept": 2210, "dropped": {"exact_duplicate": 760, "near_duplicate": 310, "not_chosen": 250, "too_short": 10}, "failed": 0},
                 "steps": [
                  {"step": "exact_duplicates", "in": 3540, "out": 2780, "dropped": {"exact_duplicate": 760}, "facts": {}},
                  {"step": "near_duplicates", "in": 2780, "out": 2470, "dropped": {"near_duplicate": 310}, "facts": {}},
                  {"step": "decontaminate", "in": 2470, "out": 2470, "dropped": {}, "facts": {}},
                  {"step": "length", "in": 2470, "out": 2460, "dropped": {"too_short": 10}, "facts": {}},
                  {"step": "select", "in": 2460, "out": 2210, "dropped": {"not_chosen": 250}, "facts": {}}]}
                """);
    }

    /// Rows as the trainer writes them; one step in so many has no number for its loss.
    private Path metrics(String student, double start, int gap) throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int step = 1; step <= 600; step++) {
            double loss = start * Math.exp(-step / 150.0) + 0.2 + 0.05 * Math.sin(step * 1.7);
            String shown = gap > 0 && step % 300 == gap ? "\"NaN\"" : String.format(Locale.ROOT, "%.4f", loss);
            lines.append(
                    String.format(Locale.ROOT, "{\"step\":%d,\"tokens\":%d,\"loss\":%s,\"token_accuracy\":%.4f}%n",
                            step, step * 2_000L, shown, 1 - loss / 4));
            if (step % 100 == 0) {
                lines.append(String.format(
                        Locale.ROOT, "{\"step\":%d,\"tokens\":%d,\"eval_loss\":%.4f,\"eval_token_accuracy\":%.4f}%n",
                        step, step * 2_000L, loss + 0.03, 1 - loss / 3.5));
            }
        }
        return Files.writeString(Files.createDirectories(run.resolve("train/" + student)).resolve("metrics.jsonl"),
                lines);
    }
}
