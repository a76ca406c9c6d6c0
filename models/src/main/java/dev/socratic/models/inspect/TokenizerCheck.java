package dev.socratic.models.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.Problem;
import dev.socratic.models.text.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// The vocabulary against the embedding, and the names and numbers of special tokens against each other.
///
/// @param tokens special tokens by name (`eos_token`), as the tokenizer's config spells them
/// @param rows   rows of the embedding; empty if unknown
record TokenizerCheck(Path folder, Tokenizer tokenizer, JsonNode config, JsonNode tokenizerFile,
        JsonNode tokenizerConfig, Map<String, String> tokens, OptionalLong rows) {
    private static final String CHECK = "tokenizer";
    private static final int HUGE = 1 << 20;

    List<Defect> run() {
        List<Defect> defects = new ArrayList<>();
        String file = folder.resolve("tokenizer.json").toString();
        if (rows.isPresent() && tokenizer.vocabularySize() > rows.getAsLong()) {
            defects.add(Defect.error(CHECK, file, "ids below %s, the rows of the embedding".formatted(rows.getAsLong()),
                    "ids up to %s".formatted(tokenizer.vocabularySize() - 1),
                            "the tokenizer and the weights belong to different models, or the embedding was not "
                                    + "resized"));
        }
        tokens.forEach((name, token) -> {
            if (tokenizer.id(token).isEmpty()) {
                defects.add(
                        Defect.error(CHECK, folder.resolve("tokenizer_config.json") + ": " + name,
                                "a token that tokenizer.json has", "'" + token + "'",
                        "add it to the tokenizer, or name the one the model was trained with"));
            }
        });
        defects.addAll(Defect.few(added()));
        ids("bos_token", defects);
        ids("pad_token", defects);
        padIsEnd(defects);
        lengths(file, defects);
        return defects;
    }

    /// Here nothing is padded or cut, whatever the file says; other tools do as it says.
    private void lengths(String file, List<Defect> defects) {
        JsonNode fixed = tokenizerFile.path("padding").path("strategy").path("Fixed");
        if (!fixed.isMissingNode()) {
            boolean huge = !fixed.canConvertToInt() || fixed.asInt() > HUGE;
            defects.add(new Defect(CHECK, huge ? Defect.Severity.ERROR : Defect.Severity.WARNING,
                    new Problem(file + ": padding",
                    "null, or BatchLongest", "every text padded to " + fixed,
                            "write null: other tools would pad each text, also in training")));
        }
        JsonNode longest = tokenizerFile.path("truncation").path("max_length");
        if (!longest.isMissingNode()) {
            defects.add(Defect.warning(CHECK, file + ": truncation", "null", "texts cut after " + longest + " tokens",
                    "write null: other tools would cut prompts and rows there"));
        }
    }

    /// `added_tokens_decoder` numbers the added tokens a second time.
    private List<Defect> added() {
        List<Defect> defects = new ArrayList<>();
        tokenizerConfig.path("added_tokens_decoder").properties().forEach(entry -> {
            String said = entry.getValue().path("content").asText();
            long id = entry.getKey().matches("[0-9]{1,9}") ? Long.parseLong(entry.getKey()) : -1;
            if (!said.equals(tokenizer.token(id))) {
                defects.add(
                        Defect.error(CHECK,
                                folder.resolve("tokenizer_config.json") + ": added_tokens_decoder." + entry.getKey(),
                        "'%s', as in tokenizer.json".formatted(tokenizer.token(id)), "'" + said + "'",
                        "one of the two files is of another version: fetch both again"));
            }
        });
        return defects;
    }

    private void ids(String name, List<Defect> defects) {
        List<Long> said = ConfigFacts.ids(config, name + "_id").stream().filter(id -> id >= 0).toList();
        OptionalLong named = tokens.containsKey(name) ? tokenizer.id(tokens.get(name)) : OptionalLong.empty();
        if (!said.isEmpty() && named.isPresent() && !said.contains(named.getAsLong())) {
            defects.add(Defect.warning(CHECK, folder.resolve("config.json") + ": " + name + "_id",
                    "%s, the tokenizer's '%s'".formatted(named.getAsLong(), tokens.get(name)),
                    "%s '%s'".formatted(said.getFirst(), tokenizer.token(said.getFirst())),
                            "make the two files say the same; the tokenizer's counts here"));
        }
    }

    private void padIsEnd(List<Defect> defects) {
        String pad = tokens.getOrDefault("pad_token", "");
        if (!pad.isEmpty() && pad.equals(tokens.get("eos_token"))) {
            defects.add(
                    Defect.warning(CHECK, folder.resolve("tokenizer_config.json") + ": pad_token",
                            "another token than eos_token",
                    "'" + pad + "' for both",
                    "tools that mask padding in the loss then never teach the end of an answer; give padding a "
                            + "token of its own"));
        }
    }
}
