package dev.socratic.core.ask;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestKeyTest {
    private static final ModelCard CARD = new ModelCard("m", "endpoint:a", "r", 10, 1, 4, false);
    private static final Sampling SAMPLING = new Sampling(0.5, 0.9, 10, 7, List.of("x", "y"));

    @Test
    void everythingThatIsSentAndWhoGetsItMakesAnotherRequest() {
        List<String> keys = new ArrayList<>(List.of(key(CARD, "", SAMPLING, user("q"))));
        for (ModelCard other : List.of(
                new ModelCard("n", "endpoint:a", "r", 10, 1, 4, false),
                new ModelCard("m", "endpoint:b", "r", 10, 1, 4, false),
                new ModelCard("m", "endpoint:a", "s", 10, 1, 4, false),
                new ModelCard("m", "endpoint:a", "r", 10, 2, 4, false))) {
            keys.add(key(other, "", SAMPLING, user("q")));
        }
        keys.add(key(CARD, "{\"top_k\":4}", SAMPLING, user("q")));
        for (Sampling other : List.of(
                new Sampling(0.6, 0.9, 10, 7, List.of("x", "y")),
                new Sampling(0.5, 0.8, 10, 7, List.of("x", "y")),
                new Sampling(0.5, 0.9, 11, 7, List.of("x", "y")),
                new Sampling(0.5, 0.9, 10, 8, List.of("x", "y")),
                new Sampling(0.5, 0.9, 10, 7, List.of("x, y")), // another list, though it is written alike
                new Sampling(0.5, 0.9, 10, 7, List.of()))) {
            keys.add(key(CARD, "", other, user("q")));
        }
        keys.add(key(CARD, "", SAMPLING, user("p")));
        keys.add(key(CARD, "", SAMPLING, ChatMessage.system("q")));
        keys.add(key(CARD, "", SAMPLING, new ChatMessage("user", "q", Map.of("name", TextNode.valueOf("Ann")))));
        keys.add(key(CARD, "", SAMPLING, user("q"), user("")));
        keys.add(key(CARD, "", SAMPLING, user(""), user("q")));
        assertEquals(keys.size(), new HashSet<>(keys).size(), "two requests have one key");
        keys.forEach(key -> assertTrue(key.matches("[0-9a-f]{64}"), key));
    }

    @Test
    void whatItIsCalledAndHowMuchAModelTakesIsNoPartOfIt() {
        ModelCard busier = new ModelCard("m", "endpoint:a", "r", 99, 1, 64, true);
        assertEquals(key(CARD, "", SAMPLING, user("q")), key(busier, "", SAMPLING, user("q")));
        assertEquals(
                RequestKey.of(model(CARD, ""), new GenerationRequest("one", List.of(user("q")), SAMPLING)),
                RequestKey.of(model(CARD, ""), new GenerationRequest("two", List.of(user("q")), SAMPLING)));
    }

    private static ChatMessage user(String text) {
        return ChatMessage.user(text);
    }

    private static String key(ModelCard card, String shape, Sampling sampling, ChatMessage... messages) {
        return RequestKey.of(model(card, shape), new GenerationRequest("id", List.of(messages), sampling));
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
