package dev.socratic.models.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.io.IoProblems;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.AdapterFolder;
import dev.socratic.models.checkpoint.Checkpoint;
import dev.socratic.models.checkpoint.LoraAdapter;
import dev.socratic.models.checkpoint.PublishedJson;
import dev.socratic.models.checkpoint.Safetensors;
import dev.socratic.models.checkpoint.TensorInfo;
import dev.socratic.models.engine.Compute;
import dev.socratic.models.engine.FloatType;
import dev.socratic.models.network.EncoderConfig;
import dev.socratic.models.network.ExpectedWeights;
import dev.socratic.models.network.Misfit;
import dev.socratic.models.network.ModelConfig;
import dev.socratic.models.text.ChatTemplate;
import dev.socratic.models.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// Looks at a model folder.
public final class Inspection {
    private static final String CONFIG = "config.json";
    private static final String GENERATION = "generation_config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    static final List<String> EMBEDDINGS = List.of("model.embed_tokens.weight", "transformer.wte.weight", "wte.weight",
            "gpt_neox.embed_in.weight", "embeddings.word_embeddings.weight", "bert.embeddings.word_embeddings.weight",
            "distilbert.embeddings.word_embeddings.weight", "roberta.embeddings.word_embeddings.weight");
    /// Training keeps weights, gradients and two moments.
    private static final int COPIES_TO_TRAIN = 4;

    private Inspection() {}

    /// What a folder holds, from headers alone; no number is read and no weight loaded.
    ///
    /// @throws DataException if the config or the weights cannot be read; [#check] says more
    public static ModelFacts facts(Path folder) {
        return facts(folder, FloatType.FLOAT32);
    }

    /// The same of a model that is held and computed with in numbers of this type.
    public static ModelFacts facts(Path folder, FloatType type) {
        boolean adapter = isAdapter(folder);
        ConfigFacts config = ConfigFacts.of(
                adapter ? Json.mapper().createObjectNode() : PublishedJson.read(folder.resolve(CONFIG)));
        Map<String, TensorInfo> tensors = adapter ? adapterTensors(folder) : tensors(folder);
        SortedMap<String, ModelFacts.TypeFacts> types = new TreeMap<>();
        Map<String, String> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            types.merge(tensor.dtype().name(), new ModelFacts.TypeFacts(1, WeightFiles.bytes(tensor)),
                    (a, b) -> a.plus(b.bytes()));
            shapes.put(name, tensor.dtype() + " " + tensor.djlShape());
        });
        long parameters = tensors.values().stream().mapToLong(TensorInfo::count).sum();
        SortedMap<String, Long> files = files(folder);
        Optional<Long> cached = config.layers().isEmpty() || config.keyValueHeads().isEmpty() || config.dim().isEmpty()
                ? Optional.empty()
                : Optional.of(2L * type.bytes() * config.layers().getAsLong() * config.keyValueHeads()
                        .getAsLong() * config.dim().getAsLong());
        boolean runs = !adapter && runs(folder).isEmpty();
        return new ModelFacts(adapter ? "lora adapter" : config.family(), parameters, boxed(config.layers()),
                boxed(config.hidden()),
                boxed(config.heads()), boxed(config.keyValueHeads()), boxed(config.width()), boxed(config.vocabulary()),
                boxed(config.context()),
                config.tied(), type.bytes() * parameters, COPIES_TO_TRAIN * Float.BYTES * parameters, cached,
                files.values().stream().mapToLong(Long::longValue)
                        .sum(), tensors.size(), types, files, runs, vocabulary(folder),
                ChatTemplate.names(folder), shapes);
    }

    /// Everything wrong with a folder, all at once. Every weight is read once, in windows.
    ///
    /// @param clock what templates that print a date read
    public static List<Defect> check(Path folder, Clock clock) {
        if (!Files.isDirectory(folder)) {
            return List.of(
                    Defect.error("config", folder.toString(), "a model folder",
                            Files.exists(folder) ? "a file" : "nothing", "give the folder of a model"));
        }
        List<Defect> defects = new ArrayList<>();
        if (isAdapter(folder)) {
            try (LoraAdapter adapter = LoraAdapter.open(folder)) {
                return defects;
            } catch (SocraticException broken) {
                return Defect.errors("weights", broken.problems());
            }
        }
        JsonNode json = json(folder, CONFIG, true, defects);
        ConfigFacts config = ConfigFacts.of(json);
        if (defects.isEmpty() && config.family().isEmpty()) {
            defects.add(Defect.error("config", folder.resolve(CONFIG) + ": model_type", "the family of the model",
                    "nothing",
                    "take config.json from where the model was published"));
        } else if (defects.isEmpty()) {
            runs(folder).ifPresent(defects::addAll);
        }
        Optional<Long> rows;
        try (WeightFiles weights = WeightFiles.open(folder)) {
            defects.addAll(weights.defects());
            Map<String, TensorInfo> tensors = weights.tensors();
            if (!tensors.isEmpty()) {
                defects.addAll(new TensorCheck(folder.toString(), config, tensors).run(plan(folder, weights)));
                defects.addAll(NumberCheck.run(folder.toString(), weights));
                tied(folder).filter(yes -> yes).or(() -> Optional.of(config.tied()).filter(yes -> yes))
                        .ifPresent(yes -> defects.addAll(TiedHeadCheck.run(folder.toString(), weights)));
            } else if (weights.defects().isEmpty()) {
                defects.add(Defect.error("weights", folder.toString(), "files with tensors",
                        "none in " + weights.files().keySet(),
                        "fetch the weights again"));
            }
            rows = EMBEDDINGS.stream().map(tensors::get).filter(t -> t != null && !t.shape().isEmpty())
                    .map(t -> t.shape().getFirst()).findFirst();
        }
        texts(folder, json, rows.map(OptionalLong::of).orElse(config.vocabulary()), clock, defects);
        return defects;
    }

    /// Loads a model where it is to run and lets it read a few tokens, for some overflow in float16 or do not fit.
    ///
    /// @param folder of a model with which nothing else is wrong; one that this version cannot run says so already
    public static List<Defect> trial(Path folder, Compute compute) {
        return isAdapter(folder) || runs(folder).isPresent()
                ? List.of()
                : Trial.run(folder, tied(folder).isEmpty(), compute);
    }

    /// @return whether the head is the embedding; empty where the folder holds no decoder that this version knows
    private static Optional<Boolean> tied(Path folder) {
        try {
            return Optional.of(ModelConfig.read(folder).tiedHead());
        } catch (SocraticException beyond) {
            return Optional.empty();
        }
    }

    /// @return what does not fit the plan of the architecture, if that is known. What is missing in a file that does
    ///         not open is not missing
    private static Optional<List<Misfit>> plan(Path folder, WeightFiles weights) {
        boolean whole = weights.defects().stream().noneMatch(defect -> defect.severity() == Defect.Severity.ERROR);
        return ExpectedWeights.of(folder, weights.tensors())
                .map(misfits -> misfits.stream().filter(misfit -> whole || misfit.kind() != Misfit.Kind.MISSING)
                        .toList());
    }

    /// Tokenizer, template and what ends an answer.
    private static void texts(Path folder, JsonNode config, OptionalLong rows, Clock clock, List<Defect> defects) {
        JsonNode tokenizerConfig = json(folder, TOKENIZER_CONFIG, false, defects);
        JsonNode generation = json(folder, GENERATION, false, defects);
        Set<Long> stops = new LinkedHashSet<>(ConfigFacts.ids(generation, "eos_token_id"));
        String stopsPlace = folder.resolve(Files.exists(folder.resolve(GENERATION)) ? GENERATION : CONFIG)
                + ": eos_token_id";
        if (stops.isEmpty()) {
            stops.addAll(ConfigFacts.ids(config, "eos_token_id"));
        }
        stops.stream().filter(id -> rows.isPresent() && (id < 0 || id >= rows.getAsLong()))
                .forEach(id -> defects.add(Defect.error("generation", stopsPlace,
                "an id below %s, the rows of the embedding".formatted(rows.getAsLong()), "" + id,
                        "take the id of the token that ends an answer")));
        for (String name : List.of("bos_token_id", "pad_token_id")) {
            ConfigFacts.ids(config, name).stream().filter(id -> rows.isPresent() && id >= rows.getAsLong())
                    .forEach(id -> defects.add(
                    Defect.error("config", folder.resolve(CONFIG) + ": " + name,
                            "an id below %s, the rows of the embedding".formatted(rows.getAsLong()),
                            "" + id, "take the tokenizer's id, or null where there is none")));
        }
        Map<String, String> tokens;
        boolean template;
        try {
            tokens = ChatTemplate.specialTokens(folder);
            template = !ChatTemplate.names(folder).isEmpty();
        } catch (SocraticException broken) {
            broken.problems().stream()
                    .filter(problem -> defects.stream()
                            .noneMatch(defect -> defect.problem().place().startsWith(problem.place())))
                    .forEach(problem -> defects.add(new Defect("template", Defect.Severity.ERROR, problem)));
            return;
        }
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            JsonNode tokenizerFile = PublishedJson.read(folder.resolve(TOKENIZER));
            defects.addAll(new UnknownTokenCheck(folder.resolve(TOKENIZER), tokenizerFile).run());
            defects.addAll(new TokenizerCheck(folder, tokenizer, config, tokenizerFile, tokenizerConfig, tokens, rows)
                    .run());
            if (template) {
                defects.addAll(
                        new TemplateCheck(folder, tokenizer, tokenizerFile, tokenizerConfig, tokens, stops, stopsPlace,
                                clock).run());
            } else if (stops.isEmpty()) {
                defects.add(Defect.warning("generation", stopsPlace, "the id of the token that ends a text", "nothing",
                        "answers would run to their limit; write eos_token_id"));
            }
        } catch (SocraticException broken) {
            defects.addAll(Defect.errors("tokenizer", broken.problems()));
        }
    }

    /// @return a file's object; an empty one, with a defect, where it is broken, or missing and needed
    private static JsonNode json(Path folder, String name, boolean needed, List<Defect> defects) {
        Path file = folder.resolve(name);
        if (Files.exists(file) || needed) {
            try {
                JsonNode json = PublishedJson.read(file);
                if (json.isObject()) {
                    return json;
                }
                defects.add(
                        Defect.error("config", file.toString(), "a JSON object", "another value",
                                "fetch the file again"));
            } catch (SocraticException broken) {
                defects.addAll(Defect.errors("config", broken.problems()));
            }
        }
        return Json.mapper().createObjectNode();
    }

    /// @return why this version cannot run the model, neither as a decoder nor as an encoder; empty if it can
    private static Optional<List<Defect>> runs(Path folder) {
        try {
            ModelConfig.read(folder);
            return Optional.empty();
        } catch (SocraticException refused) {
            if (refused.problems().stream().noneMatch(Inspection::aboutFamily)) {
                return Optional.of(config(refused));
            }
            try {
                EncoderConfig.read(folder);
                return Optional.empty();
            } catch (SocraticException neither) {
                return Optional.of(
                        config(neither.problems().stream().anyMatch(Inspection::aboutFamily) ? refused : neither));
            }
        }
    }

    private static boolean aboutFamily(Problem problem) {
        return problem.place().endsWith("model_type");
    }

    /// What the file says may be right and only beyond this version: then it is a warning.
    private static List<Defect> config(SocraticException refused) {
        return Defect.few(refused.problems().stream().map(problem -> new Defect("config",
                aboutFamily(problem) || problem.expected().contains("this version")
                        ? Defect.Severity.WARNING
                        : Defect.Severity.ERROR, problem)).toList());
    }

    private static boolean isAdapter(Path folder) {
        return AdapterFolder.is(folder);
    }

    private static Map<String, TensorInfo> tensors(Path folder) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return checkpoint.tensors();
        }
    }

    private static Map<String, TensorInfo> adapterTensors(Path folder) {
        try (Safetensors file = Safetensors.open(folder.resolve(LoraAdapter.WEIGHTS))) {
            return file.tensors();
        }
    }

    private static SortedMap<String, Long> files(Path folder) {
        SortedMap<String, Long> files = new TreeMap<>();
        try (var list = Files.newDirectoryStream(folder, "*.safetensors")) {
            for (Path file : list) {
                files.put(file.getFileName().toString(), Files.size(file));
            }
        } catch (IOException failed) {
            throw IoProblems.reading(folder, failed);
        }
        return files;
    }

    private static Optional<Integer> vocabulary(Path folder) {
        if (!Files.exists(folder.resolve(TOKENIZER))) {
            return Optional.empty();
        }
        try (Tokenizer tokenizer = Tokenizer.open(folder)) {
            return Optional.of(tokenizer.vocabularySize());
        } catch (DataException broken) {
            return Optional.empty();
        }
    }

    private static Optional<Long> boxed(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }
}
