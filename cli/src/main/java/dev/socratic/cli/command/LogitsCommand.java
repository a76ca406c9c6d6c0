package dev.socratic.cli.command;

import dev.socratic.cli.command.ServedOptions.Opened;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.ConfigWriter;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.core.progress.LineProgress;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.Engines;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.Encoding;
import dev.socratic.trainer.logits.LogitStore;
import dev.socratic.trainer.logits.StoreFacts;
import dev.socratic.trainer.logits.capture.Coverage;
import dev.socratic.trainer.logits.capture.Fidelity;
import dev.socratic.trainer.logits.capture.FidelityReport;
import dev.socratic.trainer.logits.capture.LogitCapture;
import dev.socratic.trainer.logits.capture.TeacherSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/// What a teacher expects at every position, on disk: says what an encoding loses, then captures.
@Command(name = "logits", mixinStandardHelpOptions = true, description = {
    "Captures a teacher's distributions into a store. First a fidelity report on a slice of rows: what the encoding "
            + "keeps, beside others.",
    "Killed and run again, it goes on with the block that was in flight."
})
final class LogitsCommand implements Callable<Integer> {
    private final Console console;

    @picocli.CommandLine.Spec
    private picocli.CommandLine.Model.CommandSpec spec;

    @Option(names = "--teacher", paramLabel = "MODEL|URL", description = {
        "The teacher's folder, or ORG/NAME[@REVISION] in the cache; or the address of an endpoint that speaks "
                + "vLLM's prompt_logprobs",
        "(vLLM, socratic serve), http://host:port/v1, with --model and --tokenizer."})
    private String teacher;

    @Mixin
    private ServedOptions served = new ServedOptions();

    @Option(names = "--data", paramLabel = "FILE",
            description = "Rows of conversations or text, as the training will read them.")
    private Path data;

    @Option(names = "--out", paramLabel = "DIR",
            description = "The store's folder. Without it there is the report alone.")
    private Path out;

    @Option(names = "--encoding", paramLabel = "NAME|{...}", defaultValue = "sampled",
            description =
                    "sampled, top_k or dense, or with arguments: '{top_k: {k: 64, tail: bucket}}'. Default: sampled.")
    private String encoding;

    @Option(names = "--held-out", paramLabel = "FILE",
            description = "Rows for the report (default: the first of the data).")
    private Path heldOut;

    @Option(names = "--report-rows", paramLabel = "N", defaultValue = "64",
            description = "Rows of the report (default: 64); 0 for none.")
    private int reportRows;

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Common common = new Common();

    LogitsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws InterruptedException {
        demand("--teacher=MODEL", teacher); // not required of picocli, which would ask 'logits inspect' for them too
        demand("--data=FILE", data);
        CaptureConfig config = config();
        Map<String, Object> result = new LinkedHashMap<>();
        Compute where = compute.open(console);
        Engines.threads(common.threads());
        try (Opened opened = served.open(teacher, spec, console)) {
            if (reportRows > 0) {
                report(opened.source().placed(where, out == null ? console::talk : line -> { }), config, where, result);
            }
            if (out != null) {
                result.putAll(capture(opened.source(), config, where).notes());
            }
        }
        if (json) {
            console.json(result);
        }
        return ExitCode.DONE;
    }

    private void demand(String option, Object given) {
        if (given == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '" + option + "'");
        }
    }

    private CaptureConfig config() {
        StringBuilder text = new StringBuilder("encoding: ").append(encoding).append('\n');
        common.overrides().forEach((name, value) -> text.append(name).append(": ").append(value).append('\n'));
        return ConfigReader.read(text.toString(), "logits", CaptureConfig.class);
    }

    private void report(TeacherSource source, CaptureConfig config, Compute where, Map<String, Object> result)
            throws InterruptedException {
        if (Fidelity.needsFullDistributions(source, config)) {
            result.put("fidelity", fidelity(source, config, where));
        } else {
            result.put("coverage", coverage(source, config, where));
        }
    }

