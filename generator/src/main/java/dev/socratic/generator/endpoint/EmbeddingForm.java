package dev.socratic.generator.endpoint;

import dev.socratic.core.secret.Secrets;
import dev.socratic.core.text.TokenEstimate;

/// `POST /embeddings`.
final class EmbeddingForm implements RequestKind {
    private static final int BYTES_PER_TOKEN = 3;

    @Override
    public TokenEstimate estimate(String request) {
        return new TokenEstimate(request.length() / BYTES_PER_TOKEN, 0);
    }

    /// Nothing is taken out of it: it is read for numbers.
    @Override
    public Read read(String response, Secrets secrets) throws NoAnswerException {
        return new PromptForm().read(response, secrets);
    }

    @Override
    public long longest() {
        return 64L << 20;
    }
}
