package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo's recipe in miniature, killed in every stage.
class SurvivalTest {
    private static final Path RECIPES = Path.of("..", "recipes").toAbsolutePath().normalize();
    private static final List<String> STAGES =
            List.of("generate", "curate", "train/student_sft", "train/student_kd", "eval/teacher", "eval/student_kd");
    private static final List<String> RESULTS = List.of(
            "generate/answers.jsonl",
            "generate/rejected.jsonl",
            "curate/train.jsonl",
            "curate/rejected.jsonl",
            "curate/report.json",
            "train/student_sft/model.safetensors",
            "train/student_sft/metrics.jsonl",
            "train/student_kd/model.safetensors",
            "train/student_kd/metrics.jsonl");

    @TempDir
    Path folder;

    @Test
    void aRunKilledInEveryStageEndsWithTheBytesOfAnUndisturbedOne() throws Exception {
        Path calm = folder.resolve("calm");
        assertEquals(0, finish(start(calm)), log(calm));
        Path disturbed = folder.resolve("disturbed");
        SplittableRandom random = new SplittableRandom(5);
        int killed = 0;
        for (String stage : STAGES) {
            killed += killIn(stage, disturbed, random.nextInt(200)) ? 1 : 0;
        }
        assertTrue(killed >= 4,
                "only %s of %s kills hit a running stage: the test shows too little".formatted(killed, STAGES.size()));
        assertEquals(0, finish(start(disturbed)), log(disturbed));
        for (String result : RESULTS) {
            assertArrayEquals(Files.readAllBytes(calm.resolve(result)), Files.readAllBytes(disturbed.resolve(result)),
                    result);
        }
        assertEquals(accuracies(calm), accuracies(disturbed));
        assertEquals(0, finish(start(disturbed)), log(disturbed));
        assertTrue(log(disturbed).contains("generate: skipped, nothing has changed"), log(disturbed));
        assertTrue(log(disturbed).contains("train/student_kd: skipped, nothing has changed"), log(disturbed));
    }

    @Test
    void aRunToldToStopWhileItTrainsKeepsItsStepsAndSaysHowToGoOn() throws Exception {
        Path run = folder.resolve("told");
        Process process = start(run);
        long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        Path metrics = run.resolve("train/student_sft/metrics.jsonl");
        while (process.isAlive() && System.nanoTime() < end && !(Files.exists(metrics) && Files.size(metrics) > 0)) {
            Thread.sleep(5);
        }
        process.destroy(); // SIGTERM
        assertEquals(128 + 15, finish(process), log(run));
        assertTrue(log(run).contains("run the same command: it goes on from there, nothing is lost"), log(run));
        assertTrue(Files.isDirectory(run.resolve("train/student_sft/checkpoints")), log(run));
    }

    /// @return whether the process was killed while the stage ran
    private boolean killIn(String stage, Path run, int pauseMillis) throws Exception {
        Process process = start(run);
        long end = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (process.isAlive() && System.nanoTime() < end) {
            if (running(run, stage)) {
                Thread.sleep(pauseMillis);
                boolean still = running(run, stage);
                process.destroyForcibly().waitFor();
                return still;
            }
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor();
        return false;
    }

    private static boolean running(Path run, String stage) throws IOException {
        Path manifest = run.resolve("manifest.json");
        if (!Files.exists(manifest)) {
            return false;
        }
        return Json.mapper().readTree(Files.readString(manifest)).path("stages").path(stage).path("state").asText()
                .equals("running");
    }

    private Process start(Path run) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java")
                        .toString(), "-Xmx1g", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), "dev.socratic.cli.Main",
                "run", RECIPES.resolve("demo.yaml").toString(), "--out", run.toString(), "--threads", "1"));
        for (String small : List.of(
                "generate.questions.word_problems.count=12",
                "generate.samples=2",
                "generate.teacher.weights.batch=8",
                "train[0].budget.tokens=6000",
                "train[0].checkpoint_every=1",
                "train[1].budget.tokens=6000",
                "train[1].checkpoint_every=1",
                "eval.tasks[0].questions.word_problems.count=8",
                "eval.tasks[1].questions.word_problems.count=8")) {
            command.addAll(List.of("--set", small));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(logFile(run).toFile()))
                .start();
    }

    private int finish(Process process) throws InterruptedException {
        assertTrue(process.waitFor(180, TimeUnit.SECONDS), "the run does not end");
        return process.exitValue();
    }

    private Path logFile(Path run) {
        return folder.resolve(run.getFileName() + ".log");
    }

    private String log(Path run) throws IOException {
        return Files.readString(logFile(run));
    }

    private static List<String> accuracies(Path run) throws IOException {
        try (Stream<Path> models = Files.list(run.resolve("eval"))) {
            List<String> all = new ArrayList<>();
            for (Path model : models.sorted().toList()) {
                try (Stream<Path> files = Files.list(model)) {
                    for (Path samples : files.filter(f -> f.getFileName().toString().startsWith("samples_")).sorted()
                            .toList()) {
                        all.add(model.getFileName() + " " + Files.readAllLines(samples).stream().sorted().toList());
                    }
                }
            }
            return all;
        }
    }
}
