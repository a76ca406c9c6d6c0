package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.error.ConfigException;
import dev.socratic.core.error.DataException;
import dev.socratic.core.error.RetryLaterException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Finds out how an endpoint tells log probabilities of a prompt, and whether they are true, by values that are known
/// without its weights:
///
/// 1. the tokens spell the prompt, and each but the first has a number;
/// 2. what the model writes behind the prompt at temperature 0, put behind it, has the log probability there that it
///    had when it was written;
/// 3. a token's log probability depends on nothing behind it: the prompt's own are the same in both answers;
/// 4. they are not all the same.
///
/// Numbers may differ by [#SLACK]: servers round to half precision, by what else is in a batch. A server that fails is
/// refused by name. llama.cpp's takes `echo` and gives the log probabilities of what it wrote, from which harnesses
/// make figures of chance (ggml-org/llama.cpp issue 27174); it is known by its fingerprint or its `timings`.
final class ScoreProbe {
    static final double SLACK = 0.1;
    private static final List<String> PROMPTS = List.of(
            "The capital of Italy is Rome. The capital of Spain is Madrid. The capital of France is",
            "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "Monday, Tuesday, Wednesday, Thursday, Friday,");
    private static final Pattern LLAMA = Pattern.compile("b\\d+-[0-9a-f]{6,}");

    private final String address;
    private final Asked asked;
    private boolean llama;

    /// Sends a prompt.
    @FunctionalInterface
    interface Asked {
        JsonNode answer(String text, PromptTokens.Form form) throws InterruptedException;
    }

    ScoreProbe(String address, Asked asked) {
        this.address = address;
        this.asked = asked;
    }

    /// @throws ConfigException     if none is true
    /// @throws RetryLaterException if the endpoint does not answer
    PromptTokens.Form form() {
        List<String> problems = new ArrayList<>();
        for (PromptTokens.Form form : PromptTokens.Form.values()) {
            try {
                checked(form);
                return form;
            } catch (DataException refused) {
                problems.add("%s: %s".formatted(form.word(), refused.problems().getFirst().got()));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw new ConfigException(address, "an answer", "an interrupt", "run it again");
            }
        }
        throw new ConfigException(address, "true log probabilities of a prompt's tokens", String.join("; ", problems)
                + (llama ? "; it is llama.cpp's server, which gives none of a prompt" : ""),
                "score with local weights (a GGUF file is read too), or ask vLLM or socratic serve");
    }

    private void checked(PromptTokens.Form form) throws InterruptedException {
        DataException last = null;
        for (String prompt : PROMPTS) {
            JsonNode answer = asked.answer(prompt, form);
            llama |= LLAMA.matcher(answer.path("system_fingerprint").asText()).matches() || answer.has("timings");
            PromptTokens tokens = PromptTokens.read(answer, prompt, form, address);
            if (tokens.tokens().stream().skip(1).mapToDouble(PromptTokens.Token::log).distinct().count() < 2) {
                throw wrong("the same log probability for every token");
            }
            if (tokens.next().text().isEmpty() || Double.isNaN(tokens.next().log())) {
                last = wrong("no token written behind the prompt, by which it could be checked");
                continue;
            }
            PromptTokens longer = PromptTokens.read(asked.answer(prompt + tokens.next().text(), form),
                    prompt + tokens.next().text(), form, address);
            OptionalInt at = longer.starting(prompt.length());
            if (at.isEmpty() || at.getAsInt() != tokens.size() || longer.size() != tokens.size() + 1) {
                last = wrong("tokens that cannot be compared"); // the two grew together: another prompt
                continue;
            }
            near("the token written behind the prompt", tokens.next().log(), longer.tokens().getLast().log());
            for (int i = 1; i < tokens.size(); i++) {
                near("token %s, with and without more behind it".formatted(i), tokens.tokens().get(i).log(),
                        longer.tokens().get(i).log());
            }
            return;
        }
        throw last;
    }

    private void near(String what, double one, double other) {
        if (!(Math.abs(one - other) <= SLACK)) {
            throw wrong("%s and %s for %s".formatted(one, other, what));
        }
    }

    private DataException wrong(String got) {
        return new DataException(address, "true log probabilities", got, "score with local weights");
    }
}
