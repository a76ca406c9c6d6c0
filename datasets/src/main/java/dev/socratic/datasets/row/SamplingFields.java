package dev.socratic.datasets.row;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// How a row says that its tokens were drawn: `temperature` and `top_p`, and of the rest what changed anything.
final class SamplingFields {
    private SamplingFields() {}

    static Sampling read(FieldReader json) {
        double temperature = json.number("temperature");
        double topP = json.number("top_p");
        int topK = json.has("top_k") ? json.smallWhole("top_k") : 0;
        try {
            return new Sampling(temperature, topP, topK, number(json, "min_p", 0), number(json, "typical_p", 1),
                    new Penalties(number(json, "repetition_penalty", 1), number(json, "presence_penalty", 0),
                            number(json, "frequency_penalty", 0)),
                    json.has("logit_bias") ? biases(json.inner("logit_bias")) : Map.of());
        } catch (IllegalArgumentException refused) {
            throw new DataException(List.of(Problem.refused(json.at(""), refused)));
        }
    }

    private static double number(FieldReader json, String name, double otherwise) {
        return json.has(name) ? json.number(name) : otherwise;
    }

    private static Map<Integer, Double> biases(FieldReader json) {
        Map<Integer, Double> biases = new TreeMap<>();
        json.rest().properties().forEach(entry -> {
            if (!entry.getKey().matches("[0-9]{1,9}") || !entry.getValue().isNumber()) {
                throw new DataException(json.at(entry.getKey()), "a number for each token id",
                        entry.getValue().toString(), "leave it out");
            }
            biases.put(Integer.valueOf(entry.getKey()), entry.getValue().asDouble());
        });
        return biases;
    }
}
