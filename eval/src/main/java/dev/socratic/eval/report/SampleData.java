package dev.socratic.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.eval.Sample;
import dev.socratic.eval.SampleEvidence;
import dev.socratic.eval.SavedSamples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/// The samples of a page as data for its script: a list of what is filtered by, and blocks of everything else that are
/// unpacked when they are looked at.
///
/// All of it is JSON, gzip, base64, in elements that no browser runs or parses: whatever a model said, no byte of it
/// is HTML. A text longer than [#LONGEST] characters is cut and says by how much; when the blocks together come to
/// [#MOST], later questions are listed without their texts. Both are counted in the list.
final class SampleData {
    /// Characters of a text in the page.
    static final int LONGEST = 20_000;
    /// Tokens of an answer that are coloured in the page.
    static final int MOST_TOKENS = 4_000;
    /// Characters of base64 of all blocks together, 64 MiB.
    static final long MOST = 64L << 20;
    private static final int BLOCK = 64;
    private static final int EXCERPT = 140;

    private final Scores scores;
    private final List<String> models;
    private final List<String> subjects = new ArrayList<>();
    private final ArrayNode rows = Json.mapper().createArrayNode();
    private final StringBuilder blocks = new StringBuilder();
    private ArrayNode block = Json.mapper().createArrayNode();
    private int written;
    private long cut;
    private long left;

    private SampleData(Scores scores) {
        this.scores = scores;
        this.models = List.copyOf(scores.models().keySet());
    }

    /// @return the elements that hold it
    static String html(Scores scores) {
        SampleData data = new SampleData(scores);
        List<String> tasks = scores.tasks();
        for (int i = 0; i < tasks.size(); i++) {
            data.task(i, tasks.get(i));
        }
        data.flush();
        return element("samples-list", pack(data.list(tasks))) + data.blocks;
    }

    private ObjectNode list(List<String> tasks) {
        ObjectNode list = Json.mapper().createObjectNode();
        list.set("models", Json.tree(models));
        list.set("tasks", Json.tree(tasks));
        list.set("subjects", Json.tree(subjects));
        ArrayNode pairs = list.putArray("pairs");
        scores.comparisons().keySet().forEach(pair -> pairs.addArray().add(models.indexOf(pair.first()))
                .add(models.indexOf(pair.second())));
        ArrayNode changed = list.putArray("changed");
        scores.trained().forEach((after, before) -> changed.addArray().add(models.indexOf(before))
                .add(models.indexOf(after)));
        return list.put("block", BLOCK).put("cut", cut).put("longest", LONGEST).put("left", left).set("rows", rows);
    }

    private void task(int number, String task) {
        List<Map<String, Sample>> byModel = new ArrayList<>();
        Set<String> all = new LinkedHashSet<>();
        for (String model : models) {
            SavedSamples samples = scores.models().get(model).get(task);
            Map<String, Sample> rowsOf = samples == null ? Map.of() : samples.byDocument();
            byModel.add(rowsOf);
            all.addAll(rowsOf.keySet());
        }
        for (String question : all) {
            SequencedMap<Integer, Sample> answered = new LinkedHashMap<>();
            for (int i = 0; i < byModel.size(); i++) {
                Sample sample = byModel.get(i).get(question);
                if (sample != null) {
                    answered.put(i, sample);
                }
            }
            row(number, answered);
        }
    }

    private void row(int task, SequencedMap<Integer, Sample> answered) {
        Sample any = answered.firstEntry().getValue();
        ArrayNode row = rows.addArray();
        row.add(task).add(any.docId()).add(any.group().map(this::subject).orElse(-1))
                .add(excerpt(any.question()));
        ArrayNode scored = row.addArray();
        ArrayNode flags = row.addArray();
        Map<Integer, SampleEvidence> evidence = new LinkedHashMap<>();
        answered.forEach((model, sample) -> evidence.put(model, SampleEvidence.of(sample)));
        for (int i = 0; i < models.size(); i++) {
            Sample sample = answered.get(i);
            if (sample == null) {
                scored.addNull();
                flags.add(0);
            } else {
                scored.add(sample.score());
                flags.add(flags(sample, evidence.get(i)));
            }
        }
        if (blocks.length() > MOST) {
            left++;
        } else {
            block.add(detail(any, answered, evidence));
            if (block.size() == BLOCK) {
                flush();
            }
        }
    }

