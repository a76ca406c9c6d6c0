package dev.socratic.trainer.teacher;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDManager;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.models.checkpoint.DType;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.models.network.Decoder;
import dev.socratic.trainer.TrainStage;
import dev.socratic.trainer.config.Bos;
import dev.socratic.trainer.config.LossOn;
import dev.socratic.trainer.config.TooLong;
import dev.socratic.trainer.config.TrainConfig;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.Encoding.Tail;
import dev.socratic.trainer.logits.Encoding.Width;
import dev.socratic.trainer.logits.capture.StoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ordering of Anshumann et al. 2025, arXiv:2503.16870, on the embedded teacher: the twelve likeliest tokens
/// alone are worse than no teacher, the rest given to the label or to a class of its own repairs it, and fifty draws
/// win most of what the whole distribution does.
///
/// The embedded teacher is all but certain, so that nothing can be left out of its distributions. Here it speaks at
/// temperature 2: its last norm is halved, and it wrote the rows itself, training rows and held-out ones, so that its
/// probabilities are true of them. The student is the teacher before it was halved.
@Tag("slow")
class StoreOrderingTest {
    private static final Path EMBEDDED = StoreFixture.EMBEDDED.toAbsolutePath().normalize();
    private static final int SEEDS = 4;
    /// Student's t for three degrees of freedom, 95 %, two-sided.
    private static final double T = 3.182;

    @TempDir
    Path folder;

    @Test
    void twelveLikeliestAloneAreWorseThanNoTeacherAndResidualAndDrawsRepairIt() throws Exception {
        Engines.threads(1);
        Path teacher = halved(folder.resolve("teacher"));
        Path train = written(teacher, 200, 11);
        Path heldOut = written(teacher, 200, 12);
        Path objective = Files.writeString(folder.resolve("kl.yaml"), "name: kl\nterms: [{distance: kl}]\n");
        Map<String, Optional<Encoding>> variants = new LinkedHashMap<>();
        variants.put("labels", Optional.empty());
        variants.put("renormalised", Optional.of(new Encoding.TopK(12, Tail.RENORMALISE)));
        variants.put("residual", Optional.of(new Encoding.TopK(12, Tail.RESIDUAL)));
        variants.put("bucket", Optional.of(new Encoding.TopK(12, Tail.BUCKET)));
        variants.put("sampled", Optional.of(new Encoding.Sampled(50)));
        variants.put("dense", Optional.of(new Encoding.Dense(Width.HALF)));
        Map<String, double[]> losses = new LinkedHashMap<>();
        for (Map.Entry<String, Optional<Encoding>> variant : variants.entrySet()) {
            losses.put(variant.getKey(),
                    losses(variant.getKey(), variant.getValue(), teacher, train, heldOut, objective));
        }
        StringBuilder table = new StringBuilder(
                "held-out loss, and what it is beyond that of labels, with its interval over %s seeds%n".formatted(
                SEEDS));
        losses.forEach((name, each) -> {
            Interval gap = gap(each, losses.get("labels"));
            table.append(String.format(Locale.ROOT, "%-14s %.4f  %+.4f [%+.4f, %+.4f]%n", name, mean(each), gap.middle,
                    gap.low, gap.high));
        });
        double won = mean(losses.get("labels")) - mean(losses.get("dense"));
        assertTrue(gap(losses.get("renormalised"), losses.get("labels")).low > 0, table.toString());
        for (String repaired : List.of("residual", "bucket", "sampled", "dense")) {
            assertTrue(gap(losses.get(repaired), losses.get("renormalised")).high < 0, repaired + "\n" + table);
        }
        for (String better : List.of("bucket", "sampled", "dense")) {
            assertTrue(gap(losses.get(better), losses.get("labels")).high < 0, better + "\n" + table);
        }
        assertTrue(mean(losses.get("labels")) - mean(losses.get("sampled")) > won / 2, table.toString());
    }

