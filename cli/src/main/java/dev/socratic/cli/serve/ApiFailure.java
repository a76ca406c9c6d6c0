package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalInt;

/// An answer other than 200, in the form OpenAI clients read: `{"error": {"message", "type", "param", "code"}}`.
public final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    /// After how many seconds somebody who was turned away for want of room may ask again: places become free with
    /// each answer that ends.
    private static final int RETRY_SECONDS = 1;

    private final int status;
    private final String parameter;
    private final String code;

    private ApiFailure(int status, String message, String parameter, String code) {
        super(message, null, false, false); // a reply, not a fault: no stack is needed
        this.status = status;
        this.parameter = parameter;
        this.code = code;
    }

    /// @param parameter the field that is wrong; empty if it is none in particular
    public static ApiFailure invalid(String parameter, String message) {
        return new ApiFailure(400, parameter.isEmpty() ? message : parameter + ": " + message, parameter, "");
    }

    /// @param parameter where the prompt stands
    static ApiFailure tooLong(String parameter, String message) {
        return new ApiFailure(400, message, parameter, "context_length_exceeded");
    }

    public static ApiFailure unknown(String message, String code) {
        return new ApiFailure(404, message, "", code);
    }

    /// @param status any below 500 whose code says enough
    public static ApiFailure refused(int status, String code, String message) {
        return new ApiFailure(status, message, "", code);
    }

    static ApiFailure unavailable(String message) {
        return new ApiFailure(503, message, "", "unavailable");
    }

    /// Too much is asked at once; the same request may be answered a little later.
    static ApiFailure overload(String message) {
        return new ApiFailure(429, message, "", "overloaded");
    }

    public static ApiFailure closing() {
        return unavailable("the server is closing; ask again once it is back");
    }

    static ApiFailure late(String message) {
        return new ApiFailure(504, message, "", "timeout");
    }

    static ApiFailure bug(String message) {
        return new ApiFailure(500, message, "", "internal_error");
    }

    /// What a failure of ours is to a client. Errors too: whoever waits is told, whatever it was.
    public static ApiFailure of(Throwable thrown) {
        return switch (thrown) {
            case ApiFailure failure -> failure;
            case OutOfMemoryError full ->
                    unavailable("there was not enough memory for this request; send less, or try again later");
            case StackOverflowError deep -> invalid("", "the request is nested too deeply; flatten it");
            case InterruptedException closing -> closing();
            default -> bug("a bug in the server: " + thrown);
        };
    }

    public int status() {
        return status;
    }

    /// @return seconds, where it is only a matter of time
    public OptionalInt retryAfter() {
        return status == 429 || status == 503 ? OptionalInt.of(RETRY_SECONDS) : OptionalInt.empty();
    }

    public ObjectNode json() {
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        ObjectNode error = file.putObject("error").put("message", getMessage());
        error.put("type", status == 401 ? "authentication_error"
                : status == 429 ? "rate_limit_error" : status < 500 ? "invalid_request_error"
                : "server_error");
        error.set("param", parameter.isEmpty() ? error.nullNode() : error.textNode(parameter));
        error.set("code", code.isEmpty() ? error.nullNode() : error.textNode(code));
        return file;
    }
}
