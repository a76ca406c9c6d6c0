package dev.socratic.models.hub;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// What a hub says a revision holds.
///
/// @param commit the commit the revision means now
record Listing(String commit, List<RemoteFile> files) {
    private static final Pattern SAFE = Pattern.compile("[^\\p{Cntrl}\\\\:]{1,512}");
    private static final int MOST_FILES = 100_000;

    Listing {
        files = List.copyOf(files);
    }

    /// One file of a revision.
    ///
    /// @param path     with `/`, inside the model
    /// @param size     bytes, where the hub says so
    /// @param checksum where it says so
    record RemoteFile(String path, OptionalLong size, Optional<Checksum> checksum) {}

    /// @param place the address, for messages
    /// @throws DataException if it is no listing, or names a file outside the model
    static Listing of(JsonNode json, String place) {
        String commit = json.path("sha").asText("");
        JsonNode siblings = json.path("siblings");
        if (!Checksum.isCommit(commit) || !siblings.isArray() || siblings.size() > MOST_FILES) {
            throw new DataException(place, "a commit and a list of files", "something else",
                    "check HF_ENDPOINT: is it a hub?");
        }
        List<RemoteFile> files = new ArrayList<>();
        for (JsonNode file : siblings) {
            String path = file.path("rfilename").asText("");
            if (!safe(path)) {
                throw new DataException(place, "files inside the model", "'%s'".formatted(shown(path)),
                        "do not trust this hub");
            }
            JsonNode size = file.path("lfs").path("size").isNumber()
                    ? file.path("lfs").path("size")
                    : file.path("size");
            String hex = file.path("lfs").isObject()
                    ? file.path("lfs").path("sha256").asText("")
                    : file.path("blobId").asText("");
            files.add(new RemoteFile(path,
                    size.canConvertToLong() && size.isIntegralNumber() && size.asLong() >= 0
                            ? OptionalLong.of(size.asLong())
                            : OptionalLong.empty(),
                    Checksum.of(hex)));
        }
        return new Listing(commit, files);
    }

    /// Whether a path stays where it is put, on every operating system.
    static boolean safe(String path) {
        if (!SAFE.matcher(path).matches()) {
            return false;
        }
        for (String part : path.split("/", -1)) {
            if (part.isEmpty() || part.equals(".") || part.equals("..") || part.endsWith(" ") || part.endsWith(".")) {
                return false;
            }
        }
        return true;
    }

    private static String shown(String path) {
        String flat = path.replaceAll("\\p{Cntrl}", "?");
        return flat.length() <= 80 ? flat : flat.substring(0, 80) + "...";
    }
}