    /// Of an endpoint that names the likeliest tokens only.
    private Coverage coverage(TeacherSource source, CaptureConfig config, Compute where) throws InterruptedException {
        Coverage coverage = Coverage.measure(source, ExampleSource.File.of(heldOut == null ? data : heldOut),
                reportRows, config, where);
        if (!json) {
            console.data(String.format(Locale.ROOT, "%-12s %9s", "likeliest", "mass"));
            coverage.mass().forEach((k, mass) -> console.data(String.format(Locale.ROOT, "%-12d %9.5f", k, mass)));
            console.data(
                    String.format(Locale.ROOT,
                            "%,d positions; the teacher's own calibration error is %.4f; %.1f bytes a position",
                    coverage.positions(), coverage.teacherEce(), coverage.bytesAPosition()));
        }
        console.talk(
                "the endpoint gives the likeliest tokens only, so how far a store is from the whole distribution "
                        + "cannot be said: report on local weights for that");
        return coverage;
    }

    private List<FidelityReport> fidelity(TeacherSource source, CaptureConfig config, Compute where)
            throws InterruptedException {
        List<Encoding> encodings = new ArrayList<>(List.of(config.encoding()));
        Fidelity.USUAL.stream().filter(usual -> !encodings.contains(usual)).forEach(encodings::add);
        List<FidelityReport> reports = Fidelity.measure(source, ExampleSource.File.of(heldOut == null ? data : heldOut),
                reportRows, config, encodings, where);
        if (!json) {
            console.data(
                    String.format(Locale.ROOT, "%-38s %9s %9s %9s %9s %9s %9s", "encoding", "kl", "reverse",
                            "recovered", "bias", "ece", "bytes"));
            for (FidelityReport report : reports) {
                console.data(
                        String.format(Locale.ROOT, "%-38s %9.5f %9.5f %9.5f %9.5f %9.4f %9.1f", report.encoding(),
                                report.kl(), report.reverseKl(),
                        report.recoveredMass(), report.bias(), report.ece(), report.bytesAPosition()));
            }
            console.data(
                    String.format(Locale.ROOT,
                            "%,d positions; the teacher's own calibration error is %.4f; kl and reverse in nats, "
                                    + "bytes a position",
                    reports.getFirst().positions(), reports.getFirst().teacherEce()));
        }
        if (config.encoding() instanceof Encoding.TopK top && top.tail() == Encoding.Tail.RENORMALISE) {
            console.talk(
                    "top_k with renormalise makes the target surer than the teacher; below k = 50 it was found "
                            + "worse than no teacher: take bucket or residual, or sampled");
        }
        return reports;
    }

    private StageReport capture(TeacherSource source, CaptureConfig config, Compute where)
            throws InterruptedException {
        try (LineProgress progress = new LineProgress(console.err(), "logits", console.look(), Clock.systemUTC())) {
            Files.createDirectories(out);
            StageReport report = LogitCapture.run(source, ExampleSource.File.of(data), config,
                    new StageContext(out, progress, Clock.systemUTC(), common.threads()), where);
            progress.note("logits: %s".formatted(report.counts()));
            return report;
        } catch (IOException e) {
            throw IoProblems.writing(out, e);
        }
    }

    @Command(name = "inspect",
            description = "Who made a store, how, and how large it is; reads every byte and compares the checksums.",
            mixinStandardHelpOptions = true)
    int inspect(
            @Parameters(paramLabel = "DIR", description = "The store's folder.") Path folder,
            @Option(names = "--json", description = "One JSON object.") boolean asJson) {
        LogitStore store = LogitStore.open(folder);
        store.verify();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("header", ConfigWriter.tree(store.header()));
        facts.put("size", Json.tree(StoreFacts.of(store)));
        if (asJson) {
            console.json(facts);
        } else {
            console.out().print(ConfigWriter.yaml(store.header()));
            StoreFacts size = StoreFacts.of(store);
            console.data(
                    String.format(Locale.ROOT,
                            "%,d samples, %,d positions in %,d blocks; %,d bytes, %.1f a position, and %,d of "
                                    + "tables; every checksum is right",
                    size.samples(), size.positions(), size.blocks(), size.bytes(), size.bytesAPosition(),
                    size.tableBytes()));
        }
        return ExitCode.DONE;
    }
}
