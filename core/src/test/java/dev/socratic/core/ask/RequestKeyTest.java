package dev.socratic.core.ask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Constraint;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Limits;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.Penalties;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RequestKeyTest {
    private static final ModelCard CARD = new ModelCard("m", "endpoint:a", "r", 10, 1, 4, false);
    private static final Sampling SAMPLING = new Sampling(0.5, 0.9);
    private static final GenerationParameters WAY = new GenerationParameters(SAMPLING, 10, List.of("x", "y"));

    @Test
    void everythingThatIsSentAndWhoGetsItMakesAnotherRequest() {
        List<String> keys = new ArrayList<>(List.of(key(CARD, "", WAY, user("q"))));
        for (ModelCard other : List.of(
                new ModelCard("n", "endpoint:a", "r", 10, 1, 4, false),
                new ModelCard("m", "endpoint:b", "r", 10, 1, 4, false),
                new ModelCard("m", "endpoint:a", "s", 10, 1, 4, false),
                new ModelCard("m", "endpoint:a", "r", 10, 2, 4, false))) {
            keys.add(key(other, "", WAY, user("q")));
        }
        keys.add(key(CARD, "{\"top_k\":4}", WAY, user("q")));
        for (Sampling other : List.of(
                new Sampling(0.6, 0.9), new Sampling(0.5, 0.8), new Sampling(0.5, 0.9, 4, 0),
                new Sampling(0.5, 0.9, 0, 0.1), further(0.9, Penalties.NONE, Map.of()),
                further(1, new Penalties(1.1, 0, 0), Map.of()), further(1, new Penalties(1, 0.1, 0), Map.of()),
                further(1, new Penalties(1, 0, 0.1), Map.of()), further(1, Penalties.NONE, Map.of(3, 1.0)),
                further(1, Penalties.NONE, Map.of(3, 2.0)))) {
            keys.add(key(CARD, "", new GenerationParameters(other, 10, List.of("x", "y")), user("q")));
        }
        for (GenerationParameters other : List.of(
                new GenerationParameters(SAMPLING, 11, List.of("x", "y")),
                new GenerationParameters(SAMPLING, 10, List.of("x, y")), // another list, though it is written alike
                new GenerationParameters(SAMPLING, 10, List.of()),
                within(new Limits(3, List.of(), Optional.empty()), ""),
                within(new Limits(0, List.of(7L), Optional.empty()), ""),
                within(new Limits(0, List.of(), Optional.of(Duration.ofSeconds(1))), ""),
                within(Limits.NONE, "Sure:"),
                constrained(new Constraint.Regex("a")), constrained(new Constraint.Regex("b")),
                constrained(new Constraint.Choice(List.of("a"))),
                constrained(new Constraint.JsonSchema(Map.of("type", "object"))),
                constrained(new Constraint.JsonSchema(Map.of("type", "array"))),
                constrained(new Constraint.JsonSchema(ordered("a", "b"))),
                constrained(new Constraint.JsonSchema(ordered("b", "a"))),
                new GenerationParameters(SAMPLING, 10, List.of("x", "y", "{\"prefix\":\"Sure:\"}")))) {
            keys.add(key(CARD, "", other, user("q")));
        }
        keys.add(RequestKey.of(model(CARD, ""), new GenerationRequest("id", List.of(user("q")), WAY, 8)));
        keys.add(key(CARD, "", WAY, user("p")));
        keys.add(key(CARD, "", WAY, ChatMessage.system("q")));
        keys.add(key(CARD, "", WAY, new ChatMessage("user", "q", Map.of("name", TextNode.valueOf("Ann")))));
        keys.add(key(CARD, "", WAY, user("q"), user("")));
        keys.add(key(CARD, "", WAY, user(""), user("q")));
        assertEquals(keys.size(), new HashSet<>(keys).size(), "two requests have one key");
        keys.forEach(key -> assertTrue(key.matches("[0-9a-f]{64}"), key));
    }

    /// Keys that lie in the run folders of users, with answers that were paid for.
    @Test
    void aRequestHasTheKeyItAlwaysHad() {
        assertEquals("a43b06323eb6a0b0e81fe02098d140d86d85a150d5219d5e8bad765e0b068fc5",
                key(CARD, "", WAY, user("q")));
        assertEquals("0494183b34540de7da3847f80842733bb082071e2df362f1de562ac0d078377a",
                key(CARD, "", new GenerationParameters(new Sampling(0.5, 0.9, 20, 0.05), 10), user("q")));
    }

    @Test
    void nothingThatSaysHowAnAnswerIsWrittenIsLeftOutOfTheKey() {
        assertEquals(List.of("temperature", "topP", "topK", "minP", "typicalP", "penalties", "logitBias"),
                components(Sampling.class));
        assertEquals(List.of("repetitionPenalty", "presencePenalty", "frequencyPenalty"),
                components(Penalties.class));
        assertEquals(List.of("minTokens", "stopTokenIds", "timeLimit"), components(Limits.class));
        assertEquals(List.of("sampling", "maxTokens", "stop", "limits", "prefix", "constrain"),
                components(GenerationParameters.class));
        assertEquals(List.of("id", "messages", "parameters", "seed"), components(GenerationRequest.class));
    }

    /// Another component must enter the key, and the tests above; then add it here.
    private static List<String> components(Class<?> record) {
        return Arrays.stream(record.getRecordComponents()).map(RecordComponent::getName).toList();
    }

    @Test
    void whatItIsCalledAndHowMuchAModelTakesIsNoPartOfIt() {
        ModelCard busier = new ModelCard("m", "endpoint:a", "r", 99, 1, 64, true);
        assertEquals(key(CARD, "", WAY, user("q")), key(busier, "", WAY, user("q")));
        assertEquals(
                RequestKey.of(model(CARD, ""), new GenerationRequest("one", List.of(user("q")), WAY, 7)),
                RequestKey.of(model(CARD, ""), new GenerationRequest("two", List.of(user("q")), WAY, 7)));
    }

    private static Sampling further(double typicalP, Penalties penalties, Map<Integer, Double> biases) {
        return new Sampling(0.5, 0.9, 0, 0, typicalP, penalties, biases);
    }

    private static GenerationParameters within(Limits limits, String prefix) {
        return new GenerationParameters(SAMPLING, 10, List.of("x", "y"), limits, prefix,
                Optional.empty());
    }

    private static Map<String, Object> ordered(String first, String second) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, 1);
        map.put(second, 1);
        return map;
    }

    private static GenerationParameters constrained(Constraint constraint) {
        return new GenerationParameters(SAMPLING, 10, List.of("x", "y"), Limits.NONE, "", Optional.of(constraint));
    }

    private static ChatMessage user(String text) {
        return ChatMessage.user(text);
    }

    private static String key(ModelCard card, String shape, GenerationParameters way, ChatMessage... messages) {
        return RequestKey.of(model(card, shape), new GenerationRequest("id", List.of(messages), way, 7));
    }

    private static TextModel model(ModelCard card, String shape) {
        return new TextModel() {
            @Override
            public ModelCard card() {
                return card;
            }

            @Override
            public String shape() {
                return shape;
            }

            @Override
            public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
                throw new AssertionError("a key is made without asking");
            }

            @Override
            public List<ContinuationScore> score(List<ScoreRequest> requests) {
                throw new AssertionError("a key is made without asking");
            }

            @Override
            public void close() {}
        };
    }
}
