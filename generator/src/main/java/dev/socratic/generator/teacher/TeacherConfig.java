package dev.socratic.generator.teacher;

import dev.socratic.core.config.Aka;
import dev.socratic.core.config.Alias;
import dev.socratic.core.config.Default;
import dev.socratic.core.config.Effort;
import dev.socratic.core.text.Batching;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Quantization;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Who is asked.
public sealed interface TeacherConfig {

    /// USD for so many tokens, as the price list says it; 0 for local weights.
    double price(long promptTokens, long completionTokens);

    /// @return how many answers to one prompt a request may bring, the prompt paid once
    int answersPerRequest();

    /// Refuses what an endpoint is told twice, for which one counts would be a guess, and what no endpoint has a field
    /// for.
    ///
    /// @param place of the parameters in the config
    void check(String place, GenerationParameters parameters);

    /// Local weights, opened by the command line.
    ///
    /// @param path  a Hugging Face folder
    /// @param batch requests answered together
    /// @param weights in how few bits its matrices are kept: `int8` takes a quarter of float32's memory, `int4` a
    ///                sixth, `nf4` an eighth but for embedding and head, which stay; left out, as the recipe says.
    ///                `--weights` goes before
    /// @param device `cpu`, `cuda` or `cuda:N`; left out, that of the recipe. `--device` goes before
    /// @param dtype  `float32`, `bfloat16` or `float16`; left out, that of the recipe. `--dtype` goes before
    /// @param batching `fixed`, if left out, or `continuous`: `batch` answers under way, one joins where one has left
    /// @param draft  a smaller model that drafts what this one checks
    record Weights(Path path, @Default("32") int batch,
            @Alias("quantization") @Aka({"quantize", "load_in_8bit", "load_in_4bit"}) Optional<Quantization> weights,
            @Effort Optional<String> device,
            @Aka({"torch_dtype", "precision"}) Optional<String> dtype,
            Optional<Draft> draft,
            Optional<Batching> batching)
            implements TeacherConfig {
        /// On the device and in the numbers that hold for all.
        public Weights(Path path, int batch, Optional<Quantization> weights) {
            this(path, batch, weights, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        public Weights {
            if (batch < 1) {
                throw new IllegalArgumentException("batch: at least 1; got %s; 32 suits small models".formatted(batch));
            }
        }

        @Override
        public double price(long promptTokens, long completionTokens) {
            return 0;
        }

        @Override
        public int answersPerRequest() {
            return 1;
        }

        @Override
        public void check(String place, GenerationParameters parameters) {
            // nothing else says how its tokens are drawn
        }
    }

    /// A small model for speculative decoding: answers keep their distribution, greedy ones their tokens.
    ///
    /// @param path   a Hugging Face folder, of a model with the same tokenizer
    /// @param tokens drafted at once: more where more of them stand
    record Draft(Path path, @Default("4") int tokens) {
        private static final int MOST_TOKENS = 32;

        public Draft {
            if (tokens < 1 || tokens > MOST_TOKENS) {
                throw new IllegalArgumentException(
                        "tokens: from 1 to %s; got %s; 4 suits most pairs".formatted(MOST_TOKENS, tokens));
            }
        }
    }

    /// Any OpenAI-compatible endpoint. What each provider wants of it: `docs/endpoints.md`.
    ///
    /// @param baseUrl           address up to and including the version, `https://host/v1`, perhaps with a query; it
    ///                          goes into every row, so it holds no key: `${NAME}` stands for an environment variable
    /// @param model             the name the endpoint knows the model by
    /// @param keyEnv            name of the environment variable that holds the key; empty for endpoints without one
    /// @param concurrency       requests on the wire at once
    /// @param requestsPerMinute limit, where there is one
    /// @param tokensPerMinute   limit on tokens read and written together, where there is one
    /// @param timeout           longest silence of the server, and longest time a body may take, in seconds
    /// @param retries           how often a request is sent again
    /// @param priceIn           USD per million tokens read
    /// @param priceOut          USD per million tokens written
    /// @param cache             of a capture: whether whole answers are kept beside the store. What generation and
    ///                          evaluation are answered is kept in the run's `asked/`, once, whatever this says
    /// @param n                 answers asked for in one request at most: samples of a question then share it, and
    ///                          its prompt is paid once; 1 gives each sample a request and a seed of its own
    /// @param omit              fields of the request that are not sent
    /// @param rename            fields that are sent under another name
    /// @param extraBody         further fields of the request, any JSON
    /// @param headers           further headers; `${NAME}` stands for an environment variable
    /// @param query             further query parameters, likewise
    /// @param api               what it speaks
    /// @param outage            seconds for which an endpoint that has answered before and is not there now is waited
    ///                          for, all requests together; 0 counts every attempt
    record Endpoint(
            @Aka({"url", "api_base", "base", "endpoint", "address"}) String baseUrl,
            String model,
            @Aka(value = {"api_key", "key", "token", "api_token", "api_key_env", "apikey"},
                    hint = "the name of an environment variable that holds the key")
                    @Effort Optional<String> keyEnv,
            @Default("16") @Effort int concurrency,
            @Effort Optional<Integer> requestsPerMinute,
            @Effort Optional<Long> tokensPerMinute,
            @Default("300") @Effort int timeout,
            @Default("6") @Effort int retries,
            @Default("0") @Effort double priceIn,
            @Default("0") @Effort double priceOut,
            @Default("true") @Effort boolean cache,
            @Default("1") int n,
            @Default("[]") List<String> omit,
            @Default("{}") Map<String, String> rename,
            @Default("{}") Map<String, Object> extraBody,
            @Default("{}") Map<String, String> headers,
            @Default("{}") Map<String, String> query,
            @Default("openai") Api api,
            @Default("600") @Effort int outage)
            implements TeacherConfig {
        private static final double MILLION = 1e6;

        public Endpoint {
            baseUrl = EndpointAddress.checked(baseUrl);
            if (model.isBlank()) {
                throw new IllegalArgumentException(
                        "model: the name the endpoint knows the model by; got \"%s\"".formatted(model));
            }
            keyEnv.ifPresent(Endpoint::checkVariable);
            atLeast("concurrency", 1, concurrency);
            requestsPerMinute.ifPresent(limit -> atLeast("requests_per_minute", 1, limit));
            tokensPerMinute.ifPresent(limit -> atLeast("tokens_per_minute", 1, limit));
            atLeast("timeout", 1, timeout);
            atLeast("retries", 0, retries);
            atLeast("n", 1, n);
            atLeast("outage", 0, outage);
            if (n > 1 && !api.several()) {
                throw new IllegalArgumentException(
                        "n: 1 where the API gives one answer a request; got %s with api %s; leave it out".formatted(n,
                                api.name().toLowerCase(Locale.ROOT)));
            }
            if (!(priceIn >= 0 && priceOut >= 0)) {
                throw new IllegalArgumentException(
                        "price_in and price_out: USD per million tokens, at least 0; got %s and %s"
                                .formatted(priceIn, priceOut));
            }
            omit = new RequestShape(omit, rename, extraBody).omit();
            RequestHeaders.check(headers, keyEnv);
            query.forEach((name, value) -> EndpointAddress.checkQuery("query", name, value));
        }

        /// One that is asked as OpenAI's own.
        public Endpoint(
                String baseUrl, String model, Optional<String> keyEnv, int concurrency,
                        Optional<Integer> requestsPerMinute,
                Optional<Long> tokensPerMinute, int timeout, int retries, double priceIn, double priceOut,
                        boolean cache) {
            this(baseUrl, model, keyEnv, concurrency, requestsPerMinute, tokensPerMinute, timeout, retries, priceIn,
                    priceOut,
                    cache, 1, List.of(), Map.of(), Map.of(), Map.of(), Map.of(), Api.OPENAI, 600);
        }

        @Override
        public void check(String place, GenerationParameters parameters) {
            parameters.sent().keySet().stream().filter(extraBody::containsKey).findFirst().ifPresent(field -> {
                throw new IllegalArgumentException(
                        ("%s: each field in one place; got '%s' here and in the endpoint's extra_body; "
                                + "leave it out there").formatted(place, field));
            });
            if (!parameters.prefix().isEmpty()) {
                throw new IllegalArgumentException(
                        ("%s: what an endpoint's API has a field for; got 'prefix'; leave it out, or take local "
                                + "weights as the teacher").formatted(place));
            }
            parameters.sent().keySet().stream().filter(field -> !api.takes(field)).findFirst().ifPresent(field -> {
                throw new IllegalArgumentException(
                        "%s: what the API '%s' has a field for; got '%s'; leave it out".formatted(place,
                                api.name().toLowerCase(Locale.ROOT), field));
            });
            boolean told = parameters.sent().containsKey(GenerationParameters.RESPONSE_FORMAT);
            if (parameters.constrain().isPresent() && !told) {
                throw new IllegalArgumentException(
                        ("%s: what an endpoint's API has a field for; got a 'constrain' that is no json_schema; write "
                                + "what the server calls it into extra_body (vLLM: structured_outputs)")
                                .formatted(place));
            }
            parameters.limits().timeLimit().ifPresent(limit -> {
                throw new IllegalArgumentException(
                        ("%s: what an endpoint's API has a field for; got 'time_limit'; leave it out and bound an "
                                + "answer by max_tokens and the endpoint's timeout").formatted(place));
            });
        }

        /// @return how the body of its requests differs from what OpenAI's own endpoint takes
        public RequestShape shape() {
            return new RequestShape(omit, rename, extraBody);
        }

        @Override
        public double price(long promptTokens, long completionTokens) {
            return (promptTokens * priceIn + completionTokens * priceOut) / MILLION;
        }

        @Override
        public int answersPerRequest() {
            return n;
        }

        private static void atLeast(String name, long least, long value) {
            if (value < least) {
                throw new IllegalArgumentException("%s: at least %s; got %s".formatted(name, least, value));
            }
        }

        /// A key pasted where the variable's name belongs must not end up in a resolved recipe.
        private static void checkVariable(String name) {
            if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,63}") || name.startsWith("sk_")) {
                throw new IllegalArgumentException(
                        "key_env: the name of an environment variable (letters, digits, _), not the key itself; got "
                                + "another"
                                + " text; export it as OPENAI_API_KEY, say, and write that name");
            }
        }
    }
}
