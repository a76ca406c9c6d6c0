package dev.socratic.cli.command;

import dev.socratic.cli.console.Console;
import dev.socratic.cli.console.ExitCode;
import dev.socratic.cli.recipe.HubModels;
import dev.socratic.cli.recipe.Models;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.TextScore;
import dev.socratic.eval.stats.Perplexity;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.generate.LocalModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// How well a model foresees texts.
@Command(name = "perplexity", mixinStandardHelpOptions = true, description = {
    "How well a model foresees texts: perplexity by token, by word and by byte, with its standard error.",
    "Texts longer than the window are read in windows that overlap; each token is predicted once."})
final class PerplexityCommand implements Callable<Integer> {
    /// Texts scored at once: what a run that is broken off can lose, and what is in memory as tokens.
    private static final int TOGETHER = 64;

    private final Console console;

    @Parameters(paramLabel = "MODEL", description = "A Hugging Face folder, or ORG/NAME[@REVISION] in the cache.")
    private Path model;

    @Mixin
    private TextOptions texts = new TextOptions();

    @Option(names = "--window", paramLabel = "TOKENS",
            description = "Tokens read together (default: the model's context).")
    private Optional<Integer> window = Optional.empty();

    @Option(names = "--stride", paramLabel = "TOKENS", description =
            "How many tokens behind the last one a window begins (default: half the window).")
    private Optional<Integer> stride = Optional.empty();

    @Option(names = "--json", description = "One JSON object.")
    private boolean json;

    @Mixin
    private ComputeOptions compute = new ComputeOptions();

    @Mixin
    private Threads threads = new Threads();

    PerplexityCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<TextOptions.Named> rows = texts.read(console);
        Compute where = compute.open(console);
        try (LocalModel local = Models.weights(new HubModels(console.environment(), console::talk).folder(model), 1,
                threads.number(), where)) {
            int tokens = window.orElse(local.card().contextTokens());
            int step = stride.orElse(Math.max(1, tokens / 2));
            List<Perplexity.Document> documents = new ArrayList<>();
            for (int from = 0; from < rows.size(); from += TOGETHER) {
                List<String> some = rows.subList(from, Math.min(rows.size(), from + TOGETHER)).stream()
                        .map(TextOptions.Named::text).toList();
                List<TextScore> scores = local.rolling(some, tokens, step);
                for (int i = 0; i < some.size(); i++) {
                    documents.add(new Perplexity.Document(some.get(i), scores.get(i)));
                }
            }
            if (documents.stream().allMatch(document -> document.score().tokens() == 0)) {
                throw new DataException(texts.place(), "a text of at least two tokens", rows.size() + " shorter ones",
                        "nothing is predicted of a first token: give longer texts");
            }
            print(Perplexity.of(documents), rows.size(), tokens, step);
        }
        return ExitCode.DONE;
    }

    private void print(Perplexity found, int rows, int tokens, int step) {
        if (json) {
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("perplexity", found.byToken());
            found.ci95().ifPresent(ends -> result.put("ci95", List.of(ends.low(), ends.high())));
            result.put("nll", found.nll());
            found.error().ifPresent(error -> result.put("nll_stderr", error));
            result.put("stderr_over", found.samples().name().toLowerCase(Locale.ROOT));
            result.put("word_perplexity", found.byWord());
            result.put("byte_perplexity", found.byByte());
            result.put("bits_per_byte", found.bitsPerByte());
            result.put("documents", found.documents());
            result.put("too_short", rows - found.documents());
            result.put("tokens", found.tokens());
            result.put("words", found.words());
            result.put("bytes", found.bytes());
            result.put("window", tokens);
            result.put("stride", step);
            console.json(result);
            return;
        }
        console.data(String.format(Locale.ROOT, "perplexity %.4f by token%s, %.4f by word, %.4f by byte (%.4f bits)",
                found.byToken(), found.ci95().map(ends -> String.format(Locale.ROOT, " [%.4f, %.4f]", ends.low(),
                ends.high())).orElse(""), found.byWord(), found.byByte(), found.bitsPerByte()));
        console.data(String.format(Locale.ROOT, "nats a token %.6f%s; %s tokens, %s words, %s bytes of %s texts%s; "
                + "windows of %s tokens, %s apart", found.nll(), found.error().map(error ->
                String.format(Locale.ROOT, " +- %.6f (standard error over %s)", error,
                found.samples().name().toLowerCase(Locale.ROOT))).orElse(""), found.tokens(), found.words(),
                found.bytes(), found.documents(), found.documents() == rows ? ""
                        : ", " + (rows - found.documents()) + " more are too short", tokens, step));
    }
}
