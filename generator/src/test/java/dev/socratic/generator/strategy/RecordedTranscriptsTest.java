package dev.socratic.generator.strategy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.FinishReason;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Conversations of real runs on local weights (SmolLM2-135M-Instruct and the embedded teacher), replayed: a strategy
/// that is told what it was told then asks for the same steps of the same roles and comes to the same results.
class RecordedTranscriptsTest {
    @TestFactory
    Stream<DynamicTest> aTranscriptComesToWhatItCameTo() throws Exception {
        Path folder = Path.of(RecordedTranscriptsTest.class.getResource("../transcripts").toURI());
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            assertTrue(all.size() > 5, all.toString());
            return all.stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(),
                    () -> replay(Json.mapper().readTree(Files.readString(file)))));
        }
    }

    private static void replay(JsonNode recorded) {
        Strategy strategy = Scenes.strategy(recorded.path("strategy").textValue());
        List<Question> questions = StreamSupport.stream(recorded.path("questions").spliterator(), false)
                .map(RowMapper::question).toList();
        Iterator<JsonNode> said = recorded.path("transcript").iterator();
        Scene scene = Scenes.scene(strategy, questions, 0);
        while (strategy.next(scene) instanceof Move.Ask ask) {
            List<Reply> replies = new ArrayList<>();
            for (Query query : ask.queries()) {
                JsonNode reply = said.next();
                assertEquals(reply.path("role").textValue(), query.role());
                assertEquals(reply.path("step").textValue(), query.step());
                replies.add(Scenes.reply(query, reply.path("text").textValue(), FinishReason.valueOf(
                        reply.path("finish_reason").textValue().toUpperCase(Locale.ROOT))));
            }
            scene = scene.after(replies);
        }
        assertTrue(!said.hasNext(), "nothing is left unsaid");
        List<String> results = ((Move.Done) strategy.next(scene)).results().stream()
                .map(RecordedTranscriptsTest::kind).sorted().toList();
        assertEquals(StreamSupport.stream(recorded.path("results").spliterator(), false).map(JsonNode::textValue)
                .toList(), results);
    }

    private static String kind(Result result) {
        return switch (result) {
            case Result.Answer answer -> "answer";
            case Result.Talk talk -> talk.kind();
            case Result.Pair pair -> pair.kind();
            case Result.Made made -> "question";
            case Result.Dropped dropped -> dropped.reason();
        };
    }
}
