package dev.socratic.models.checkpoint;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What each tensor of an adapter's file is for, by the name of the base's weight it belongs to. Values are names in
/// the file.
///
/// @param factors    A and B
/// @param replaced   tensors that were trained whole: heads, norms, biases
/// @param copies     tables as the adapter found them, which PEFT puts beside the factors of an embedding or a head
/// @param originals  tables as they were when they got other rows, before they were trained whole
/// @param magnitudes lengths of rows
/// @param rows       rows of a table that were trained alone
record LoraTensors(Map<String, Factors> factors, Map<String, String> replaced, Map<String, String> copies,
        Map<String, String> originals, Map<String, String> magnitudes, Map<String, String> rows) {
    static final String PREFIX = "base_model.model.";

    private static final String WEIGHT = ".weight";
    private static final Pattern FACTOR =
            Pattern.compile("(.+)\\.lora_(embedding_)?([AB])(?:\\.default)?(?:\\.weight)?");
    private static final Pattern MAGNITUDE =
            Pattern.compile("(.+)\\.lora_magnitude_vector(?:\\.default)?(?:\\.weight)?");
    private static final Pattern ROWS =
            Pattern.compile("(.+)\\.token_adapter\\.trainable_tokens_delta(?:\\.default)?");
    private static final Pattern COPY = Pattern.compile("(.+)\\.(?:base_layer|token_adapter\\.base_layer)\\.weight");
    private static final Pattern ORIGINAL = Pattern.compile("(.+)\\.original_module\\.weight");

    /// @param a         name of A in the file
    /// @param b         name of B
    /// @param embedding whether they belong to an embedding, whose table is stored as `[in, out]`
    record Factors(String a, String b, boolean embedding) {}

    /// @throws DataException with everything that is missing, damaged or of a kind that cannot be merged
    static LoraTensors of(Path file, LoraConfig config, Safetensors tensors) {
        return new Sorting(file, config, tensors).sorted();
    }

    /// @return whether a weight of the base does not stay what it is
    boolean touches(String weight) {
        return factors.containsKey(weight) || replaced.containsKey(weight) || rows.containsKey(weight);
    }

    /// @return every weight of the base that does not stay what it is
    Set<String> touched() {
        Set<String> all = new TreeSet<>(factors.keySet());
        all.addAll(replaced.keySet());
        all.addAll(rows.keySet());
        return all;
    }

    /// @return the ids of the rows that were trained alone
    List<Integer> rowsOf(String weight, LoraConfig config) {
        String module = weight.substring(0, weight.length() - WEIGHT.length());
        return config.besides().tokens().entrySet().stream()
                .filter(entry -> entry.getKey().isEmpty() || module.equals(entry.getKey())
                        || module.endsWith("." + entry.getKey()))
                .map(Map.Entry::getValue).findFirst().orElse(List.of());
    }

    /// Goes through the file once, and collects what does not fit.
    private static final class Sorting {
        private final Path file;
        private final LoraConfig config;
        private final Safetensors tensors;
        private final Map<String, String> a = new LinkedHashMap<>();
        private final Map<String, String> b = new LinkedHashMap<>();
        private final Set<String> embeddings = new TreeSet<>();
        private final LoraTensors names = new LoraTensors(new LinkedHashMap<>(), new LinkedHashMap<>(),
                new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        private final List<Problem> problems = new ArrayList<>();

        Sorting(Path file, LoraConfig config, Safetensors tensors) {
            this.file = file;
            this.config = config;
            this.tensors = tensors;
        }

        LoraTensors sorted() {
            tensors.tensors().keySet().forEach(this::sort);
            pair();
            lengths();
            wholeModules();
            tokenRows();
            for (TensorInfo tensor : tensors.tensors().values()) {
                if (!tensor.dtype().readable()) {
                    problem(tensor.name(), "floating-point numbers", tensor.dtype().name(), "convert the adapter");
                } else {
                    Tally tally = Tally.of(tensors, tensor.name());
                    if (tally.nan() + tally.infinite() > 0) {
                        problem(tensor.name(), "finite numbers",
                                "%s NaN and %s infinite".formatted(tally.nan(), tally.infinite()),
                                "the training went wrong: take an earlier checkpoint of the adapter");
                    }
                }
            }
            if (!problems.isEmpty()) {
                throw new DataException(Problem.firstOf(problems));
            }
            if (names.touched().isEmpty()) {
                throw new DataException(file.toString(), "factors of a low-rank adapter", "none",
                        "fetch the adapter again");
            }
            return names;
        }

        private void sort(String name) {
            String plain = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
            Matcher factor = FACTOR.matcher(plain);
            Matcher magnitude = MAGNITUDE.matcher(plain);
            Matcher rows = ROWS.matcher(plain);
            Matcher copy = COPY.matcher(plain);
            Matcher original = ORIGINAL.matcher(plain);
            if (factor.matches()) {
                (factor.group(3).equals("A") ? a : b).put(module(factor), name);
                if (factor.group(2) != null) {
                    embeddings.add(module(factor));
                }
            } else if (magnitude.matches()) {
                names.magnitudes.put(module(magnitude) + WEIGHT, name);
            } else if (rows.matches()) {
                names.rows.put(module(rows) + WEIGHT, name);
            } else if (copy.matches()) {
                names.copies.put(module(copy) + WEIGHT, name);
            } else if (original.matches()) {
                names.originals.put(module(original) + WEIGHT, name);
            } else if (plain.contains("lora_")) {
                problem(name, "a factor lora_A or lora_B, or a lora_magnitude_vector", "another kind",
                        "merge the adapter with PEFT");
            } else {
                String saved = plain.replace(".modules_to_save.default.", ".").replace(".modules_to_save.", ".")
                        .replace(".base_layer.", ".");
                if (saved.equals(plain)) {
                    names.replaced.put(saved, name);
                } else {
                    names.replaced.putIfAbsent(saved, name); // the same once more
                }
            }
        }

        /// Wrappers in wrappers leave their mark in the name.
        private static String module(Matcher found) {
            return found.group(1).replace(".base_layer", "");
        }

        private void pair() {
            Set<String> modules = new TreeSet<>(a.keySet());
            modules.addAll(b.keySet());
            for (String module : modules) {
                if (!a.containsKey(module) || !b.containsKey(module)) {
                    problem(module, "both factors", "only one", "fetch the adapter again");
                    continue;
                }
                Factors pair = new Factors(a.get(module), b.get(module), embeddings.contains(module));
                names.factors.put(module + WEIGHT, pair);
                List<Long> of = tensors.tensors().get(pair.a()).shape();
                List<Long> with = tensors.tensors().get(pair.b()).shape();
                int rank = config.rank(module);
                if (of.size() != 2 || with.size() != 2 || !of.getFirst().equals(with.getLast())
                        || of.getFirst() != rank) {
                    problem(module, "A [%s, in] and B [out, %s]".formatted(rank, rank), "%s and %s".formatted(of, with),
                            "adapter_config.json and the weights belong to different adapters");
                }
            }
        }

        /// Where the config promises lengths of rows, each pair of factors needs them, and nothing else has them.
        private void lengths() {
            names.factors.forEach((weight, pair) -> {
                boolean there = names.magnitudes.containsKey(weight);
                if (there != config.rows() || there && pair.embedding()) {
                    problem(weight, pair.embedding() ? "an embedding without lora_magnitude_vector"
                                    : config.rows() ? "a lora_magnitude_vector, for use_dora is true"
                                    : "no lora_magnitude_vector, for use_dora is not true",
                            there ? "one" : "none",
                            pair.embedding() ? "merge the adapter with PEFT" : "fetch the adapter again");
                } else if (there) {
                    TensorInfo lengths = tensors.tensors().get(names.magnitudes.get(weight));
                    long rows = tensors.tensors().get(pair.b()).shape().getFirst();
                    if (lengths.count() != rows) {
                        problem(lengths.name(), "%s lengths of rows".formatted(rows),
                                "%s of shape %s".formatted(lengths.dtype(), lengths.shape()),
                                        "fetch the adapter again");
                    }
                }
            });
        }

        private void wholeModules() {
            for (String module : config.besides().saved()) {
                String inside = "." + module + ".";
                if (names.replaced.keySet().stream().noneMatch(name -> ("." + name).contains(inside))) {
                    problem(module, "its tensors, for modules_to_save names it", "none", "fetch the adapter again");
                }
            }
        }

        private void tokenRows() {
            names.rows.forEach((weight, name) -> {
                List<Long> shape = tensors.tensors().get(name).shape();
                int ids = names.rowsOf(weight, config).size();
                if (shape.size() != 2 || shape.getFirst() != ids) {
                    problem(name, "%s rows, one for each of trainable_token_indices".formatted(ids),
                            "shape " + shape, "adapter_config.json and the weights belong to different adapters");
                }
                if (names.factors.containsKey(weight) || names.replaced.containsKey(weight)) {
                    problem(name, "a table that is changed in one way", "rows and factors, or rows and a whole table",
                            "merge the adapter with PEFT");
                }
            });
            if (names.rows.isEmpty() && !config.besides().tokens().isEmpty()) {
                problem("trainable_tokens_delta", "rows, for trainable_token_indices names some", "none",
                        "fetch the adapter again");
            }
        }

        private void problem(String name, String expected, String got, String remedy) {
            problems.add(new Problem(file + ": " + name, expected, got, remedy));
        }
    }
}
