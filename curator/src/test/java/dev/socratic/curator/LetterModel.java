package dev.socratic.curator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.core.text.Usage;
import dev.socratic.curator.step.Answers;
import dev.socratic.curator.step.StepContext;
import dev.socratic.curator.step.StepModels;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/// A model whose numbers can be told by hand: a word costs its letters times `cost` nats, a tenth of that where it
/// stands before; a token is a word. What it writes, a function says.
final class LetterModel implements TextModel {
    static final int LONGEST = 200;

    private final String name;
    private final double cost;
    private final Function<String, String> answers;
    final List<ScoreRequest> read = new ArrayList<>();
    final List<String> asked = new ArrayList<>();
    int units;
    /// Reads so many units, then fails as a machine does that is switched off.
    int fails = Integer.MAX_VALUE;

    LetterModel(String name, double cost, Function<String, String> answers) {
        this.name = name;
        this.cost = cost;
        this.answers = answers;
    }

    /// A context with models `small` and `large`, the latter of half the cost, and `judge`.
    static StepContext context(Path scratch) {
        return new StepContext(List.of(), scratch,
                new StageContext(scratch, Progress.SILENT, Clock.systemUTC(), 1), models());
    }

    /// Those of [#context], `base` without a chat template, and `silent`, which neither scores nor counts.
    static StepModels models() {
        return new StepModels(name -> new LetterModel(name, name.equals("large") ? 0.25 : 0.5,
                prompt -> prompt.contains("bad") ? "Score: 1" : prompt.contains("odd") ? "who knows" : "Score: 5"),
                name -> new WordEmbedder(), List.of());
    }

    /// A rubric of one criterion that is answered with `Score: N`.
    static Path rubric(Path folder) {
        Path file = folder.resolve("one.rubric.yaml");
        try {
            Files.writeString(file, "source: ours\nprompt: 'Judge {{ answer }}'\n"
                    + "criteria: {quality: {from: 1, to: 5, regex: 'Score: (\\d+)'}}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    /// Four samples each of the questions `easy`, `half` and `hard`, of which 4, 2 and 0 are right.
    static Path samples(Path file) {
        StringBuilder lines = new StringBuilder();
        for (String question : List.of("easy", "half", "hard")) {
            int right = question.equals("easy") ? 4 : question.equals("half") ? 2 : 0;
            for (int i = 0; i < 4; i++) {
                ObjectNode row = RowMapper.json(Answers.trace(question, i, "x", "2",
                        List.of(new Verdict("final_answer", i < right, ""))));
                lines.append(Json.line(row)).append('\n');
            }
        }
        try {
            Files.writeString(file, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    @Override
    public ModelCard card() {
        return new ModelCard(name, "weights:" + name, "1", LONGEST, 2, 1, !name.equals("silent"));
    }

    @Override
    public List<ContinuationScore> score(List<ScoreRequest> requests) {
        if (units++ >= fails) {
            throw new IllegalStateException("switched off");
        }
        read.addAll(requests);
        return requests.stream().map(this::score).toList();
    }

    private ContinuationScore score(ScoreRequest request) {
        List<String> known = new ArrayList<>(words(request.context()));
        double log = 0;
        for (String word : words(request.continuation())) {
            log -= word.length() * cost * (known.contains(word) ? 0.1 : 1);
            known.add(word);
        }
        return new ContinuationScore(log, words(request.continuation()).size(), false);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).toList();
    }

    @Override
    public OptionalInt tokens(String text) {
        return name.equals("silent") ? OptionalInt.empty() : OptionalInt.of(words(text).size());
    }

    @Override
    public Optional<String> opening(List<ChatMessage> messages) {
        if (name.equals("base")) {
            return Optional.empty();
        }
        StringBuilder text = new StringBuilder();
        messages.forEach(message -> text.append(message.content()).append(" : "));
        return Optional.of(text.toString());
    }

    @Override
    public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
        return requests.stream().map(request -> {
            String prompt = request.messages().getLast().content();
            asked.add(prompt);
            return (GenerationOutcome) new GenerationOutcome.Completion(request.id(), answers.apply(prompt),
                    Optional.empty(), FinishReason.STOP, new Usage(10, 2, 0));
        }).toList();
    }

    @Override
    public void close() {}
}
