package dev.socratic.trainer.logits.capture;

import ai.djl.ndarray.NDList;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.error.DataException;
import dev.socratic.core.json.Json;
import dev.socratic.core.seed.Seeds;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.datasets.source.RowStream;
import dev.socratic.models.engine.Compute;
import dev.socratic.trainer.data.RowEncoder;
import dev.socratic.trainer.data.TokenRow;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Codec;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.StoreKernel;
import dev.socratic.trainer.logits.StoredDistribution;
import dev.socratic.trainer.logits.StoredDistributions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/// How far what a store would hold is from what the teacher says, for several encodings at once and one pass of the
/// teacher.
///
/// What is compared went through the bytes: written and read again. The rest of `top_k` with `bucket`, which training
/// leaves open, is here spread evenly over the tokens that are not named.
public final class Fidelity {
    /// Share of even mass.
    static final double FLOOR = 1e-4;

    /// What a report compares a choice with: each family at sizes that show where it begins to hold.
    public static final List<Encoding> USUAL = List.of(
            new Encoding.Sampled(50),
            new Encoding.TopK(12, Encoding.Tail.RENORMALISE),
            new Encoding.TopK(12, Encoding.Tail.RESIDUAL),
            new Encoding.TopK(12, Encoding.Tail.BUCKET),
            new Encoding.TopK(64, Encoding.Tail.BUCKET),
            new Encoding.Dense(Encoding.Width.HALF));

    private Fidelity() {}

    /// @param data   rows the report is made on; best such that no training sees
    /// @param most   rows at most, from the beginning
    /// @param config everything but the encoding
    /// @param compute where and in what numbers the teacher runs
    /// @throws DataException if none of the rows has a loss position
    public static List<FidelityReport> measure(Path folder, ExampleSource data, int most, CaptureConfig config,
            List<Encoding> encodings, Compute compute) {
        try {
            return measure(new TeacherSource.Weights(folder), data, most, config, encodings, compute);
        } catch (InterruptedException impossible) {
            throw new IllegalStateException("weights are read without waiting", impossible);
        }
    }

    /// The same of whoever has the teacher, who must give the whole distribution: a served one does where
    /// [#needsFullDistributions] says so.
    public static List<FidelityReport> measure(TeacherSource source, ExampleSource data, int most, CaptureConfig config,
            List<Encoding> encodings, Compute compute)
            throws InterruptedException {
        try (DistributionReader teacher = DistributionReader.open(source, config, compute)) {
            List<TokenRow> rows = rows(data, most, config, teacher.encoder());
            List<Sums> sums = encodings.stream()
                    .map(encoding -> new Sums(new Codec(encoding, teacher.vocab()), config.seed())).toList();
            Calibration own = new Calibration();
            teacher.read(rows, slice -> {
                add(own, teacher.kernel().confidence(slice.logP()), 0, slice.labels());
                sums.forEach(each -> each.add(slice, teacher.kernel()));
            });
            if (sums.isEmpty() || sums.getFirst().positions == 0) {
                throw nothing();
            }
            return sums.stream().map(each -> each.report(own.error())).toList();
        }
    }

    /// @return whether such a capture sees whole distributions; of the most likely alone there is [Coverage]
    public static boolean needsFullDistributions(TeacherSource source, CaptureConfig config) {
        return source instanceof TeacherSource.Weights || ServedTeacher.needsFullDistributions(config);
    }

    static DataException nothing() {
        return new DataException("held-out rows", "at least one position in the loss", "none",
                "give rows with an assistant turn, or text");
    }

    static List<TokenRow> rows(ExampleSource data, int most, CaptureConfig config, RowEncoder encoder) {
        List<TokenRow> kept = new ArrayList<>();
        try (RowStream<Example> stream = data.open(Quarantine.list(), config.seed())) {
            Iterator<Example> all = stream.iterator();
            while (kept.size() < most && all.hasNext()) {
                if (encoder.encode(all.next()) instanceof RowEncoder.Verdict.Kept one) {
                    kept.add(one.row());
                }
            }
        }
        return kept;
    }

    /// @param found confidences and guesses, from `at` on
    private static void add(Calibration calibration, NDList found, int at, long[] labels) {
        float[] confidence = found.get(at).toFloatArray();
        long[] guess = found.get(at + 1).toLongArray();
        for (int i = 0; i < labels.length; i++) {
            calibration.add(confidence[i], guess[i] == labels[i]);
        }
    }

    private static double sum(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum;
    }

    /// Running sums of one encoding.
    private static final class Sums {
        private final Codec codec;
        private final SplittableRandom random;
        private final Calibration calibration = new Calibration();
        private final double[] shift;
        private long positions;
        private long bytes;
        private double kl;
        private double reverse;
        private double recovered;

        Sums(Codec codec, long seed) {
            this.codec = codec;
            this.random = Seeds.random(seed, "fidelity");
            this.shift = new double[codec.vocab()];
        }

        void add(DistributionReader.Slice slice, StoreKernel kernel) {
            int tokens = slice.labels().length;
            double[] uniforms = codec.encoding() instanceof Encoding.Sampled sampled
                    ? LogitCapture.draws(random, tokens * sampled.draws())
                    : new double[0];
            List<byte[]> stored = kernel.encode(slice.logP(), uniforms, codec);
            List<StoredDistribution> targets = new ArrayList<>();
            for (int i = 0; i < tokens; i++) {
                targets.add(codec.read(stored.get(i), 0, (int) slice.labels()[i]));
                bytes += stored.get(i).length;
            }
            NDList found = kernel.compare(slice.logP(), StoredDistributions.of(targets, slice.logP().getManager()),
                    codec.coversAll() ? 0 : FLOOR);
            positions += tokens;
            kl += sum(found.get(0).toFloatArray());
            reverse += sum(found.get(1).toFloatArray());
            recovered += sum(found.get(2).toFloatArray());
            Fidelity.add(calibration, found, 3, slice.labels());
            float[] moved = found.get(5).toFloatArray();
            for (int id = 0; id < moved.length; id++) {
                shift[id] += moved[id];
            }
        }

        FidelityReport report(double teacherEce) {
            double bias = 0;
            for (double each : shift) {
                bias += Math.abs(each) / positions / 2;
            }
            String name = Json.canonical(ConfigWriter.tree(codec.encoding(), Encoding.class)).replace("\"", "");
            return new FidelityReport(name, positions, kl / positions, reverse / positions, recovered / positions, bias,
                    calibration.error(), teacherEce,
                    (double) bytes / positions);
        }
    }
}