    private int subject(String name) {
        int known = subjects.indexOf(name);
        if (known < 0) {
            subjects.add(name);
            return subjects.size() - 1;
        }
        return known;
    }

    private static String excerpt(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= EXCERPT ? line : line.substring(0, line.offsetByCodePoints(0,
                Math.min(EXCERPT, line.codePointCount(0, line.length())))) + "…";
    }

    /// What a reader may want to see alone: cut off, no answer, unjudged, nothing taken out, in the training corpus.
    private static int flags(Sample sample, SampleEvidence evidence) {
        boolean nothing = evidence.choices().isEmpty()
                && sample.answers().stream().allMatch(answer -> answer.extracted().isEmpty());
        return (sample.truncated() ? 1 : 0) + (sample.failed() ? 2 : 0) + (evidence.unjudged() ? 4 : 0)
                + (nothing ? 8 : 0) + (evidence.contaminated() ? 16 : 0);
    }

    private ObjectNode detail(Sample any, SequencedMap<Integer, Sample> answered,
            Map<Integer, SampleEvidence> evidence) {
        ObjectNode detail = Json.mapper().createObjectNode().put("q", cut(any.question()))
                .put("g", cut(any.target()));
        List<String> prompts = new ArrayList<>();
        ObjectNode byModel = detail.putObject("m");
        answered.forEach((model, sample) -> {
            SampleEvidence shown = evidence.get(model);
            if (!prompts.contains(shown.prompt())) {
                prompts.add(shown.prompt());
            }
            ObjectNode one = byModel.putObject(String.valueOf(model)).put("p", prompts.indexOf(shown.prompt()));
            ArrayNode answers = one.putArray("a");
            if (shown.choices().isEmpty()) {
                sample.answers().forEach(answer -> answers.addArray().add(cut(answer.response()))
                        .add(answer.extracted().map(this::cut).orElse(null)).add(answer.correct() ? 1 : 0)
                        .add(cut(answer.why())).add(answer.finish()));
            } else {
                choices(one.putArray("c"), shown);
            }
            if (!shown.tokens().isEmpty()) {
                tokens(one.putArray("l"), shown);
            }
        });
        ArrayNode sent = detail.putArray("p");
        prompts.forEach(prompt -> sent.add(cut(prompt)));
        return detail;
    }

    private void choices(ArrayNode into, SampleEvidence evidence) {
        List<Double> probabilities = evidence.probabilities();
        for (int i = 0; i < evidence.choices().size(); i++) {
            SampleEvidence.Choice choice = evidence.choices().get(i);
            into.addArray().add(cut(choice.text())).add(rounded(choice.logProbability()))
                    .add(rounded(probabilities.get(i)));
        }
    }

    private void tokens(ArrayNode into, SampleEvidence evidence) {
        evidence.tokens().forEach(list -> {
            ArrayNode tokens = into.addArray();
            cut += list.size() > MOST_TOKENS ? 1 : 0;
            list.stream().limit(MOST_TOKENS).forEach(token ->
                    tokens.addArray().add(token.text()).add(rounded(token.logProbability())));
        });
    }

    private static double rounded(double value) {
        return Math.round(value * 1e4) / 1e4;
    }

    private String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        cut++;
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end)
                + "… [%s more characters in the file]".formatted(Html.count(text.length() - end));
    }

    private void flush() {
        if (!block.isEmpty()) {
            blocks.append(element("samples-" + written++, pack(block)));
            block = Json.mapper().createArrayNode();
        }
    }

    private static String element(String id, String content) {
        return "<script type=\"application/octet-stream\" id=\"%s\">%s</script>\n".formatted(id, content);
    }

    private static String pack(Object json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream packed = new GZIPOutputStream(bytes)) {
            packed.write(Json.line(json).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
