package dev.socratic.generator.endpoint;

import dev.socratic.core.text.TokenEstimate;
import java.util.Optional;

/// What is asked of an endpoint: how long a request is, and whether a body is an answer to it.
interface Form {
    /// @param request body of the request
    TokenEstimate estimate(String request);

    /// @param response body of a response with status 200
    /// @return what the server counted
    /// @throws NoAnswerException if it is no whole answer
    Counted read(String response) throws NoAnswerException;

    /// @return bytes; no answer is longer
    long longest();

    /// @param promptTokens     tokens read, where the server counts them
    /// @param completionTokens tokens written, where the server counts them
    record Counted(Optional<Long> promptTokens, Optional<Long> completionTokens) {}

    /// `POST /chat/completions`.
    Form CHAT = new Form() {
        @Override
        public TokenEstimate estimate(String request) {
            return TokenEstimate.ofRequest(request);
        }

        @Override
        public Counted read(String response) throws NoAnswerException {
            ChatBody body = ChatBody.parse(response);
            return new Counted(body.promptTokens(), body.completionTokens());
        }

        @Override
        public long longest() {
            return 64L << 20;
        }
    };
}
