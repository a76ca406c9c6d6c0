package dev.socratic.cli.doctor;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.engine.Machine;
import dev.socratic.models.generate.LocalModel;
import dev.socratic.models.rehearsal.Beside;
import dev.socratic.models.rehearsal.Beside.Difference;
import dev.socratic.models.rehearsal.Exercise;
import dev.socratic.models.rehearsal.Exercises;
import dev.socratic.models.rehearsal.Pace;
import dev.socratic.models.rehearsal.Tolerance;
import dev.socratic.trainer.rehearsal.SmallTrainings;
import dev.socratic.trainer.rehearsal.SmallTrainings.Trained;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Whether a device computes what the processor does, in each number type, and how fast: every program, a training and
/// an answer, against float32 on the processor, with limits that stand beside.
///
/// @param folder   for models and students, which the caller takes away
/// @param progress is told what is done next, for it takes a minute
public record SelfTest(Path folder, Consumer<String> progress) {
    /// Largest difference of the loss of the last of a few steps, in nats, by type: what PrecisionTest holds too.
    private static final double LOSS = 0.02;
    private static final double LOSS_FLOAT32 = 1e-3;
    private static final int CUBE = 1024;
    private static final long NUMBERS = 32L << 20;

    /// What was found of one type.
    ///
    /// @param functions of programs, that were compared
    /// @param worst     the largest difference of any, and which it is
    /// @param faults    what is beyond its limit, or no number where the processor has one
    /// @param loss      difference of a training's loss, in nats
    /// @param answer    tokens of an answer until the first that differs, and of how many
    /// @param gflops    of a matrix product
    /// @param pace      of a small model
    /// @param steps     optimiser steps a second of the training, all told
    public record Result(FloatType type, int functions, Difference worst, List<String> faults, double loss,
            String answer, double gflops, Pace pace, double steps) {
        /// @return whether nothing is beyond its limit
        public boolean ok() {
            return faults.isEmpty();
        }
    }

    /// @return bytes a second that arrays are copied with
    public double bandwidth(Compute compute) {
        return Machine.bandwidth(compute, NUMBERS, 3);
    }

    /// @param types to try; float32 is what they are held against
    public List<Result> run(Compute compute, List<FloatType> types) throws InterruptedException {
        progress.accept("the processor in float32, which the rest is held against");
        SmallTrainings trainings = new SmallTrainings(folder.resolve("students"));
        List<Exercise> all = new ArrayList<>(Exercises.all(folder.resolve("models")));
        all.addAll(trainings.exercises());
        Trained expected = trainings.few(Compute.CPU);
        String answer = answer(expected.student(), Compute.CPU);
        List<Result> results = new ArrayList<>();
        for (FloatType type : types) {
            progress.accept("%s on %s".formatted(type.label(), compute.deviceName()));
            results.add(result(compute.in(type), all, trainings, expected, answer));
        }
        return results;
    }

    private Result result(Compute compute, List<Exercise> all, SmallTrainings trainings, Trained expected,
            String answer) throws InterruptedException {
        FloatType type = compute.compute();
        List<Difference> differences = Beside.compare(all, compute);
        List<String> faults = new ArrayList<>(differences.stream().filter(one -> beyond(one, type))
                .map(SelfTest::words).toList());
        Trained trained = trainings.few(compute);
        double loss = Math.abs(trained.loss() - expected.loss());
        if (!(loss <= loss(type))) {
            faults.add("training: the loss is %s nats from the processor's".formatted(loss));
        }
        String own = answer(expected.student(), compute);
        if (type == FloatType.FLOAT32 && !own.equals(answer)) {
            faults.add("generation: another answer than the processor's: '%s' and not '%s'".formatted(own, answer));
        }
        Difference worst = differences.stream().max(Comparator.comparingDouble(Difference::reals)).orElseThrow();
        return new Result(type, differences.size(), worst, faults, loss, common(own, answer),
                Machine.matrixPeak(compute, type, CUBE, 5) / 1e9, Pace.of(compute, folder.resolve("pace")),
                trained.losses().size() / trained.seconds());
    }

    /// Where float32 chose another token, that is a fault; fewer digits may.
    private static boolean beyond(Difference one, FloatType type) {
        return !(one.reals() <= Tolerance.of(type)) || !one.numbers() || type == FloatType.FLOAT32 && one.wholes() > 0;
    }

    private static double loss(FloatType type) {
        return switch (type) {
            case FLOAT32 -> LOSS_FLOAT32;
            case BFLOAT16, FLOAT16 -> LOSS;
        };
    }

    /// @return the limits of a type in words, for a table
    public static String limits(FloatType type) {
        return "%s, %s nats".formatted(Tolerance.of(type), loss(type));
    }

    private static String words(Difference one) {
        return "program function %s: %s apart%s%s".formatted(one.function(), one.reals(),
                one.wholes() > 0 ? ", %s of the whole numbers differ".formatted(one.wholes()) : "",
                one.numbers() ? "" : ", not a number where the processor has one");
    }

    private static String answer(Path student, Compute compute) throws InterruptedException {
        try (LocalModel model = LocalModel.open(student, 1, compute)) {
            GenerationRequest request = new GenerationRequest("a", List.of(ChatMessage.user("What is 2 + 3?")),
                    new GenerationParameters(Sampling.GREEDY, 32, List.of()), 0);
            return switch (model.generate(List.of(request)).getFirst()) {
                case GenerationOutcome.Completion completion -> completion.text();
                case GenerationOutcome.Failure failure -> throw new IllegalStateException(failure.problem().toString());
            };
        }
    }

    private static String common(String own, String expected) {
        int same = 0;
        while (same < Math.min(own.length(), expected.length()) && own.charAt(same) == expected.charAt(same)) {
            same++;
        }
        return "%s of %s".formatted(same, Math.max(own.length(), expected.length()));
    }

    /// @return the type that is fastest at reading and writing together, and how much faster than float32
    public static Optional<String> advice(List<Result> results) {
        Optional<Result> plain = results.stream().filter(one -> one.type() == FloatType.FLOAT32).findFirst();
        return plain.map(float32 -> {
            Result best = results.stream().filter(Result::ok)
                    .max(Comparator.comparingDouble(one -> gain(one, float32))).orElse(float32);
            return best == float32 ? "float32" : "%s: reads %s, writes one stream %s and eight %s times as fast"
                    .formatted(best.type().label(), times(best.pace().reading() / float32.pace().reading()),
                            times(best.pace().single() / float32.pace().single()),
                            times(best.pace().batch() / float32.pace().batch()));
        });
    }

    private static double gain(Result one, Result float32) {
        return Math.cbrt(one.pace().reading() / float32.pace().reading()
                * (one.pace().single() / float32.pace().single()) * (one.pace().batch() / float32.pace().batch()));
    }

    private static double times(double ratio) {
        return Math.round(ratio * 100) / 100.0;
    }
}
