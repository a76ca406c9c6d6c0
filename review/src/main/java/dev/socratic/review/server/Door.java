package dev.socratic.review.server;

import dev.socratic.core.access.Gate;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.SameSite;
import java.util.Optional;

/// Lets requests in: names and pages are known ([Gate]), and whoever asks has the token, as a script sends it or as the
/// browser keeps it. Only `/healthz` is for anybody.
final class Door {
    /// Scripts and styles are files of ours, and no script may make elements of a text (trusted types).
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
            + "frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    private final Gate gate;

    Door(Gate gate) {
        this.gate = gate;
    }

    /// The cookie's name; browsers do not tell ports apart.
    private static String cookie(Context request) {
        return "socratic_review_" + request.req().getLocalPort();
    }

    void check(Context request) {
        request.header("X-Content-Type-Options", "nosniff");
        request.header("Referrer-Policy", "no-referrer");
        request.header("Content-Security-Policy", POLICY);
        request.header("Cross-Origin-Resource-Policy", "same-origin");
        refuse(gate.refused(header(request, "Host"), header(request, "Origin"), ""));
        if (request.path().equals("/healthz")) {
            return;
        }
        String token = request.queryParam("token");
        if (request.path().equals("/") && token != null && gate.holds(token)) {
            Cookie cookie = new Cookie(cookie(request), token);
            cookie.setHttpOnly(true);
            cookie.setPath("/");
            cookie.setSameSite(SameSite.STRICT);
            request.cookie(cookie);
            return;
        }
        String kept = request.cookie(cookie(request));
        if (kept == null || !gate.holds(kept)) {
            refuse(gate.unauthorized(header(request, "Authorization")).map(why -> new Gate.Refusal(why.status(),
                    why.code(),
                    "a token: open the address that 'socratic review' printed, or send 'Authorization: Bearer "
                            + "TOKEN'; got "
                    + (kept == null && header(request, "Authorization").isEmpty() ? "none" : "another one"))));
        }
    }

    private static void refuse(Optional<Gate.Refusal> refusal) {
        refusal.ifPresent(why -> {
            throw new ReviewFailure(why.status(), why.code(), why.message());
        });
    }

    private static String header(Context request, String name) {
        return Optional.ofNullable(request.header(name)).orElse("");
    }
}
