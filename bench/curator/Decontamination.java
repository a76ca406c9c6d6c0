import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.curator.config.StepConfig.Decontaminate;
import dev.socratic.curator.decontaminate.DecontaminateStep;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.source.Exchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How many paraphrased leaks decontamination finds, and how many questions it takes for leaks that are none.
///
/// PARAPHRASES is a file with one paraphrase of each evaluation question a line, in their order, such as
/// `data/rephrase/rephrase_gsm8k.jsonl` of lm-sys/llm-decontaminator (`{"text": "Question: ...\nAnswer: \n#### 18"}`);
/// CLEAN a file of questions that are no leaks, such as GSM8K's training questions. Each flagged clean question is
/// printed with what it was taken for, to be read.
///
/// ```
/// java -cp <classes and libraries of curator> bench/curator/Decontamination.java TEST.jsonl PARAPHRASES.jsonl
/// CLEAN.jsonl ```
public final class Decontamination {
    public static void main(String[] arguments) throws IOException {
        List<Question> test = questions(Path.of(arguments[0]));
        for (boolean answers : new boolean[] {false, true}) {
            String known = answers ? "answers known" : "answers unknown";
            try (DecontaminateStep step = new DecontaminateStep(Decontaminate.STANDARD, test)) {
                count("paraphrases, " + known, step, questions(Path.of(arguments[1])), answers, false);
                count("clean, " + known, step, questions(Path.of(arguments[2])), answers, true);
            }
        }
    }

    private static void count(String name, DecontaminateStep step, List<Question> rows, boolean answers, boolean show) {
        Map<String, Integer> reasons = new TreeMap<>();
        long start = System.nanoTime();
        for (Question question : rows) {
            ObjectNode json = Json.mapper().createObjectNode().put("question", question.question()).put("answer", "?");
            Optional<String> gold = question.answer().filter(answer -> answers);
            Candidate row = new Candidate(Exchange.of(json), question.id(), question.id(), question.question(), gold);
            if (step.judge(row) instanceof Decision.Drop drop) {
                reasons.merge(drop.reason(), 1, Integer::sum);
                if (show) {
                    System.out.println("  " + question.question() + "\n    " + drop.evidence());
                }
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        int flagged = reasons.values().stream().mapToInt(Integer::intValue).sum();
        System.out.printf("%-32s %d of %d flagged (%.1f %%) %s, %.0f questions/s%n",
                name, flagged, rows.size(), 100.0 * flagged / rows.size(), reasons, rows.size() / seconds);
    }

    private static List<Question> questions(Path file) throws IOException {
        List<Question> questions = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            JsonNode row = Json.read(line, JsonNode.class, file.toString());
            String text = row.has("question") ? row.get("question").textValue() : row.get("text").textValue();
            String question = text.replaceAll("(?s)^Question: ", "").replaceAll("(?s)\\nAnswer:.*", "");
            String answer = (row.has("answer") ? row.get("answer").textValue() : text).replaceAll("(?s).*####", "")
                    .strip();
            questions.add(new Question(
                    RowIds.question(question), question, Optional.of(answer.replace(",", "")), Optional.empty(),
                            file.toString(),
                    Optional.empty(), List.of(), Map.of()));
        }
        return questions;
    }
}
