package dev.socratic.models.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.models.checkpoint.AdapterFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/// What the post-processor of a `tokenizer.json` puts around a single text: of BERT `[CLS]` before and `[SEP]` behind.
///
/// @param before ids before the text
/// @param behind ids behind it
public record Enclosure(List<Long> before, List<Long> behind) {
    public Enclosure {
        before = List.copyOf(before);
        behind = List.copyOf(behind);
    }

    /// @param folder with the tokenizer's file
    public static Enclosure of(Path folder) {
        JsonNode file = Json.read(AdapterFolder.text(folder).resolve("tokenizer.json"), JsonNode.class);
        List<Long> before = new ArrayList<>();
        List<Long> behind = new ArrayList<>();
        add(file.path("post_processor"), before, behind);
        return new Enclosure(before, behind);
    }

    /// @return how many ids it has
    public int size() {
        return before.size() + behind.size();
    }

    /// @return the ids with these around them
    public long[] around(long[] ids) {
        return LongStream.concat(LongStream.concat(before.stream().mapToLong(Long::longValue), LongStream.of(ids)),
                behind.stream().mapToLong(Long::longValue)).toArray();
    }

    /// A later one of a sequence encloses what those before it wrote.
    private static void add(JsonNode processor, List<Long> before, List<Long> behind) {
        processor.path("processors").forEach(part -> add(part, before, behind));
        List<Long> first = new ArrayList<>();
        boolean seen = false;
        for (JsonNode piece : processor.path("single")) {
            String name = piece.path("SpecialToken").path("id").asText("");
            List<Long> into = seen ? behind : first;
            processor.path("special_tokens").path(name).path("ids").forEach(id -> into.add(id.asLong()));
            seen |= piece.has("Sequence");
        }
        if (processor.path("cls").path(1).isIntegralNumber()) { // of BertProcessing, RobertaProcessing: [token, id]
            first.add(processor.path("cls").path(1).asLong());
            behind.add(processor.path("sep").path(1).asLong());
        }
        before.addAll(0, first);
    }
}
