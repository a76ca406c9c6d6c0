package dev.socratic.review.server;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/// The page's own files, out of the jar. Nothing comes from anywhere else, which the browser is told to see to.
final class PageFiles {
    private static final String ROOT = "/dev/socratic/review/page/";
    /// What KaTeX publishes, out of its own jar: `/katex/katex.mjs` is its `dist/katex.mjs`.
    private static final String KATEX = "katex/";
    private static final String KATEX_FACTS = "/META-INF/maven/org.webjars.npm/katex/pom.properties";
    private static final Map<String, String> TYPES = Map.ofEntries(Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"), Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"), Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"), Map.entry("ico", "image/x-icon"), Map.entry("woff2", "font/woff2"),
            Map.entry("woff", "font/woff"), Map.entry("ttf", "font/ttf"), Map.entry("json", "application/json"),
            Map.entry("txt", "text/plain; charset=utf-8"), Map.entry("md", "text/plain; charset=utf-8"));

    private PageFiles() {}

    /// @param path as it was asked for; `/` is the page itself
    static void serve(Context request, String path) {
        String name = path.equals("/") ? "index.html" : path.substring(1);
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*") || !TYPES
                .containsKey(ending)) {
            throw missing(path);
        }
        try (InputStream in = PageFiles.class.getResourceAsStream(place(name))) {
            if (in == null) {
                throw missing(path);
            }
            request.contentType(TYPES.get(ending));
            request.header("Cache-Control", "no-cache");
            request.result(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String place(String name) throws IOException {
        return name.startsWith(KATEX) ? "/META-INF/resources/webjars/katex/%s/dist/%s".formatted(katex(),
                name.substring(KATEX.length())) : ROOT + name;
    }

    /// The version is named in the parent's pom alone, and read back from the jar that came of it.
    private static String katex() throws IOException {
        try (InputStream in = PageFiles.class.getResourceAsStream(KATEX_FACTS)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "");
        }
    }

    private static ReviewFailure missing(String path) {
        return new ReviewFailure(404, "not_found", "%s: an address of this server; got another; the API is under /api, "
                .formatted(path) + "see docs/review.md");
    }
}
