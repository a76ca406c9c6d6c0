package dev.socratic.generator.endpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.Distributions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The answer to a prompt with `prompt_logprobs`: `choices[i].prompt_logprobs` has an entry for each token of prompt
/// i, the first `null`, each other an object from token id to `logprob`, `rank` and `decoded_token`, for the
/// likeliest tokens and the one that stands in the prompt.
///
/// A server that also gives `prompt_logprobs_rest` (ours does) says what mass the others have; where it does not, it
/// is 1 less the sum, which a sure teacher's rounding errors drown. Nothing is taken on trust: what cannot be a
/// distribution over the tokens after these prompts is refused.
final class PromptAnswer {
    /// Half precision on a server rounds; what is further off is no rounding.
    private static final double SLACK = 0.01;
    private static final String REMEDY = "report it to whoever runs the server, or capture from local weights";

    private final String place;

    /// @param place said in messages
    private PromptAnswer(String place) {
        this.place = place;
    }

    /// @param body that [PromptForm] found whole
    /// @param k    tokens named at each position; all of them where it is negative
    /// @throws DataException naming what is no distribution, and where
    static List<Distributions> read(String body, List<int[]> rows, int k, String place) {
        PromptAnswer answer = new PromptAnswer(place);
        try (JsonParser json = PromptForm.JSON.createParser(body)) {
            List<Choice> choices = answer.choices(json);
            if (choices.size() != rows.size()) {
                throw answer.lie("choices", "one for each of %s prompts".formatted(rows.size()),
                        "%s".formatted(choices.size()));
            }
            List<Distributions> all = new ArrayList<>();
            for (int row = 0; row < rows.size(); row++) {
                all.add(answer.distributions("choices[%s]".formatted(row), choices.get(row), rows.get(row), k));
            }
            return all;
        } catch (IOException e) {
            throw answer.lie("body", "the JSON of an answer to prompt_logprobs",
                    ServerWords.of(String.valueOf(e.getMessage())));
        }
    }

    /// @param positions what is said of each token, an empty one where it is null; empty where the server says nothing
    /// @param rest      logarithms of what is left, where the server gives them
    private record Choice(List<Position> positions, List<Float> rest) {}

    private record Position(int[] ids, float[] logs, int[] ranks, String[] words) {
        static final Position NONE = new Position(new int[0], new float[0], new int[0], new String[0]);
    }

