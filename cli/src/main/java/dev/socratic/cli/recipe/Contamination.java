package dev.socratic.cli.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.RunFolder;
import dev.socratic.curator.decontaminate.CorpusLeaks;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.eval.Sample;
import dev.socratic.eval.SavedSamples;
import dev.socratic.eval.stats.Mean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/// How much of each benchmark stands in the corpus that the run's students learn from, and what a model scores with
/// and without those questions. It stands in the results file under `contamination`, by task, and lives here, for
/// nobody but the command line knows the corpus and the evaluation.
///
/// A question is compared by its text: the field of its document that holds it ([#FIELDS]), or, of a document with
/// none of these, all its texts.
final class Contamination {
    private static final String KEY = "contamination";
    private static final List<String> FIELDS = List.of("question", "problem", "query", "ctx", "goal", "prompt", "input",
            "instruction", "sentence", "text");

    private Contamination() {}

    /// Looks each task of an evaluation up in a corpus, and adds what it finds to the results file.
    ///
    /// @param stage  of the evaluation, which is whole
    /// @param corpus what is learned from
    /// @param hash   of the corpus: the same one is not looked through twice
    /// @return a line for each task with a question in the corpus
    static List<String> tell(RunFolder run, String stage, Path corpus, String hash) {
        Path folder = run.folder(stage);
        Optional<Path> file = results(folder);
        if (file.isEmpty()) {
            return List.of();
        }
        ObjectNode results = Json.read(file.get(), ObjectNode.class);
        List<String> lines = new ArrayList<>();
        if (!results.path("contamination_corpus").asText().equals(hash)) {
            ObjectNode found = Json.mapper().createObjectNode();
            SavedSamples.ofFolder(folder).forEach((task, samples) ->
                    found.set(task, of(samples.rows(), ExampleSource.File.of(corpus))));
            results.set(KEY, found);
            results.put("contamination_corpus", hash);
            run.rewrite(stage, file.get().getFileName().toString(), Json.pretty(results));
        }
        results.path(KEY).properties().forEach(task -> {
            JsonNode facts = task.getValue();
            if (facts.path("contaminated").asLong() > 0) {
                lines.add("%s: %s: %s of %s questions stand in the corpus; %s with them, %s without".formatted(stage,
                        task.getKey(), facts.path("contaminated"), facts.path("n"), shown(facts.path("all")),
                        shown(facts.path("clean"))));
            }
        });
        return lines;
    }

    private static String shown(JsonNode part) {
        return part.path("n").asLong() == 0 ? "nothing is left" : String.format(java.util.Locale.ROOT, "%.4f",
                part.path("value").asDouble());
    }

    /// @return `{n, contaminated, all: {n, value, ci95}, clean: {...}, rows: {question's id: row's id}}`; `clean` only
    ///         where a question is left
    static ObjectNode of(List<Sample> samples, ExampleSource.File corpus) {
        Map<String, Question> questions = new LinkedHashMap<>();
        List<String> ids = new ArrayList<>();
        samples.forEach(sample -> {
            Question question = Question.of(text(sample.line().path("doc")), answer(sample), Optional.empty(), "");
            questions.putIfAbsent(question.id(), question);
            ids.add(question.id());
        });
        SortedMap<String, CorpusLeaks.Leak> leaks = CorpusLeaks.of(questions.values(), corpus);
        List<Double> all = new ArrayList<>();
        List<Double> clean = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            all.add(samples.get(i).score());
            if (!leaks.containsKey(ids.get(i))) {
                clean.add(samples.get(i).score());
            }
        }
        ObjectNode facts = Json.mapper().createObjectNode().put("n", all.size())
                .put("contaminated", all.size() - clean.size());
        put(facts, "all", all);
        put(facts, "clean", clean);
        ObjectNode rows = facts.putObject("rows");
        leaks.forEach((id, leak) -> rows.put(id, leak.row()));
        return facts;
    }

    private static void put(ObjectNode facts, String name, List<Double> scores) {
        if (!scores.isEmpty()) {
            Mean mean = Mean.of(scores.stream().mapToDouble(Double::doubleValue).toArray());
            facts.putObject(name).put("n", scores.size()).put("value", mean.value()).putArray("ci95")
                    .add(mean.ci95().low()).add(mean.ci95().high());
        }
    }

    private static Optional<String> answer(Sample sample) {
        JsonNode target = sample.line().path("target");
        return target.isTextual() && !target.asText().isBlank() ? Optional.of(target.asText()) : Optional.empty();
    }

    private static String text(JsonNode doc) {
        return FIELDS.stream().map(doc::path).filter(JsonNode::isTextual).map(JsonNode::asText).findFirst()
                .orElseGet(() -> String.join(" ", texts(doc)));
    }

    private static List<String> texts(JsonNode node) {
        List<String> texts = new ArrayList<>();
        if (node.isTextual()) {
            texts.add(node.asText());
        }
        node.forEach(below -> texts.addAll(texts(below)));
        return texts;
    }

    private static Optional<Path> results(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("results_.*\\.json")).sorted()
                    .reduce((one, other) -> other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
