package dev.socratic.models.hub;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;

/// A hub with one model, and a second server that keeps its large files, as the public one does. Answers can be
/// replaced to misbehave.
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String REPO = "org/small";

    final MockWebServer hub = new MockWebServer();
    final MockWebServer store = new MockWebServer();
    /// Small files are git's, large ones (`.safetensors`) are kept by the store.
    final Map<String, byte[]> files = new TreeMap<>();
    final List<RecordedRequest> seen = new CopyOnWriteArrayList<>();
    /// Asked first; an answer counts.
    volatile Function<RecordedRequest, MockResponse> mischief = request -> null;
    volatile boolean listsChecksums = true;

    FakeHub() throws IOException {
        files.put("config.json", "{\"model_type\": \"llama\"}".getBytes(StandardCharsets.UTF_8));
        files.put("sub/notes.txt", "é".getBytes(StandardCharsets.UTF_8));
        files.put("pytorch_model.bin", new byte[10]);
        byte[] weights = new byte[300_000];
        Arrays.setAll(new int[weights.length], i -> weights[i] = (byte) (i * 31 + i / 1000));
        files.put("model.safetensors", weights);
        Dispatcher dispatcher = new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                seen.add(request);
                MockResponse bad = mischief.apply(request);
                return bad != null ? bad : answer(request);
            }
        };
        hub.setDispatcher(dispatcher);
        store.setDispatcher(dispatcher);
        hub.start();
        store.start();
    }

    private MockResponse answer(RecordedRequest request) {
        String path = request.getUrl().encodedPath();
        if (path.startsWith("/api/models/" + REPO + "/revision/")) {
            return json(listing());
        }
        String resolve = "/" + REPO + "/resolve/" + COMMIT + "/";
        if (path.startsWith(resolve) && files.containsKey(path.substring(resolve.length()))) {
            String name = path.substring(resolve.length());
            byte[] bytes = files.get(name);
            MockResponse.Builder answer = new MockResponse.Builder().addHeader("X-Repo-Commit", COMMIT);
            if (large(name)) {
                return answer.code(302).addHeader("Location", store.url("/bytes/" + name).toString())
                        .addHeader("X-Linked-Etag", "\"" + sha256(bytes) + "\"")
                        .addHeader("X-Linked-Size", "" + bytes.length).build();
            }
            return answer.addHeader("ETag", "\"" + blob(bytes) + "\"").body(buffer(bytes)).build();
        }
        if (path.startsWith("/bytes/")) {
            return range(files.get(path.substring("/bytes/".length())), request);
        }
        return new MockResponse.Builder().code(404)
                .addHeader("X-Error-Code", path.startsWith("/api") ? "RepoNotFound" : "EntryNotFound").build();
    }

    static MockResponse range(byte[] bytes, RecordedRequest request) {
        String range = request.getHeaders().get("Range");
        int from = range == null ? 0 : Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
        MockResponse.Builder answer = new MockResponse.Builder().code(range == null ? 200 : 206)
                .body(buffer(Arrays.copyOfRange(bytes, from, bytes.length)));
        return (range == null ? answer : answer.addHeader("Content-Range",
                "bytes %s-%s/%s".formatted(from, bytes.length - 1, bytes.length))).build();
    }

    String listing() {
        return "{\"id\":\"%s\",\"sha\":\"%s\",\"siblings\":[%s]}".formatted(REPO, COMMIT, files.entrySet().stream()
                .map(file ->
                        "{\"rfilename\":\"%s\"%s}".formatted(file.getKey(), !listsChecksums ? "" : large(file.getKey())
                        ? (",\"size\":%s,\"blobId\":\"%s\","
                                + "\"lfs\":{\"sha256\":\"%s\",\"size\":%1$s,\"pointerSize\":130}").formatted(
                                file.getValue().length, "0".repeat(40), sha256(file.getValue()))
                        : ",\"size\":%s,\"blobId\":\"%s\"".formatted(file.getValue().length, blob(file.getValue()))))
                .collect(Collectors.joining(",")));
    }

    static boolean large(String name) {
        return name.endsWith(".safetensors");
    }

    static MockResponse json(String body) {
        return new MockResponse.Builder().addHeader("Content-Type", "application/json").body(body).build();
    }

    static Buffer buffer(byte[] bytes) {
        return new Buffer().write(bytes);
    }

    /// Requests by method and path, in order.
    List<String> requests() {
        return seen.stream().map(request -> request.getMethod() + " " + request.getUrl().encodedPath()).toList();
    }

    static String sha256(byte[] bytes) {
        return hash("SHA-256", bytes);
    }

    static String blob(byte[] bytes) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(("blob " + bytes.length + "\0").getBytes(StandardCharsets.US_ASCII));
        whole.writeBytes(bytes);
        return hash("SHA-1", whole.toByteArray());
    }

    private static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        hub.close();
        store.close();
    }
}
