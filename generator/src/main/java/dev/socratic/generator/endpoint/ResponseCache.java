package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Answers on disk, found again by what was asked: one file `<first two digits>/<key>.json` an answer.
///
/// The key is the SHA-256 of the address and of the canonical JSON of the request's body, in which model, system
/// prompt, messages and every parameter stand, the seed included; the seed is derived from the sample's index, so two
/// samples of one question never share an entry. Headers, and so the API key, are no part of it. Several runs may
/// share a folder.
///
/// Entries are renamed into place but not flushed: at thousands of answers a second the disk would be the limit. A
/// kill loses none; a power cut may lose the latest or leave them damaged, which their hash tells, and a damaged
/// entry is none.
///
/// Safe to call from any thread.
final class ResponseCache {
    private final Path folder;
    private final Set<String> beingWritten = ConcurrentHashMap.newKeySet();

    ResponseCache(Path folder) {
        this.folder = folder;
    }

    /// @param address base address and path of the request, without user info
    /// @param body    its JSON
    static String key(String address, String body) throws JsonProcessingException {
        return Hashes.sha256(address + "\n" + Json.canonical(Json.mapper().readTree(body)));
    }

    /// @return the stored body; empty where there is none, or where the entry is damaged
    Optional<String> get(String key) {
        try {
            JsonNode entry = Json.mapper().readTree(Files.readString(file(key)));
            String body = entry.path("body").asText();
            return entry.path("sha256").asText().equals(Hashes.sha256(body)) ? Optional.of(body) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty(); // absent, half a file, no UTF-8: all the same, it is asked again and written anew
        }
    }

    /// Keeps a body. Where the disk does not take it, the answer is not kept but not lost either: it is on its way to
    /// the journal, which says what is wrong with the disk.
    void put(String key, String body) {
        if (!beingWritten.add(key)) {
            return; // the same question is being answered twice at once; one entry is enough
        }
        try {
            Path file = file(key);
            Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
            Files.createDirectories(file.getParent());
            Files.writeString(temporary, Json.line(Json.mapper().createObjectNode().put("sha256",
                    Hashes.sha256(body)).put("body", body)));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            // see above
        } finally {
            beingWritten.remove(key);
        }
    }

    private Path file(String key) {
        return folder.resolve(key.substring(0, 2)).resolve(key + ".json");
    }
}