    private double[] losses(String name, Optional<Encoding> encoding, Path teacher, Path train, Path heldOut,
            Path objective) throws IOException {
        Path store = folder.resolve("store-" + name);
        if (encoding.isPresent()) {
            StoreFixture.capture(teacher, store, ExampleSource.File.of(train),
                    new CaptureConfig(encoding.get(), 1, 1, Optional.of(256), TooLong.DROP, Bos.TOKENIZER,
                            LossOn.ASSISTANT, 2048, 256));
        }
        double[] losses = new double[SEEDS];
        for (int seed = 1; seed <= SEEDS; seed++) {
            String config = """
                    student: {folder: {path: "%s"}}
                    data: {file: {path: "%s"}}
                    objective: "%s"
                    budget: {epochs: {n: 1}}
                    batch_tokens: 1024
                    micro_tokens: 1024
                    max_seq: 256
                    optimizer: {learning_rate: 0.0003}
                    evaluate: {source: {file: {path: "%s"}}, rows: 400, every: 100000}
                    checkpoint_every: 100000
                    seed: %s
                    """.formatted(EMBEDDED, train, encoding.isPresent() ? objective : "sft", heldOut, seed) + (encoding.isPresent() ? "store: \"%s\"\n".formatted(store) : "");
            Path student = folder.resolve(name + seed);
            losses[seed - 1] = (double) TrainStage.run(ConfigReader.read(config, name, TrainConfig.class),
                    StoreFixture.context(student, Progress.SILENT), Compute.CPU)
                    .notes().get("held_out_loss");
        }
        return losses;
    }

    private static Path halved(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String name : List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")) {
            Files.copy(EMBEDDED.resolve(name), folder.resolve(name));
        }
        try (NDManager manager = Engines.manager();
                Decoder decoder = Decoder.load(EMBEDDED, manager)) {
            decoder.weights().get("model.norm.weight").muli(0.5f);
            decoder.save(folder, DType.F32);
        }
        return folder;
    }

    /// @return answers of the teacher, those that it ended
    private Path written(Path teacher, int questions, long seed) throws Exception {
        List<String> lines = new ArrayList<>();
        try (LocalModel model = LocalModel.open(teacher, 32, Clock.systemUTC(), Compute.CPU);
                RowStream<Example> rows = new ExampleSource.WordProblems(Split.TRAIN, questions, seed,
                        new Form.Worked("Think step by step.")).open(Quarantine.list(), 1)) {
            List<GenerationRequest> unit = new ArrayList<>();
            for (Iterator<Example> all = rows.iterator(); all.hasNext(); ) {
                Example.Chat chat = (Example.Chat) all.next();
                unit.add(new GenerationRequest("q" + unit.size(), chat.messages().subList(0, 1),
                        new GenerationParameters(Sampling.PLAIN, 96),
                        1000 * seed + lines.size() + unit.size()));
                if (unit.size() == 32 || !all.hasNext()) {
                    List<GenerationOutcome> outcomes = model.generate(unit);
                    for (int i = 0; i < outcomes.size(); i++) {
                        if (outcomes.get(i) instanceof GenerationOutcome.Completion done
                                && done.finish() == FinishReason.STOP && !done.text().isBlank()) {
                            lines.add(Json.canonical(Map.of("messages", List.of(
                                    Map.of("role", "user", "content", unit.get(i).messages().getFirst().content()),
                                    Map.of("role", "assistant", "content", done.text())))));
                        }
                    }
                    unit.clear();
                }
            }
        }
        return Files.write(folder.resolve("rows-" + seed + ".jsonl"), lines);
    }

    private record Interval(double low, double middle, double high) {}

    /// Paired by seed.
    private static Interval gap(double[] a, double[] b) {
        double[] gaps = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            gaps[i] = a[i] - b[i];
        }
        double middle = mean(gaps);
        double squares = 0;
        for (double each : gaps) {
            squares += (each - middle) * (each - middle);
        }
        double half = T * Math.sqrt(squares / (a.length - 1) / a.length);
        return new Interval(middle - half, middle, middle + half);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double each : values) {
            sum += each;
        }
        return sum / values.length;
    }
}
