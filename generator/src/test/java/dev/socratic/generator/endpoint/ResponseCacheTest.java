package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseCacheTest {
    private static final String ADDRESS = "http://host/v1/completions";
    private static final String BODY = "{\"model\": \"m\", \"prompt\": [[1, 2]], \"prompt_logprobs\": 2}";

    @TempDir
    Path folder;

    @Test
    void anythingThatChangesTheAnswerIsAnotherEntryAndNothingElseIs() throws Exception {
        Set<String> keys = new HashSet<>();
        for (String body : List.of(BODY, BODY.replace("[1, 2]", "[1, 3]"), BODY.replace("\"m\"", "\"n\""),
                BODY.replace(": 2}", ": 3}"), BODY.replace("[1, 2]", "[1, 2], [3]"))) {
            keys.add(ResponseCache.key(ADDRESS, body));
        }
        keys.add(ResponseCache.key("http://host/v2/completions", BODY));
        assertEquals(6, keys.size());
        assertEquals(ResponseCache.key(ADDRESS, BODY), ResponseCache.key(ADDRESS,
                "{\"prompt_logprobs\":2,\"prompt\":[[1,2]],\"model\":\"m\"}"), "another order of its fields");
    }

    @Test
    void whatWasPutIsThereForWhoeverComesLater() throws Exception {
        String key = ResponseCache.key(ADDRESS, BODY);
        assertEquals(Optional.empty(), new ResponseCache(folder).get(key));
        new ResponseCache(folder).put(key, "{\"text\": \"\u00e9\"}");
        assertEquals(Optional.of("{\"text\": \"\u00e9\"}"), new ResponseCache(folder).get(key));
    }

    @Test
    void aDamagedEntryIsNoneAndIsMended() throws Exception {
        ResponseCache cache = new ResponseCache(folder);
        String key = ResponseCache.key(ADDRESS, BODY);
        cache.put(key, "{\"finish_reason\": \"stop\"}");
        Path entry = entries().getFirst();
        String whole = Files.readString(entry);
        for (String damaged : List.of("", whole.substring(0, whole.length() / 2), whole.replace("stop", "stup"), "[]",
                "{\"sha256\":\"\",\"body\":\"\"}")) {
            Files.writeString(entry, damaged);
            assertEquals(Optional.empty(), cache.get(key), damaged);
            cache.put(key, "{\"finish_reason\": \"stop\"}");
            assertEquals(whole, Files.readString(entry));
        }
    }

    private List<Path> entries() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }
}