    private List<Choice> choices(JsonParser json) throws IOException {
        List<Choice> found = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean wanted = json.currentName().equals("choices");
            if (json.nextToken() != JsonToken.START_ARRAY || !wanted) {
                json.skipChildren();
                continue;
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                order.add(choice(json, found));
            }
        }
        List<Choice> sorted = new ArrayList<>(found);
        for (int i = 0; i < found.size(); i++) {
            int index = order.get(i) < 0 ? i : order.get(i);
            if (index >= found.size()) {
                throw lie("choices[%s].index".formatted(i), "a number below %s".formatted(found.size()),
                        "%s".formatted(index));
            }
            sorted.set(index, found.get(i));
        }
        return sorted;
    }

    /// @return the number it says it has, or -1
    private int choice(JsonParser json, List<Choice> found) throws IOException {
        int index = -1;
        List<Position> positions = List.of();
        List<Float> rest = List.of();
        String name = "choices[%s]".formatted(found.size());
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
                index = json.getIntValue();
            } else if (field.equals("prompt_logprobs") && value == JsonToken.START_ARRAY) {
                positions = positions(json, name + "." + field);
            } else if (field.equals("prompt_logprobs_rest") && value == JsonToken.START_ARRAY) {
                rest = rest(json, name + "." + field);
            } else {
                json.skipChildren();
            }
        }
        found.add(new Choice(positions, rest));
        return index;
    }

    private List<Position> positions(JsonParser json, String name) throws IOException {
        List<Position> positions = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            String here = name + "[" + positions.size() + "]";
            positions.add(switch (token) {
                case VALUE_NULL -> Position.NONE;
                case START_OBJECT -> position(json, here);
                default -> throw lie(here, "an object from token ids to log probabilities",
                        ServerWords.of(json.getText()));
            });
        }
        return positions;
    }

    private List<Float> rest(JsonParser json, String name) throws IOException {
        List<Float> rest = new ArrayList<>();
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            float value = token == JsonToken.VALUE_NULL ? Float.NEGATIVE_INFINITY : number(json);
            if (Float.isNaN(value)) {
                throw noLogarithm(name + "[" + rest.size() + "]", json);
            }
            rest.add(value);
        }
        return rest;
    }

    private Position position(JsonParser json, String name) throws IOException {
        int[] ids = new int[32];
        float[] logs = new float[32];
        int[] ranks = new int[32];
        String[] words = new String[32];
        int n = 0;
        for (; json.nextToken() == JsonToken.FIELD_NAME; n++) {
            if (n == ids.length) {
                ids = Arrays.copyOf(ids, 2 * n);
                logs = Arrays.copyOf(logs, 2 * n);
                ranks = Arrays.copyOf(ranks, 2 * n);
                words = Arrays.copyOf(words, 2 * n);
            }
            ids[n] = id(json.currentName(), name);
            boolean said = false;
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw lie(entry(name, ids[n]), "an object with logprob", ServerWords.of(json.getText()));
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "logprob" -> {
                        logs[n] = number(json);
                        if (Float.isNaN(logs[n])) {
                            throw noLogarithm(entry(name, ids[n]) + ".logprob", json);
                        }
                        said = true;
                    }
                    case "rank" -> ranks[n] = value == JsonToken.VALUE_NUMBER_INT ? json.getIntValue() : 0;
                    case "decoded_token" -> words[n] = value == JsonToken.VALUE_STRING ? json.getText() : "";
                    default -> json.skipChildren();
                }
            }
            if (!said) {
                throw lie(entry(name, ids[n]), "an object with logprob", "one without");
            }
        }
        return new Position(Arrays.copyOf(ids, n), Arrays.copyOf(logs, n), Arrays.copyOf(ranks, n),
                Arrays.copyOf(words, n));
    }

    private int id(String text, String name) {
        if (text.isEmpty() || text.length() > 9 || text.chars().anyMatch(c -> c < '0' || c > '9')) {
            throw lie(name, "token ids as numbers", ServerWords.of(text));
        }
        return Integer.parseInt(text);
    }

    /// The nearest float to the text: what was a float on the other side is the same one here.
    ///
    /// @return NaN where it is no logarithm of a probability
    private static float number(JsonParser json) throws IOException {
        JsonToken token = json.currentToken();
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            return Float.NaN;
        }
        float value = Float.parseFloat(json.getText());
        return value > SLACK ? Float.NaN : Math.min(0, value);
    }

    private DataException noLogarithm(String name, JsonParser json) throws IOException {
        return lie(name, "the logarithm of a probability, at most 0", json.getText());
    }

    /// Made only for a message: there are millions of entries.
    private static String entry(String name, int id) {
        return "%s['%s']".formatted(name, id);
    }

    private Distributions distributions(String name, Choice choice, int[] row, int k) {
        List<Position> said = choice.positions();
        if (said.isEmpty()) {
            throw new DataException(place + ": " + name,
                    "prompt_logprobs with an entry for each of %s tokens".formatted(row.length), "none",
                    "this server does not speak vLLM's prompt_logprobs: serve the model with vLLM or socratic "
                            + "serve, or capture from local weights");
        }
        if (said.size() != row.length) {
            throw lie(name + ".prompt_logprobs", "an entry for each of %s tokens".formatted(row.length),
                    "%s".formatted(said.size()));
        }
        int width = k < 0 ? said.get(1).ids().length : k;
        int positions = row.length - 1;
        int[] ids = new int[positions * width];
        float[] logs = new float[positions * width];
        float[] rest = new float[positions];
        float[] labels = new float[positions];
        int[] ranks = new int[positions];
        List<String> words = new ArrayList<>();
        for (int i = 0; i < positions; i++) {
            String here = "%s.prompt_logprobs[%s]".formatted(name, i + 1);
            Position position = said.get(i + 1);
            int own = own(position, row[i + 1], here);
            if (position.ids().length < width || k < 0 && position.ids().length > width) {
                throw lie(here, "log probabilities of %s tokens".formatted(width),
                        "%s".formatted(position.ids().length));
            }
            double sum = likeliest(position, width, ids, logs, i * width);
            if (sum > 1 + SLACK) {
                throw lie(here, "probabilities that sum to at most 1", String.format(Locale.ROOT, "%.3f", sum));
            }
            rest[i] = rest(choice.rest(), i + 1, sum, here);
            labels[i] = position.logs()[own];
            ranks[i] = position.ranks()[own];
            words.add(position.words()[own] == null ? "" : position.words()[own]); // arrays begin with nulls
        }
        return new Distributions(width, ids, logs, rest, labels, ranks, words);
    }

    /// @return where the token that stands in the prompt is
    private int own(Position position, int token, String name) {
        for (int j = 0; j < position.ids().length; j++) {
            if (position.ids()[j] == token) {
                return j;
            }
        }
        throw new DataException(place + ": " + name,
                "an entry for token %s, which stands there in the prompt".formatted(token),
                position.ids().length == 0 ? "none" : "others only",
                        "check that the server tokenizes nothing anew and adds no token, and names the model that "
                                + "was asked for");
    }

    /// Puts the likeliest into `ids` and `logs` from `at` on; those that are equally likely stay in the order in
    /// which they came.
    ///
    /// @return their mass
    private static double likeliest(Position position, int width, int[] ids, float[] logs, int at) {
        Integer[] order = new Integer[position.ids().length];
        Arrays.setAll(order, j -> j);
        if (!sorted(position.logs())) { // ours come so, and vLLM's but for the first
            Arrays.sort(order, (a, b) -> Float.compare(position.logs()[b], position.logs()[a]));
        }
        double sum = 0;
        for (int j = 0; j < width; j++) {
            ids[at + j] = position.ids()[order[j]];
            logs[at + j] = position.logs()[order[j]];
            sum += Math.exp(logs[at + j]);
        }
        return sum;
    }

    private static boolean sorted(float[] logs) {
        for (int j = 1; j < logs.length; j++) {
            if (logs[j] > logs[j - 1]) {
                return false;
            }
        }
        return true;
    }

    private float rest(List<Float> given, int token, double sum, String name) {
        double left = Math.max(0, 1 - sum);
        if (token >= given.size()) {
            return (float) Math.log(left);
        }
        float rest = given.get(token);
        if (Math.abs(Math.exp(rest) - left) > SLACK) {
            throw lie(name.replace("prompt_logprobs", "prompt_logprobs_rest"),
                    String.format(Locale.ROOT, "the logarithm of what is left, %.4f", left), "%s".formatted(rest));
        }
        return rest;
    }

    private DataException lie(String where, String expected, String got) {
        return new DataException(place + ": " + where, expected, got, REMEDY);
    }
}
