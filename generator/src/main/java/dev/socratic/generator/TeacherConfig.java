package dev.socratic.generator;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/// Who is asked.
public sealed interface TeacherConfig {

    /// USD for so many tokens, as the price list says it; 0 for local weights.
    double price(long promptTokens, long completionTokens);

    /// Local weights, opened by the command line.
    ///
    /// @param path  a Hugging Face folder
    /// @param batch requests answered together
    record Weights(Path path, @Default("32") int batch) implements TeacherConfig {
        public Weights {
            if (batch < 1) {
                throw new IllegalArgumentException("batch: at least 1; got %s; 32 suits small models".formatted(batch));
            }
        }

        @Override
        public double price(long promptTokens, long completionTokens) {
            return 0;
        }
    }

    /// Any OpenAI-compatible endpoint.
    ///
    /// @param baseUrl           address up to and including the version, `https://host/v1`; it goes into every row, so it holds no key
    /// @param model             the name the endpoint knows the model by
    /// @param keyEnv            name of the environment variable that holds the key; empty for endpoints without one
    /// @param concurrency       requests on the wire at once
    /// @param requestsPerMinute limit, where there is one
    /// @param tokensPerMinute   limit on tokens read and written together, where there is one
    /// @param timeout           longest silence of the server, and longest time a body may take, in seconds
    /// @param retries           how often a request is sent again
    /// @param priceIn           USD per million tokens read
    /// @param priceOut          USD per million tokens written
    /// @param cache             whether answers are kept on disk and not paid for twice
    record Endpoint(
            String baseUrl,
            String model,
            @Effort Optional<String> keyEnv,
            @Default("16") @Effort int concurrency,
            @Effort Optional<Integer> requestsPerMinute,
            @Effort Optional<Long> tokensPerMinute,
            @Default("300") @Effort int timeout,
            @Default("6") @Effort int retries,
            @Default("0") @Effort double priceIn,
            @Default("0") @Effort double priceOut,
            @Default("true") @Effort boolean cache)
            implements TeacherConfig {
        private static final double MILLION = 1e6;

        public Endpoint {
            baseUrl = checkedAddress(baseUrl);
            if (model.isBlank()) {
                throw new IllegalArgumentException("model: the name the endpoint knows the model by; got \"%s\"".formatted(model));
            }
            keyEnv.ifPresent(Endpoint::checkVariable);
            atLeast("concurrency", 1, concurrency);
            requestsPerMinute.ifPresent(limit -> atLeast("requests_per_minute", 1, limit));
            tokensPerMinute.ifPresent(limit -> atLeast("tokens_per_minute", 1, limit));
            atLeast("timeout", 1, timeout);
            atLeast("retries", 0, retries);
            if (!(priceIn >= 0 && priceOut >= 0)) {
                throw new IllegalArgumentException(
                        "price_in and price_out: USD per million tokens, at least 0; got %s and %s".formatted(priceIn, priceOut));
            }
        }

        @Override
        public double price(long promptTokens, long completionTokens) {
            return (promptTokens * priceIn + completionTokens * priceOut) / MILLION;
        }

        private static void atLeast(String name, long least, long value) {
            if (value < least) {
                throw new IllegalArgumentException("%s: at least %s; got %s".formatted(name, least, value));
            }
        }

        /// The value is not repeated in messages: someone may have written a key into it.
        private static String checkedAddress(String text) {
            try {
                URI address = new URI(text.strip());
                boolean http = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
                if (!http || address.getHost() == null) {
                    throw new IllegalArgumentException("base_url: an address such as https://host/v1; got another text");
                }
                if (address.getUserInfo() != null || address.getQuery() != null || address.getFragment() != null) {
                    throw new IllegalArgumentException("base_url: an address without user, query or fragment, for it goes into every row;"
                            + " got one with them; put the key into an environment variable and name it as key_env");
                }
                return address.toString().replaceAll("/+$", "");
            } catch (URISyntaxException e) {
                throw new IllegalArgumentException("base_url: an address such as https://host/v1; got another text", e);
            }
        }

        /// A key pasted where the variable's name belongs must not end up in a resolved recipe.
        private static void checkVariable(String name) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,63}") || name.startsWith("sk_")) {
                throw new IllegalArgumentException("key_env: the name of an environment variable (letters, digits, _), not the key itself;"
                        + " got another text; export it as OPENAI_API_KEY, say, and write that name");
            }
        }
    }
}
