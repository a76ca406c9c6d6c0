package dev.socratic.generator.endpoint;

import dev.socratic.core.secret.Secrets;
import dev.socratic.core.text.TokenEstimate;

/// What is asked of an endpoint: how long a request is, and whether a body is an answer to it.
interface RequestKind {
    /// @param request body of the request
    TokenEstimate estimate(String request);

    /// @param response body of a response with status 200
    /// @param secrets  what must not be in the answer
    /// @throws NoAnswerException if it is no whole answer
    Read read(String response, Secrets secrets) throws NoAnswerException;

    /// @return bytes; no answer is longer
    long longest();

    /// @param counted what the server counted
    /// @param body    the answer, in the one form that is kept and handed on
    record Read(Counted counted, String body) {}

    /// `POST /chat/completions`.
    RequestKind CHAT = new RequestKind() {
        @Override
        public TokenEstimate estimate(String request) {
            return TokenEstimate.ofRequest(request);
        }

        @Override
        public Read read(String response, Secrets secrets) throws NoAnswerException {
            ChatAnswer answer = ChatAnswer.parse(response).without(secrets);
            return new Read(answer.counted(), answer.strict());
        }

        @Override
        public long longest() {
            return 64L << 20;
        }
    };
}
