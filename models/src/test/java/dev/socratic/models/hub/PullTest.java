package dev.socratic.models.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import dev.socratic.core.error.SocraticException;
import dev.socratic.core.secret.Secret;
import dev.socratic.models.hub.Pull.Pulled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Headers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a server on this machine that breaks, dawdles, lies and redirects.
class PullTest {
    private static final String TOKEN = "hf_verysecret";
    private static final RepoId REPO = RepoId.parse(FakeHub.REPO);

    @TempDir
    Path folder;

    private FakeHub hub;
    private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    private final List<String> talk = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void start() throws IOException {
        hub = new FakeHub();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private HubOptions options(boolean offline) {
        return options(offline, Duration.ofSeconds(10));
    }

    private HubOptions options(boolean offline, Duration timeout) {
        return new HubOptions(hub.hub.url("/"), Optional.of(Secret.fromEnvironment("T", Map.of("T", TOKEN))), folder,
                offline, 3, timeout, 3);
    }

    private Pulled pull(String... include) throws InterruptedException {
        return new Pull(options(false), pauses::add, talk::add).run(REPO, List.of(include));
    }

    private String refusal(Class<? extends SocraticException> kind) {
        String said = assertThrows(kind, this::pull).problems().getFirst().toString();
        assertFalse(said.contains(TOKEN), said);
        return said.replace(hub.hub.url("/").toString(), "hub/").replace(hub.store.url("/").toString(), "store/");
    }

    private Path root() {
        return folder.resolve("models--org--small");
    }

    private byte[] weights() {
        return hub.files.get("model.safetensors");
    }

    private Path part() {
        return root().resolve("blobs").resolve(FakeHub.sha256(weights()) + ".incomplete");
    }

    private void assertWhole(Pulled pulled) throws IOException {
        for (String name : List.of("config.json", "sub/notes.txt", "model.safetensors")) {
            assertArrayEquals(hub.files.get(name), Files.readAllBytes(pulled.folder().resolve(name)), name);
        }
    }

    /// Nothing under a checksum's name that does not have it.
    private void assertNoWrongBlob() throws IOException {
        if (Files.isDirectory(root().resolve("blobs"))) {
            try (Stream<Path> blobs = Files.list(root().resolve("blobs"))) {
                blobs.filter(blob -> !blob.toString().endsWith(".incomplete"))
                        .forEach(blob ->
                                assertTrue(new Checksum(blob.getFileName().toString()).matches(blob), blob.toString()));
            }
        }
        assertFalse(Files.exists(root().resolve("refs/main")), "a failed pull must not count offline");
    }

    /// Misbehaves on the first n requests for the weights' bytes.
    private AtomicInteger weightsFirst(int times, Function<RecordedRequest, MockResponse> answer) {
        AtomicInteger count = new AtomicInteger();
        hub.mischief = request -> request.getUrl().encodedPath().startsWith("/bytes/")
                && count.incrementAndGet() <= times ? answer.apply(request) : null;
        return count;
    }

    @Test
    void aModelLiesInTheReferenceClientsLayout() throws Exception {
        Pulled pulled = pull();
        assertWhole(pulled);
        assertEquals(root().resolve("snapshots").resolve(FakeHub.COMMIT), pulled.folder());
        assertEquals(FakeHub.COMMIT, Files.readString(root().resolve("refs/main")));
        assertEquals(3, pulled.files());
        assertEquals(List.of("pytorch_model.bin"), pulled.leftOut());
        assertEquals(Path.of("../../blobs").resolve(FakeHub.sha256(weights())),
                Files.readSymbolicLink(pulled.folder().resolve("model.safetensors")));
        assertEquals(Path.of("../../../blobs").resolve(FakeHub.blob(hub.files.get("sub/notes.txt"))),
                Files.readSymbolicLink(pulled.folder().resolve("sub/notes.txt")));
        assertEquals(weights().length + hub.files.get("config.json").length + 2, pulled.fetched());
        try (Stream<Path> blobs = Files.list(root().resolve("blobs"))) {
            assertEquals(3, blobs.count());
        }
    }

    @Test
    void theTokenGoesToTheHubAndNowhereElse() throws Exception {
        pull();
        int toHub = 0;
        int toStore = 0;
        for (RecordedRequest request : hub.seen) {
            Headers headers = request.getHeaders();
            if (request.getUrl().port() == hub.hub.getPort()) {
                assertEquals("Bearer " + TOKEN, headers.get("Authorization"));
                toHub++;
            } else {
                assertEquals(null, headers.get("Authorization"), request.toString());
                toStore++;
            }
        }
        assertTrue(toHub >= 6 && toStore == 1, hub.requests().toString());
    }

    @Test
    void whatIsThereIsNotFetchedAgain() throws Exception {
        pull();
        hub.seen.clear();
        Pulled again = pull();
        assertEquals(0, again.fetched());
        assertEquals(List.of("GET /api/models/org/small/revision/main"), hub.requests());
        hub.listsChecksums = false;
        assertEquals(0, pull().fetched());
        assertTrue(hub.requests().stream().noneMatch(request -> request.startsWith("GET /bytes")));
    }

    @Test
    void aListingWithoutChecksumsIsEnough() throws Exception {
        hub.listsChecksums = false;
        assertWhole(pull());
    }

    @Test
    void onlyTheRestOfAFileIsFetched() throws Exception {
        Files.createDirectories(part().getParent());
        Files.write(part(), Arrays.copyOf(weights(), 100_000));
        Pulled pulled = pull();
        assertWhole(pulled);
        assertEquals("bytes=100000-",
                hub.seen.stream().filter(r -> r.getUrl().encodedPath().startsWith("/bytes")).findFirst().orElseThrow()
                        .getHeaders().get("Range"));
        assertTrue(pulled.fetched() < 201_000, "" + pulled.fetched());
        assertFalse(Files.exists(part()));
    }

    @Test
    void aServerThatIgnoresTheRangeIsUnderstood() throws Exception {
        Files.createDirectories(part().getParent());
        Files.write(part(), Arrays.copyOf(weights(), 100_000));
        weightsFirst(1, request -> new MockResponse.Builder().body(FakeHub.buffer(weights())).build());
        assertWhole(pull());
    }

    @Test
    void aBeginningThatWasSomethingElseIsThrownAway() throws Exception {
        Files.createDirectories(part().getParent());
        Files.write(part(), new byte[100_000]);
        assertWhole(pull());
        Files.delete(root().resolve("blobs").resolve(FakeHub.sha256(weights())));
        Files.write(part(), new byte[400_000]); // longer than the file
        assertWhole(pull());
    }

    @Test
    void aLineThatBreaksIsTakenUpWhereItBroke() throws Exception {
        weightsFirst(2, request -> {
            MockResponse whole = FakeHub.range(weights(), request);
            return whole.newBuilder().onResponseBody(new SocketEffect.CloseSocket()).build();
        });
        Pulled pulled = pull();
        assertWhole(pulled);
        List<String> ranges = hub.seen.stream().filter(r -> r.getUrl().encodedPath().startsWith("/bytes"))
                .map(r -> "" + r.getHeaders().get("Range")).toList();
        assertEquals("null", ranges.get(0));
        assertTrue(ranges.getLast().startsWith("bytes="), ranges.toString());
    }

    @Test
    void aServerThatKeepsSilentIsGivenUpAndTheSameCallGoesOn() throws Exception {
        weightsFirst(1000, request -> new MockResponse.Builder().onResponseStart(SocketEffect.Stall.INSTANCE).build());
        Pull impatient = new Pull(options(false, Duration.ofSeconds(1)), pauses::add, talk::add);
        String said = assertThrows(RetryLaterException.class, () -> impatient.run(REPO, List.of())).getMessage();
        assertTrue(said.startsWith(
                hub.hub.url("/") + "org/small/resolve/" + FakeHub.COMMIT + "/model.safetensors: an answer; got "),
                        said);
        assertTrue(said.endsWith(
                "3 times; run the same command again: it goes on where it stopped; or set HF_HUB_OFFLINE=1 to use "
                        + "what is there"), said);
        assertEquals(Duration.ofSeconds(2), pauses.getLast()); // a busy machine may have made others wait too
        assertNoWrongBlob();
        hub.mischief = request -> null;
        assertWhole(pull());
    }

    @Test
    void aBusyHubIsAskedAgainWhenItSays() throws Exception {
        AtomicInteger count = new AtomicInteger();
        hub.mischief = request -> request.getUrl().encodedPath().startsWith("/api") && count.incrementAndGet() < 3
                ? new MockResponse.Builder().code(count.get() == 1 ? 429 : 503)
                        .addHeader("Retry-After", count.get() == 1 ? "7" : "soon").build()
                : null;
        assertWhole(pull());
        // a busy machine may make others wait too
        assertEquals(List.of(Duration.ofSeconds(7), Duration.ofSeconds(2)), pauses.subList(0, 2));
    }

    @Test
    void bytesThatAreNotWhatWasPromisedNeverGetTheirName() throws Exception {
        byte[] other = weights().clone();
        other[5]++;
        weightsFirst(1000, request -> FakeHub.range(other, request));
        assertEquals(
                ("hub/org/small/resolve/%s/model.safetensors: sha256 %s; got other bytes; the server or something on "
                        + "the way changes them; try another HF_ENDPOINT")
                .formatted(FakeHub.COMMIT, FakeHub.sha256(weights())), refusal(DataException.class));
        assertNoWrongBlob();
        assertFalse(Files.exists(part()));
    }

    @Test
    void aFlowWithoutEndIsStoppedAtThePromisedSize() throws Exception {
        weightsFirst(1000,
                request -> new MockResponse.Builder().body(FakeHub.buffer(Arrays.copyOf(weights(), 3_000_000)))
                        .build());
        assertTrue(refusal(DataException.class)
                .endsWith("model.safetensors: at most 300000 bytes; got more; do not trust this hub"));
        assertNoWrongBlob();
    }

    @Test
    void aFileThatStaysShortIsGivenUp() throws Exception {
        weightsFirst(1000, request -> new MockResponse.Builder().body("").build());
        assertTrue(refusal(RetryLaterException.class).contains("only 0 of 300000 bytes, 3 times"));
        assertNoWrongBlob();
    }

    @Test
    void aHubThatContradictsItselfIsNotTrusted() throws Exception {
        hub.mischief = request -> request.getMethod().equals("HEAD")
                && request.getUrl().encodedPath().endsWith(".safetensors")
                ? new MockResponse.Builder().code(302).addHeader("Location", hub.store.url("/bytes/model.safetensors"))
                        .addHeader("X-Linked-Etag", "0".repeat(64)).build()
                : null;
        assertTrue(refusal(DataException.class)
                .contains(", as the listing says; got sha256 " + "0".repeat(64) + "; do not trust this hub"));
        hub.mischief = request -> request.getMethod().equals("HEAD")
                ? new MockResponse.Builder().addHeader("ETag", "\"../../../evil\"").build()
                : null;
        assertTrue(refusal(DataException.class)
                .endsWith("a checksum as ETag; got none; check HF_ENDPOINT: is it a hub?"));
        hub.mischief = request -> request.getMethod().equals("HEAD")
                ? new MockResponse.Builder().addHeader("ETag", FakeHub.blob(hub.files.get("config.json")))
                        .addHeader("X-Repo-Commit", "f".repeat(40)).build() : null;
        hub.listsChecksums = false;
        assertTrue(refusal(DataException.class)
                .contains("a file of commit " + FakeHub.COMMIT + "; got one of another"));
        assertNoWrongBlob();
    }

    @Test
    void filesOutsideTheModelAreRefusedBeforeAnythingIsFetched() throws Exception {
        for (String path : List.of("../evil.json", "/etc/evil.json", "a//b.json", "a/./b.json", "a/../../b.json",
                "c:evil.json", "a\\\\..\\\\b.json", "a\\u0000b.json", "..", "")) {
            hub.seen.clear();
            hub.mischief = request ->
                    FakeHub.json(
                            "{\"sha\":\"%s\",\"siblings\":[{\"rfilename\":\"%s\"}]}".formatted(FakeHub.COMMIT, path));
            String said = refusal(DataException.class);
            assertTrue(said.contains("files inside the model; got '") && said.endsWith("do not trust this hub"), said);
            assertEquals(1, hub.seen.size());
        }
        assertFalse(Files.exists(root()));
    }

    @Test
    void whatIsNoHubIsSaid() {
        for (String body : List.of("{}", "{\"sha\":\"../x\",\"siblings\":[]}",
                "{\"sha\":\"%s\",\"siblings\":7}".formatted(FakeHub.COMMIT), "<html>", "")) {
            hub.mischief = request -> FakeHub.json(body);
            String said = refusal(DataException.class);
            assertTrue(said.startsWith("hub/api/models/org/small/revision/main?blobs=true:"), said);
            assertEquals(1, said.lines().count(), said);
        }
    }

    @Test
    void redirectsOfTheHubItselfAreFollowedWithTheTokenAndOthersWithout() throws Exception {
        hub.mischief = request -> request.getUrl().encodedPath().startsWith("/org/small/")
                ? new MockResponse.Builder().code(307)
                        .addHeader("Location", request.getUrl().encodedPath().replace("/org/small/", "/org/renamed/"))
                                .build()
                : null;
        Function<RecordedRequest, MockResponse> renamed = hub.mischief;
        hub.mischief = request -> request.getUrl().encodedPath().startsWith("/org/renamed/")
                ? answerAsIf(request)
                : renamed.apply(request);
        assertWhole(pull());
        hub.seen.stream().filter(r -> r.getUrl().port() == hub.store.getPort())
                .forEach(r -> assertEquals(null, r.getHeaders().get("Authorization")));
    }

    private MockResponse answerAsIf(RecordedRequest request) {
        String name = request.getUrl().encodedPath()
                .substring(("/org/renamed/resolve/" + FakeHub.COMMIT + "/").length());
        byte[] bytes = hub.files.get(name);
        assertEquals("Bearer " + TOKEN, request.getHeaders().get("Authorization"));
        return FakeHub.large(name)
                ? new MockResponse.Builder().code(302).addHeader("Location", hub.store.url("/bytes/" + name))
                        .addHeader("X-Linked-Etag", "\"" + FakeHub.sha256(bytes) + "\"")
                        .addHeader("X-Linked-Size", "" + bytes.length).build()
                : new MockResponse.Builder().addHeader("ETag", "W/\"" + FakeHub.blob(bytes) + "\"")
                        .body(FakeHub.buffer(bytes)).build();
    }

    @Test
    void aCircleOfRedirectsEnds() {
        weightsFirst(1000,
                request -> new MockResponse.Builder().code(302)
                        .addHeader("Location", hub.store.url("/bytes/model.safetensors")).build());
        assertTrue(refusal(DataException.class).endsWith("a file; got more than 10 redirects; check HF_ENDPOINT"));
    }

    @Test
    void whyAModelIsNotGivenIsSaidWithWhatToDo() {
        Map<String, String> said = Map.of(
                "404 RepoNotFound",
                "hub/org/small: a model; got status 404: none there, or none this user may see; check the name, and "
                        + "what HF_TOKEN may read",
                "401 ", "hub/org/small: a model; got status 401: none there, or none this user may see; check the "
                        + "name, and what HF_TOKEN may read",
                "403 GatedRepo",
                "hub/org/small: a model this token may fetch; got 'gated'; accept its licence on that page, and set "
                        + "HF_TOKEN to a token of that user",
                "404 RevisionNotFound",
                "hub/org/small: a revision 'main'; got none; look at the branches and tags on that page",
                "400 ", "hub/api/models/org/small/revision/main?blobs=true: a file; got status 400 'no *** here'; "
                        + "check HF_ENDPOINT");
        said.forEach((status, message) -> {
            hub.mischief = request -> new MockResponse.Builder().code(Integer.parseInt(status.substring(0, 3)))
                    .addHeader("X-Error-Code", status.substring(4))
                    .body("no " + TOKEN + " here\nat all").build();
            assertEquals(message, refusal(DataException.class));
        });
    }

    @Test
    void offlineTheCacheAnswersAndNobodyIsAsked() throws Exception {
        Pull offline = new Pull(options(true), pauses::add, talk::add);
        assertEquals(
                root() + ": org/small@main in the cache, for HF_HUB_OFFLINE is set; got nothing; unset it and pull "
                        + "once",
                assertThrows(DataException.class, () -> offline.run(REPO, List.of())).getMessage());
        pull();
        hub.seen.clear();
        Pulled cached = offline.run(REPO, List.of());
        assertWhole(cached);
        assertEquals(3, cached.files());
        assertEquals(cached.folder(), offline.run(new RepoId(FakeHub.REPO, FakeHub.COMMIT), List.of()).folder());
        assertEquals(List.of(), hub.requests());
        Files.delete(root().resolve("blobs").resolve(FakeHub.sha256(weights())));
        assertEquals(cached.folder()
                .resolve("model.safetensors") + ": files of the model; got none; unset HF_HUB_OFFLINE and pull again",
                assertThrows(DataException.class, () -> offline.run(REPO, List.of())).getMessage());
    }

    @Test
    void onlyWhatIsIncludedIsFetched() throws Exception {
        Pulled pulled = pull("*.json", "sub/");
        assertEquals(2, pulled.files());
        assertFalse(Files.exists(pulled.folder().resolve("model.safetensors")));
        assertEquals(List.of("model.safetensors", "pytorch_model.bin"), pulled.leftOut());
        assertEquals(
                "org/small@main: a file that --include takes; got none of 4; look at the files on the model's page",
                assertThrows(DataException.class, () -> pull("*.gguf")).getMessage());
    }

    @Test
    void globsTakeNamesAsTheReferenceDoes() {
        assertTrue(new Globs(List.of("*.json")).take("a/b.json"));
        assertTrue(new Globs(List.of("model-0000[1-3]-of-*")).take("model-00002-of-00009.safetensors"));
        assertFalse(new Globs(List.of("model-0000[!1-3]-of-*")).take("model-00002-of-00009.safetensors"));
        assertTrue(new Globs(List.of("a?c")).take("abc"));
        assertTrue(new Globs(List.of("on[ly")).take("on[ly"));
        assertFalse(new Globs(List.of("a.b")).take("axb"));
        assertTrue(new Globs(List.of("x", "sub/")).take("sub/deep/y"));
    }

    @Test
    void namesThatAreNoneAreRefused() {
        for (String name : List.of("", "a/b/c", "../x", "a/..", "org/mod el", "org/m@", "org/m@../x", "org/m@a//b",
                "-x/y", "org/a--b")) {
            assertThrows(ConfigException.class, () -> RepoId.parse(name), name);
        }
        assertEquals(new RepoId("org/m", "refs/pr/3"), RepoId.parse("org/m@refs/pr/3"));
        assertEquals(new RepoId("gpt2", "main"), RepoId.parse("gpt2"));
    }

    @Test
    void theEnvironmentIsReadAsTheReferenceReadsIt() {
        HubOptions options =
                HubOptions.from(
                        Map.of("HF_HOME", "/h", "HF_HUB_OFFLINE", "1", "HF_ENDPOINT", "https://mirror.example/hf"));
        assertEquals(Path.of("/h/hub"), options.cache());
        assertEquals("https://mirror.example/hf/", options.endpoint().toString());
        assertTrue(options.offline());
        assertEquals(Optional.empty(), options.token());
        assertEquals(Path.of("/c"), HubOptions.from(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c")).cache());
        assertEquals(Path.of("/x/huggingface/hub"), HubOptions.from(Map.of("XDG_CACHE_HOME", "/x")).cache());
        assertEquals("https://huggingface.co/", HubOptions.from(Map.of()).endpoint().toString());
        assertThrows(ConfigException.class, () -> HubOptions.from(Map.of("HF_ENDPOINT", "ftp:x")));
    }
}
