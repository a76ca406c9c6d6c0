package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// An answer other than 200, in the form OpenAI clients read: `{"error": {"message", "type", "param", "code"}}`.
final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String parameter;
    private final String code;

    private ApiFailure(int status, String message, String parameter, String code) {
        super(message);
        this.status = status;
        this.parameter = parameter;
        this.code = code;
    }

    /// @param parameter the field that is wrong; empty if it is none in particular
    static ApiFailure invalid(String parameter, String message) {
        return new ApiFailure(400, parameter.isEmpty() ? message : parameter + ": " + message, parameter, "");
    }

    static ApiFailure unknown(String message, String code) {
        return new ApiFailure(404, message, "", code);
    }

    static ApiFailure unavailable(String message) {
        return new ApiFailure(503, message, "", "unavailable");
    }

    static ApiFailure bug(String message) {
        return new ApiFailure(500, message, "", "internal_error");
    }

    int status() {
        return status;
    }

    ObjectNode json() {
        ObjectNode file = JsonNodeFactory.instance.objectNode();
        ObjectNode error = file.putObject("error").put("message", getMessage());
        error.put("type", status < 500 ? "invalid_request_error" : "server_error");
        error.set("param", parameter.isEmpty() ? error.nullNode() : error.textNode(parameter));
        error.set("code", code.isEmpty() ? error.nullNode() : error.textNode(code));
        return file;
    }
}
