package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Limits;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.Penalties;
import dev.socratic.models.generate.Prompt;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// The body of `POST /v1/completions` for text, checked: prompts are continued, or only read where nothing is to be
/// written.
///
/// @param prompts    texts or tokens
/// @param each       how many answers each prompt gets (`n`)
/// @param parameters how they are written
/// @param seed       of the first answer of each prompt
/// @param writes     whether anything is to be written; `max_tokens` may be 0 beside `echo`
/// @param readsOn    whether the prompts and the likeliest next token say it all, so that they are read once and
///                   nothing is drawn: how harnesses ask for log likelihoods
/// @param echo       whether the prompt is sent before the answer
/// @param logprobs   how many likely tokens beside each token; empty if none is wanted at all
record CompletionRequest(List<Prompt> prompts, int each, GenerationParameters parameters, long seed, boolean writes,
        boolean readsOn, boolean echo, OptionalInt logprobs, boolean stream, boolean usage) {
    private static final int DEFAULT_TOKENS = 16;
    private static final int MOST_LOGPROBS = 20;

    /// @throws ApiFailure naming the field that is wrong
    static CompletionRequest read(RequestFields fields, ModelCard card, int vocabulary, LongSupplier seeds) {
        fields.only("suffix", "this server continues prompts and fills no gaps; leave the field out", value ->
                value.isTextual() && value.asText().isEmpty());
        JsonNode prompt = fields.raw("prompt");
        boolean echo = fields.flag("echo", false);
        boolean stream = fields.flag("stream", false);
        OptionalInt logprobs = fields.integer("logprobs", 0, MOST_LOGPROBS);
        int each = fields.integer("n", 1, ChatRequest.MOST_CHOICES).orElse(1);
        boolean reads = echo && fields.value("max_tokens").filter(most -> AnswerFields.number(most, 0)).isPresent();
        GenerationParameters parameters =
                AnswerFields.read(reads ? fields.without("max_tokens") : fields, card, DEFAULT_TOKENS);
        boolean likeliest = parameters.maxTokens() == 1 && parameters.sampling().temperature() == 0
                && asItIs(parameters);
        boolean readsOn = logprobs.isPresent() && echo && each == 1 && (reads || likeliest);
        // one is only predicted, and one is to be written
        int most = PromptRows.most(card) - (reads ? 0 : readsOn ? 1 : 2);
        Stream<Prompt> prompts = PromptRows.texts(prompt)
                ? PromptRows.text(prompt).stream().map(Prompt.Text::new)
                : PromptRows.ids("prompt", prompt, 1, most, vocabulary).stream()
                        .map(row -> new Prompt.Tokens(Arrays.stream(row).asLongStream().toArray()));
        CompletionRequest request = new CompletionRequest(prompts.toList(), each, parameters,
                AnswerFields.seed(fields, seeds), !reads, readsOn, echo,
                logprobs, stream, ChatRequest.usage(fields, stream));
        request.check(fields);
        fields.close();
        return request;
    }

    /// @return whether a greedy token is the one that the model itself finds likeliest
    private static boolean asItIs(GenerationParameters parameters) {
        return parameters.sampling().penalties().equals(Penalties.NONE) && parameters.sampling().logitBias().isEmpty()
                && parameters.limits().equals(Limits.NONE) && parameters.constrain().isEmpty();
    }

    private void check(RequestFields fields) {
        if (stream && echo) {
            throw fields.wrong("stream", "false expected beside echo, which comes with whole answers only");
        }
        int answers = prompts.size() * each;
        if (writes && !readsOn && answers > ChatRequest.MOST_CHOICES) {
            throw fields.wrong("prompt", String.format(Locale.ROOT,
                    "at most %,d answers in a request expected; got %,d prompts times %,d; send several requests",
                    ChatRequest.MOST_CHOICES, prompts.size(), each));
        }
        if (!writes && logprobs.isEmpty()) {
            throw fields.wrong("max_tokens", "at least 1 expected without logprobs; got 0");
        }
    }
}
