package dev.socratic.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Counts;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.report.Report;
import dev.socratic.eval.report.ReportInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// A run with three evaluated models: sums of four levels asked eight times each, given choices with their
/// probabilities, stories with log probabilities of every token, and texts that mean harm.
final class EvaluationExample {
    static final String HOSTILE = "</script></pre></title><script>document.title='owned'</script><img src=x "
            + "onerror=\"document.title='owned'\">'\"&\u2028<!--<style>body{display:none}</style>";
    static final List<String> MODELS = List.of("base", "student", "teacher");

    private EvaluationExample() {}

    /// @param stories how many there are
    static Path write(Path run, int stories) throws IOException {
        SequencedMap<String, Path> evaluations = new LinkedHashMap<>();
        for (String model : MODELS) {
            Path folder = Files.createDirectories(run.resolve("eval/" + model));
            evaluations.put(model, folder);
            double skill = model.equals("base") ? 0.25 : model.equals("student") ? 0.6 : 0.85;
            sums(folder, skill, new SplittableRandom(model.hashCode()));
            choices(folder, skill, new SplittableRandom(model.hashCode() + 1));
            stories(folder, skill, stories, new SplittableRandom(model.hashCode() + 2));
            Files.writeString(folder.resolve("results_2026-01-01T00-00-00.json"), """
                    {"results": {"science": {"alias": "science", "acc,none": %s, "acc_stderr,none": 0.03},
                     "physics": {"acc,none": %s, "acc_stderr,none": 0.04, "acc_norm,none": 0.5},
                     "stories": {"exact_match,final_answer": %s}},
                     "group_subtasks": {"science": ["physics"], "stories": []}, "unjudged": {"stories": 3},
                     "contamination": {"stories": {"n": 40, "contaminated": 2, "clean": {"n": 38, "value": 0.5}}}}
                    """.formatted(skill, skill, skill));
        }
        SequencedMap<String, String> trained = new LinkedHashMap<>(Map.of("student", "base"));
        Report.write(new ReportInput("evaluation " + HOSTILE, run, List.of(
                new ReportInput.StageFacts("eval/base", 12, Counts.of(10, 10, Map.of(), 0), new Usage(9_000, 4_000, 0)),
                new ReportInput.StageFacts("eval/teacher", 31, Counts.of(10, 10, Map.of(), 0),
                        new Usage(9_000, 5_000, 0.32))), Optional.empty(), Optional.empty(), new LinkedHashMap<>(),
                evaluations, List.of(new ReportInput.Pair("student_vs_base", "student", "base"),
                        new ReportInput.Pair("student_vs_teacher", "student", "teacher")), Map.of(), 900,
                new TreeMap<>(), Map.of("base",
                        new ReportInput.ModelSize(Optional.of(787_584L), Optional.of(1_600_000L))),
                trained), 10, run);
        return run.resolve(Report.PAGE);
    }

    private static void sums(Path folder, double skill, SplittableRandom random) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 80; i++) {
            double chance = Math.clamp(skill + 0.3 - (i % 4) * 0.2, 0, 1);
            ObjectNode line = line(i, "What is %s + %s?".formatted(i, 2 * i), "" + 3 * i);
            line.put("by", "level " + (i % 4 + 1));
            ArrayNode responses = line.putArray("resps").addArray();
            ArrayNode extracted = line.putArray("filtered_resps").addArray();
            ArrayNode verdicts = line.putArray("verdicts");
            ArrayNode whys = line.putArray("whys");
            ArrayNode ends = line.putArray("finish_reasons");
            int right = 0;
            for (int k = 0; k < 8; k++) {
                boolean hit = random.nextDouble() < chance;
                right += hit ? 1 : 0;
                String said = "" + (hit ? 3 * i : 3 * i + 1 + random.nextInt(2));
                responses.add("I add both.\nThe answer is " + said + ".");
                extracted.add(said);
                verdicts.add(hit ? 1 : 0);
                whys.add(hit ? "the same number" : "another number");
                ends.add(k == 7 && i % 9 == 0 ? "length" : "stop");
            }
            lines.append(Json.line(line.put("exact_match", right / 8.0))).append('\n');
        }
        Files.writeString(folder.resolve("samples_sums_2026-01-01T00-00-00.jsonl"), lines);
    }

    private static void choices(Path folder, double skill, SplittableRandom random) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 120; i++) {
            ObjectNode line = line(i, "Question %s: which colour is the sky by day?".formatted(i), "" + i % 4);
            ObjectNode arguments = line.putObject("arguments");
            ArrayNode responses = line.putArray("resps");
            int best = random.nextDouble() < skill ? i % 4 : random.nextInt(4);
            for (int c = 0; c < 4; c++) {
                arguments.putObject("gen_args_" + c).put("arg_0", "Question " + i + "\nAnswer:")
                        .put("arg_1", " " + List.of("blue", "green", "red", "none").get(c));
                double log = -3 - random.nextDouble() * 2 + (c == best ? 2.5 * skill : 0) * random.nextDouble();
                responses.addArray().addArray().add("" + (c == best ? Math.max(log, -2.99) : log)).add("False");
            }
            line.put("filter", "none").putArray("metrics").add("acc");
            lines.append(Json.line(line.put("acc", best == i % 4 ? 1.0 : 0.0))).append('\n');
        }
        Files.writeString(folder.resolve("samples_physics_2026-01-01T00-00-00.jsonl"), lines);
    }

    private static void stories(Path folder, double skill, int n, SplittableRandom random) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < n; i++) {
            boolean hit = random.nextDouble() < skill;
            String text = i == 3 ? HOSTILE : "Mia bakes %s cakes on each of %s trays. Zoe takes %s. How many are left?"
                    .formatted(i, i % 7 + 2, i % 5);
            ObjectNode line = line(i, text, "" + i);
            ObjectNode call = line.putObject("arguments").putObject("gen_args_0");
            call.put("arg_0", Json.line(List.of(Map.of("role", "user", "content", text + "\nThink step by step."))));
            String response = i == 3 ? HOSTILE : "First I count the trays, then what is left. The answer is "
                    + (hit ? i : i + 1) + ".";
            line.putArray("resps").addArray().add(response);
            line.putArray("filtered_resps").add(i == 3 ? HOSTILE : "" + (hit ? i : i + 1));
            line.put("why", i == 3 ? HOSTILE : hit ? "the same number" : "another number");
            line.put("finish_reason", i % 50 == 7 ? "length" : "stop");
            if (i % 40 == 5) {
                line.put("unjudged", true);
            }
            if (i < 40) {
                ArrayNode tokens = line.putArray("logprobs").addArray();
                for (String word : response.split("(?=[ <])")) {
                    tokens.addArray().add(word).add(-Math.pow(random.nextDouble(), 4) * 6);
                }
            }
            lines.append(Json.line(line.put("exact_match", hit ? 1.0 : 0.0))).append('\n');
        }
        Files.writeString(folder.resolve("samples_stories_2026-01-01T00-00-00.jsonl"), lines);
    }

    private static ObjectNode line(int number, String question, String target) {
        ObjectNode line = Json.mapper().createObjectNode().put("doc_id", number).put("target", target)
                .put("filter", "final_answer");
        line.putObject("doc").put("question", question);
        return line;
    }
}
