package dev.socratic.cli.serve;

import dev.socratic.core.json.Hashes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.eclipse.jetty.http.HttpHeader;

/// The page at `/`, on which a teacher and a student are asked side by side: one file, nothing fetched from elsewhere.
/// The browser is told to run the page's own script and style, known by their hashes, and nothing else whatever stands
/// in an answer.
final class ChatPage {
    private static final String FILE = "chat.html";

    private final String html;
    private final String policy;

    ChatPage() {
        try (InputStream in = ChatPage.class.getResourceAsStream(FILE)) {
            html = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
        policy = ("default-src 'none'; script-src '%s'; style-src '%s'; connect-src 'self'; img-src data:; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .formatted(hash("script"), hash("style"));
    }

    void handle(ServedRequest exchange) throws IOException {
        exchange.header("Content-Security-Policy", policy);
        exchange.header("X-Content-Type-Options", "nosniff");
        exchange.header("Referrer-Policy", "no-referrer");
        exchange.header(HttpHeader.CACHE_CONTROL, "no-cache");
        exchange.text(200, "text/html; charset=utf-8", html);
    }

    /// @return of what stands between the two tags
    private String hash(String tag) {
        int begin = html.indexOf("<" + tag + ">") + tag.length() + 2;
        String inner = html.substring(begin, html.indexOf("</" + tag + ">"));
        return "sha256-" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(Hashes.sha256(inner)));
    }
}
