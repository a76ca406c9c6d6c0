package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a sample's line holds besides question, answers and verdict: what a reader wants to see before believing it.
///
/// @param prompt       as it was sent: a text, or the JSON of a conversation; empty where the line has none
/// @param choices      given continuations with their log probabilities; empty of tasks that generate
/// @param tokens       of each answer, where log probabilities were kept
/// @param unjudged     whether a judge gave no verdict
/// @param contaminated whether the training corpus holds the question
public record SampleEvidence(String prompt, List<Choice> choices, List<List<Token>> tokens, boolean unjudged,
        boolean contaminated) {
    /// The field of a line that holds `[token, log probability]` of each token, a list an answer.
    public static final String LOGPROBS = "logprobs";
    private static final String UNJUDGED = "unjudged";
    private static final String CONTAMINATED = "contaminated";

    public SampleEvidence {
        choices = List.copyOf(choices);
        tokens = tokens.stream().map(List::copyOf).toList();
    }

    /// @param text           of the choice, or of its context where choices are inputs
    /// @param logProbability of all of it, in nats
    /// @param greedy         whether the model would have written it
    public record Choice(String text, double logProbability, boolean greedy) {}

    /// @param text           of the token
    /// @param logProbability in nats
    public record Token(String text, double logProbability) {}

    public static SampleEvidence of(Sample sample) {
        JsonNode line = sample.line();
        List<JsonNode> calls = calls(line.path("arguments"));
        return new SampleEvidence(calls.isEmpty() ? "" : first(calls.getFirst()).asText(""),
                choices(calls, line.path(SampleJson.RESPONSES)), tokens(line.path(LOGPROBS)),
                line.path(UNJUDGED).asBoolean(false), line.path(CONTAMINATED).asBoolean(false));
    }

    /// `{"gen_args_0": {"arg_0": ...}}`, or the lists that versions of lm-evaluation-harness before 0.4.3 wrote.
    private static List<JsonNode> calls(JsonNode arguments) {
        List<JsonNode> calls = new ArrayList<>();
        arguments.forEach(calls::add);
        return calls;
    }

    private static JsonNode first(JsonNode call) {
        return call.isArray() ? call.path(0) : call.path("arg_0");
    }

    private static JsonNode second(JsonNode call) {
        return call.isArray() ? call.path(1) : call.path("arg_1");
    }

    private static List<Choice> choices(List<JsonNode> calls, JsonNode responses) {
        List<Choice> choices = new ArrayList<>();
        boolean inputs = calls.stream().map(SampleEvidence::second).distinct().count() == 1;
        for (int i = 0; i < Math.min(calls.size(), responses.size()); i++) {
            JsonNode pair = responses.path(i);
            while (pair.path(0).isArray()) {
                pair = pair.path(0);
            }
            // Beside a context there is nothing to compare with: of mutual information these are the other half.
            if (pair.size() == 2 && !first(calls.get(i)).asText("").isEmpty()) {
                String text = (inputs ? first(calls.get(i)) : second(calls.get(i))).asText("");
                boolean greedy = pair.path(1).asText("").equalsIgnoreCase("true");
                number(pair.path(0)).ifPresent(log -> choices.add(new Choice(text, log, greedy)));
            }
        }
        return choices.size() == calls.size() || choices.size() * 2 == calls.size() ? choices : List.of();
    }

    /// The harness prints numbers as texts.
    private static Optional<Double> number(JsonNode node) {
        if (node.isNumber()) {
            return Optional.of(node.asDouble());
        }
        try {
            double value = Double.parseDouble(node.asText(""));
            return Double.isFinite(value) ? Optional.of(value) : Optional.empty();
        } catch (NumberFormatException none) {
            return Optional.empty();
        }
    }

    private static List<List<Token>> tokens(JsonNode lists) {
        List<List<Token>> all = new ArrayList<>();
        for (JsonNode list : lists) {
            List<Token> tokens = new ArrayList<>();
            for (JsonNode pair : list) {
                number(pair.path(1)).ifPresent(log -> tokens.add(new Token(pair.path(0).asText(""), log)));
            }
            all.add(tokens);
        }
        return all;
    }

    /// @return what the choices come to: `exp(l_i) / sum_j exp(l_j)`, in their order
    public List<Double> probabilities() {
        double most = choices.stream().mapToDouble(Choice::logProbability).max().orElse(0);
        double sum = choices.stream().mapToDouble(choice -> Math.exp(choice.logProbability() - most)).sum();
        return choices.stream().map(choice -> Math.exp(choice.logProbability() - most) / sum).toList();
    }

    /// @return how sure the model is of what it holds to be likeliest; none where there is no choice
    public OptionalDouble confidence() {
        return choices.size() < 2 ? OptionalDouble.empty()
                : probabilities().stream().mapToDouble(Double::doubleValue).max();
    }
}
