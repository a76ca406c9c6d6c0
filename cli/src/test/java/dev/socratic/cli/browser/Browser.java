package dev.socratic.cli.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A Chromium without a window, told over its DevTools protocol what to do.
public final class Browser implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");

    private final Process process;
    private final WebSocket socket;
    private final Map<Integer, CompletableFuture<JsonNode>> waiting;
    private final AtomicInteger numbers = new AtomicInteger();
    /// What the page logged as an error, violations of its policy included, and the dialogs it opened, closed again.
    public final List<String> complaints;

    private Browser(Process process, WebSocket socket, Map<Integer, CompletableFuture<JsonNode>> waiting,
            List<String> complaints) {
        this.process = process;
        this.socket = socket;
        this.waiting = waiting;
        this.complaints = complaints;
    }

    /// @return the first one on the path
    public static Optional<Path> installed() {
        return Stream.of(System.getenv("PATH").split(":")).flatMap(folder -> NAMES.stream()
                .map(name -> Path.of(folder, name))).filter(Files::isExecutable).findFirst();
    }

    /// @param folder for its profile
    public static Browser open(Path program, Path folder, int width, int height) throws Exception {
        Path log = folder.resolve("browser.log");
        Process process = new ProcessBuilder(program.toString(), "--headless=new", "--no-sandbox", "--disable-gpu",
                "--no-first-run", "--remote-debugging-port=0", "--user-data-dir=" + folder.resolve("profile"),
                "--window-size=%s,%s".formatted(width, height), "about:blank").redirectErrorStream(true)
                .redirectOutput(log.toFile()).start();
        String port = "";
        for (int i = 0; i < 600 && port.isEmpty() && process.isAlive(); i++) {
            Thread.sleep(50);
            port = Files.readString(log).lines().filter(line -> line.contains("DevTools listening on"))
                    .map(line -> line.replaceAll(".*:([0-9]+)/.*", "$1")).findFirst().orElse("");
        }
        if (port.isEmpty()) {
            throw new IOException("no browser: " + Files.readString(log));
        }
        HttpClient http = HttpClient.newHttpClient();
        String pages = http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:%s/json/list".formatted(port)))
                .build(), BodyHandlers.ofString()).body();
        String address = JSON.readTree(pages).valueStream().filter(page -> page.path("type").asText()
                .equals("page")).findFirst().orElseThrow().path("webSocketDebuggerUrl").asText();
        Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
        List<String> complaints = new CopyOnWriteArrayList<>();
        WebSocket socket = http.newWebSocketBuilder().buildAsync(URI.create(address), new Ear(waiting, complaints))
                .get(20, TimeUnit.SECONDS);
        Browser browser = new Browser(process, socket, waiting, complaints);
        for (String domain : List.of("Runtime", "Log", "Page")) {
            browser.tell(domain + ".enable", "{}");
        }
        return browser;
    }

    /// What the browser says: answers, and complaints of the page.
    private static final class Ear implements WebSocket.Listener {
        private final Map<Integer, CompletableFuture<JsonNode>> waiting;
        private final List<String> complaints;
        private final StringBuilder text = new StringBuilder();

        Ear(Map<Integer, CompletableFuture<JsonNode>> waiting, List<String> complaints) {
            this.waiting = waiting;
            this.complaints = complaints;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence piece, boolean last) {
            text.append(piece);
            if (last) {
                try {
                    heard(socket, JSON.readTree(text.toString()));
                } catch (IOException broken) {
                    complaints.add(broken.toString());
                }
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        private void heard(WebSocket socket, JsonNode said) {
            String method = said.path("method").asText();
            if (method.equals("Page.javascriptDialogOpening")) {
                complaints.add("dialog: " + said.path("params"));
                socket.sendText("{\"id\": 0, \"method\": \"Page.handleJavaScriptDialog\", \"params\": "
                        + "{\"accept\": true}}", true);
            } else if (said.path("id").asInt() > 0) {
                waiting.remove(said.path("id").asInt()).complete(said);
            } else if (method.equals("Runtime.exceptionThrown")
                    || method.equals("Log.entryAdded") && said.at("/params/entry/level").asText().equals("error")) {
                complaints.add(said.path("params").toString());
            }
        }
    }

    private JsonNode tell(String method, String parameters) throws Exception {
        int number = numbers.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        waiting.put(number, answer);
        socket.sendText("{\"id\": %s, \"method\": \"%s\", \"params\": %s}".formatted(number, method, parameters), true)
                .get(20, TimeUnit.SECONDS);
        return answer.get(30, TimeUnit.SECONDS).path("result");
    }

    public void go(String address) throws Exception {
        tell("Page.navigate", "{\"url\": \"%s\"}".formatted(address));
        until("document.readyState === 'complete' && document.body !== null && location.href !== 'about:blank'");
    }

    /// @return what the script says, as a text; of a promise what it comes to
    public String ask(String script) throws Exception {
        JsonNode result = tell("Runtime.evaluate", ("{\"awaitPromise\": true, \"returnByValue\": true, "
                + "\"expression\": %s}").formatted(JSON.writeValueAsString(
                        "Promise.resolve(%s).then(String)".formatted(script))));
        if (result.has("exceptionDetails")) {
            throw new IOException(script + ": " + result.path("exceptionDetails"));
        }
        return result.at("/result/value").asText();
    }

    /// Waits until it is true.
    public void until(String script) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!ask(script).equals("true")) {
            if (System.nanoTime() > end) {
                throw new IOException("never true: " + script + "\n" + ask("document.body.innerText"));
            }
            Thread.sleep(20);
        }
    }

    /// Types into what has the focus.
    public void type(String text) throws Exception {
        tell("Input.insertText", "{\"text\": %s}".formatted(JSON.writeValueAsString(text)));
    }

    public void press(String key, int code, boolean shift) throws Exception {
        String text = key.equals("Enter") ? ", \"text\": \"\\r\"" : "";
        for (String kind : List.of("keyDown", "keyUp")) {
            tell("Input.dispatchKeyEvent", ("{\"type\": \"%s\", \"key\": \"%s\", \"windowsVirtualKeyCode\": %s, "
                    + "\"modifiers\": %s%s}").formatted(kind, key, code, shift ? 8 : 0,
                    kind.equals("keyDown") ? text : ""));
        }
    }

    /// Presses a key as a person would: a letter types itself, and what the key is on the keyboard is told too.
    public void key(String key, boolean shift, boolean control) throws Exception {
        Key named = Key.of(key);
        for (String kind : List.of("keyDown", "keyUp")) {
            boolean types = kind.equals("keyDown") && !control && !named.text().isEmpty();
            tell("Input.dispatchKeyEvent", JSON.writeValueAsString(Map.of("type", kind, "key", key,
                    "code", named.code(), "windowsVirtualKeyCode", named.number(),
                    "modifiers", (shift ? 8 : 0) + (control ? 2 : 0), "text", types ? named.text() : "")));
        }
    }

    /// Presses one key after the other, without shift.
    public void keys(String... keys) throws Exception {
        for (String key : keys) {
            key(key, key.equals("?"), false);
        }
    }

    /// @param text what it types; empty where it types nothing
    private record Key(String code, int number, String text) {
        static Key of(String key) {
            return switch (key) {
                case "Enter" -> new Key("Enter", 13, "\r");
                case "Escape" -> new Key("Escape", 27, "");
                case "Backspace" -> new Key("Backspace", 8, "");
                case "Tab" -> new Key("Tab", 9, "");
                case "ArrowDown" -> new Key("ArrowDown", 40, "");
                case "ArrowUp" -> new Key("ArrowUp", 38, "");
                case "ArrowLeft" -> new Key("ArrowLeft", 37, "");
                case "ArrowRight" -> new Key("ArrowRight", 39, "");
                case "PageDown" -> new Key("PageDown", 34, "");
                case "Home" -> new Key("Home", 36, "");
                case "End" -> new Key("End", 35, "");
                case " " -> new Key("Space", 32, " ");
                case "/", "?" -> new Key("Slash", 191, key);
                default -> new Key((Character.isDigit(key.charAt(0)) ? "Digit" : "Key") + key.toUpperCase(Locale.ROOT),
                        key.toUpperCase(Locale.ROOT).charAt(0), key);
            };
        }
    }

    /// Presses the mouse at the first place, draws it to each of the others, and lets it go at the last.
    ///
    /// @param places `{x, y}` in pixels of the window
    public void drag(int[]... places) throws Exception {
        for (int i = 0; i < places.length; i++) {
            mouse(i == 0 ? "mousePressed" : "mouseMoved", places[i]);
        }
        mouse("mouseReleased", places[places.length - 1]);
    }

    private void mouse(String kind, int[] at) throws Exception {
        tell("Input.dispatchMouseEvent", "{\"type\": \"%s\", \"x\": %s, \"y\": %s, \"button\": \"left\", \"clickCount\": 1}"
                .formatted(kind, at[0], at[1]));
    }

    /// What a screen reader is told of the page: a node for each thing, with its role and name.
    public List<JsonNode> accessible() throws Exception {
        return tell("Accessibility.getFullAXTree", "{}").path("nodes").valueStream().toList();
    }

    /// @param scheme `dark` or `light`
    public void prefer(String scheme) throws Exception {
        tell("Emulation.setEmulatedMedia", ("{\"features\": [{\"name\": \"prefers-color-scheme\", \"value\": \"%s\"}]}")
                .formatted(scheme));
    }

    public void resize(int width, int height) throws Exception {
        tell("Emulation.setDeviceMetricsOverride", ("{\"width\": %s, \"height\": %s, \"deviceScaleFactor\": 1, "
                + "\"mobile\": false}").formatted(width, height));
    }

    public byte[] picture() throws Exception {
        return Base64.getDecoder().decode(tell("Page.captureScreenshot", "{}").path("data").asText());
    }

    @Override
    public void close() throws Exception {
        socket.abort();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }
}
