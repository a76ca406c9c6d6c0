package dev.socratic.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.AdapterFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/// What stands around a text that no chat template writes.
///
/// @param start ids before it, often BOS, often none
/// @param end   id behind it
public record TextMarks(List<Long> start, Optional<Long> end) {
    public static final TextMarks NONE = new TextMarks(List.of(), Optional.empty());

    /// Tokenizer classes whose `add_bos_token`, true by default but for the last, replaces what the post-processor of
    /// `tokenizer.json` begins with.
    private static final Set<String> ASKED = Set.of("LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer",
            "CohereTokenizer", "GPTNeoXTokenizer");

    public TextMarks {
        start = List.copyOf(start);
    }

    /// As transformers encodes a text and TRL ends it: begun with what the tokenizer adds (`add_bos_token` for the
    /// classes that look at it, else the post-processor of `tokenizer.json`), ended with `eos_token`.
    ///
    /// @param folder with the tokenizer's files
    public static TextMarks of(Path folder, Tokenizer tokenizer) {
        Map<String, String> tokens = ChatTemplate.specialTokens(folder);
        return new TextMarks(start(folder, tokens, tokenizer),
                boxed(tokenizer.id(tokens.getOrDefault("eos_token", ""))));
    }

    /// @return the same, begun with the folder's `bos_token` alone; unchanged where it has none
    public TextMarks withBos(Path folder, Tokenizer tokenizer) {
        return boxed(tokenizer.id(ChatTemplate.specialTokens(folder).getOrDefault("bos_token", "")))
                .map(bos -> new TextMarks(List.of(bos), end)).orElse(this);
    }

    /// @return the same, begun with nothing
    public TextMarks withoutStart() {
        return new TextMarks(List.of(), end);
    }

    /// @param ids of a text alone
    /// @return how many ids are put before it: none where the text is written with its beginning
    public int before(long[] ids) {
        return start.size() - begun(Arrays.stream(ids).limit(start.size()).mapToInt(Math::toIntExact).toArray());
    }

    /// @param ids of a row
    /// @return how many of them are its beginning, and no text
    public int begun(int[] ids) {
        return ids.length >= start.size() && IntStream.range(0, start.size()).allMatch(i -> ids[i] == start.get(i))
                ? start.size() : 0;
    }

    /// @return how many ids are put behind it: none where the text is written with its end
    public int behind(long[] ids) {
        return end.isEmpty() || ids.length > 0 && ids[ids.length - 1] == end.get() ? 0 : 1;
    }

    private static List<Long> start(Path given, Map<String, String> tokens, Tokenizer tokenizer) {
        Path folder = AdapterFolder.text(given);
        Path config = folder.resolve("tokenizer_config.json");
        JsonNode said = Files.exists(config) ? Json.read(config, JsonNode.class) : Json.mapper().createObjectNode();
        String name = said.path("tokenizer_class").asText("").replaceFirst("Fast$", "");
        if (!ASKED.contains(name)) {
            return processed(Json.read(folder.resolve("tokenizer.json"), JsonNode.class).path("post_processor"),
                    tokenizer);
        }
        OptionalLong bos = tokenizer.id(tokens.getOrDefault("bos_token", ""));
        return said.path("add_bos_token").asBoolean(!name.equals("GPTNeoXTokenizer")) ? boxed(bos).stream().toList()
                : List.of();
    }

    /// @return ids that a post-processor puts before a single text
    private static List<Long> processed(JsonNode processor, Tokenizer tokenizer) {
        List<Long> ids = new ArrayList<>();
        for (JsonNode part : processor.path("processors")) {
            ids.addAll(0, processed(part, tokenizer)); // a later one encloses what those before it wrote
        }
        for (JsonNode piece : processor.path("single")) {
            if (piece.has("Sequence")) {
                break;
            }
            String name = piece.path("SpecialToken").path("id").asText("");
            JsonNode written = processor.path("special_tokens").path(name).path("ids");
            written.forEach(id -> ids.add(id.asLong()));
            if (written.isMissingNode()) {
                boxed(tokenizer.id(name)).ifPresent(ids::add);
            }
        }
        JsonNode first = processor.path("cls"); // of BertProcessing and RobertaProcessing: [token, id]
        if (first.path(1).isIntegralNumber()) {
            ids.add(first.path(1).asLong());
        }
        return ids;
    }

    private static Optional<Long> boxed(OptionalLong id) {
        return id.isPresent() ? Optional.of(id.getAsLong()) : Optional.empty();
    }
}
