package dev.socratic.cli.recipe;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.core.config.FileName;
import dev.socratic.core.run.StageContext;
import dev.socratic.core.run.StageReport;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.datasets.source.ExampleSource;
import dev.socratic.generator.teacher.TeacherConfig;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.network.Offload;
import dev.socratic.trainer.config.ModelRef;
import dev.socratic.trainer.logits.CaptureConfig;
import dev.socratic.trainer.logits.capture.LogitCapture;
import dev.socratic.trainer.logits.capture.TeacherSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A store of a teacher's distributions that a recipe captures; students name it as `captured`.
///
/// ```yaml
/// logits:
///   - {name: sampled, teacher: path/to/teacher, capture: {encoding: sampled, temperature: 2}}
///   - name: served
///     endpoint: {base_url: "http://host:8000/v1", model: some-model, cache: false}
///     tokenizer: path/to/its/tokenizer
///     capture: {encoding: {top_k: {k: 20}}}
/// ```
///
/// @param name      of its folder, `logits/<name>`
/// @param teacher   folder of the teacher, or `{earlier: name}`, a student of the recipe, from which it is captured
///                  as soon as that is trained
/// @param endpoint  or where it is served, by a server that speaks vLLM's `prompt_logprobs`; its `cache` keeps whole
///                  answers, many times the store
/// @param tokenizer folder with the served teacher's tokenizer and chat template
/// @param data      rows; left out, the curated corpus
/// @param capture   how it is made
/// @param device    where a teacher of weights computes: `cpu`, `cuda` or `cuda:N`; left out, that of the recipe.
///                  `--device` goes before
/// @param dtype     in what numbers: `float32`, `bfloat16` or `float16`; left out, those of the recipe. `--dtype` goes
///                  before
/// @param offload   whether a teacher's layers stay on disk, `auto`, `never` or `always`: [Offload]
public record Capture(
        String name,
        Optional<ModelRef> teacher,
        Optional<TeacherConfig.Endpoint> endpoint,
        Optional<Path> tokenizer,
        Optional<ExampleSource> data,
        @Default("{}") CaptureConfig capture,
        @Effort Optional<String> device,
        Optional<String> dtype,
        @Effort @Default("auto") Offload offload) {
    public Capture {
        FileName.checked("name", name);
        if (teacher.isPresent() == endpoint.isPresent()) {
            throw new IllegalArgumentException(
                    "logits '%s': one of teacher and endpoint; got %s".formatted(name,
                            teacher.isPresent() ? "both" : "neither"));
        }
        if (endpoint.isPresent() != tokenizer.isPresent()) {
            throw new IllegalArgumentException(endpoint.isPresent()
                    ? ("logits '%s': an endpoint needs tokenizer, the folder with the teacher's tokenizer and chat "
                            + "template, for rows are tokenized here").formatted(name)
                    : "logits '%s': tokenizer goes with endpoint; a teacher's folder has its own".formatted(name));
        }
        if (endpoint.isPresent() && (device.isPresent() || dtype.isPresent() || offload != Offload.AUTO)) {
            throw new IllegalArgumentException(
                    "logits '%s': device, dtype and offload go with teacher; got them with endpoint, whose server "
                            .formatted(name) + "decides; leave them out");
        }
    }

    /// @return the same over these rows
    Capture of(ExampleSource rows) {
        return new Capture(name, teacher, endpoint, tokenizer, Optional.of(rows), capture, device, dtype, offload);
    }

    /// @return the same from the teacher at another place; an endpoint stays where it is
    Capture from(UnaryOperator<ModelRef> place) {
        return new Capture(name, teacher.map(place), endpoint, tokenizer, data, capture, device, dtype, offload);
    }

    /// @param rows        which rows
    /// @param environment where an endpoint's key may be
    /// @param compute     where and in what numbers a teacher of weights runs
    StageReport run(ExampleSource rows, Map<String, String> environment, StageContext context,
            Compute compute) throws InterruptedException {
        if (teacher.isPresent()) {
            return LogitCapture.run(new TeacherSource.Weights(teacher.get().folder("teacher"), offload), rows, capture,
                    context, compute);
        }
        try (DistributionModel model = Models.distributions(endpoint.orElseThrow(), context.folder().resolve("cache"),
                environment, capture.seed())) {
            return LogitCapture.run(new TeacherSource.Served(model, tokenizer.orElseThrow()), rows, capture, context,
                    compute);
        }
    }
}
