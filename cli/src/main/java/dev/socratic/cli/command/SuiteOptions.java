package dev.socratic.cli.command;

import dev.socratic.core.error.ConfigException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How tasks of lm-evaluation-harness are asked, by the names of its own options.
final class SuiteOptions {
    @Option(names = "--limit", paramLabel = "N", description = "Documents of each task at most, from the beginning.")
    private Optional<Integer> limit = Optional.empty();

    @Option(names = "--num-fewshot", paramLabel = "K",
            description = "Examples before each document, of tasks that do not fix them at 0.")
    private Optional<Integer> numFewshot = Optional.empty();

    @Option(names = "--include", paramLabel = "DIR", description = "A folder of further task files; repeatable.")
    private List<Path> include = new ArrayList<>();

    @Option(names = "--data", paramLabel = "DIR", description =
            "A folder of data sets as the hub lays them out, DIR/openai/gsm8k/main/test.jsonl; repeatable.")
    private List<Path> data = new ArrayList<>();

    @Option(names = "--apply-chat-template", description = "Asks in turns of a chat.")
    private boolean applyChatTemplate;

    @Option(names = "--fewshot-as-multiturn", arity = "0..1", fallbackValue = "true", paramLabel = "true|false",
            description = "Examples are turns of their own (default: with --apply-chat-template they are).")
    private Optional<Boolean> fewshotAsMultiturn = Optional.empty();

    @Option(names = "--system-instruction", paramLabel = "TEXT", description = "Stands before all.")
    private Optional<String> systemInstruction = Optional.empty();

    @Option(names = "--gen-kwargs", paramLabel = "KEY=VALUE", split = ",",
            description = "Goes before a task's generation_kwargs: temperature=0.7,max_gen_toks=512.")
    private Map<String, String> genKwargs = new LinkedHashMap<>();

    @Option(names = "--fewshot-seed", paramLabel = "SEED", description = "Of the draw of examples (default: 1234).")
    private Optional<Long> fewshotSeed = Optional.empty();

    @Option(names = "--bootstrap-iters", paramLabel = "N",
            description = "Draws for standard errors without a formula (default: 100000).")
    private Optional<Integer> bootstrapIters = Optional.empty();

    @Option(names = "--model-name", paramLabel = "NAME", description = "Of an endpoint, what it calls the model.")
    private Optional<String> served = Optional.empty();

    @Option(names = "--key-env", paramLabel = "VARIABLE",
            description = "Of an endpoint, the environment variable that holds its key.")
    private Optional<String> keyVariable = Optional.empty();

    @Option(names = "--unsafe-code", description = {"Of tasks whose answers are run as programs, runs them also where "
            + "this machine has no namespaces to", "keep them apart: as you, with all you may do."})
    private boolean unsafeCode;

    Optional<String> served() {
        return served;
    }

    Optional<String> keyVariable() {
        return keyVariable;
    }

    /// @return a suite as a config writes it
    Map<String, Object> asConfig(List<String> tasks) {
        Map<String, Object> suite = new LinkedHashMap<>();
        suite.put("tasks", tasks);
        suite.put("include", include.stream().map(Path::toString).toList());
        suite.put("data", data.stream().map(Path::toString).toList());
        limit.ifPresent(n -> suite.put("limit", n));
        numFewshot.ifPresent(k -> suite.put("num_fewshot", k));
        suite.put("apply_chat_template", applyChatTemplate);
        fewshotAsMultiturn.ifPresent(own -> suite.put("fewshot_as_multiturn", own));
        systemInstruction.ifPresent(text -> suite.put("system_instruction", text));
        suite.put("gen_kwargs", genKwargs);
        fewshotSeed.ifPresent(seed -> suite.put("fewshot_seed", seed));
        bootstrapIters.ifPresent(draws -> suite.put("bootstrap_iters", draws));
        if (unsafeCode) {
            suite.put("sandbox", Map.of("unsafe_code", true));
        }
        return suite;
    }

    /// A config says all this itself.
    void refuseWithConfig() {
        boolean any = limit.isPresent() || numFewshot.isPresent() || !include.isEmpty() || !data.isEmpty()
                || applyChatTemplate || fewshotAsMultiturn.isPresent() || systemInstruction.isPresent()
                || !genKwargs.isEmpty() || fewshotSeed.isPresent() || bootstrapIters.isPresent()
                || unsafeCode;
        if (any) {
            throw new ConfigException("--tasks", "names or files of tasks, for options that say how they are asked",
                    "a config", "write them into it: suites: [{tasks: [...], limit: ...}]");
        }
    }
}
