package dev.socratic.generator;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;

/// An endpoint that adds. Its answers name the seed, so that every request has an answer of its own; every third is
/// wrong.
final class SumServer extends Dispatcher {
    private static final Pattern SUM = Pattern.compile("(\\d+) \\+ (\\d+)");

    private final ConcurrentLinkedQueue<String> answers = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> repeated = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Set<String>> durable = new AtomicReference<>(Set.of());

    /// @return texts of all answers given so far
    List<String> answers() {
        return List.copyOf(answers);
    }

    /// From now on these answers must not be asked for.
    void refuse(Set<String> texts) {
        durable.set(Set.copyOf(texts));
    }

    /// @return what was asked for all the same
    List<String> repeated() {
        return List.copyOf(repeated);
    }

    void awaitAnswers(int atLeast, Process child) throws InterruptedException {
        while (answers.size() < atLeast && child.isAlive()) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    @Override
    public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
        try {
            JsonNode body = Json.mapper().readTree(request.getBody().utf8());
            Matcher sum = SUM.matcher(body.at("/messages/0/content").textValue());
            if (!sum.find()) {
                return new MockResponse.Builder().code(400).body("no sum").build();
            }
            long seed = body.path("seed").longValue();
            int result = Integer.parseInt(sum.group(1)) + Integer.parseInt(sum.group(2)) + (seed % 3 == 0 ? 1 : 0);
            String text = "<think>\nseed %s: %s = %s\n</think>\nThe answer is %s.".formatted(seed, sum.group(), result,
                    result);
            if (durable.get().contains(text)) {
                repeated.add(text);
            }
            TimeUnit.MILLISECONDS.sleep(10 + seed % 20);
            answers.add(text);
            return new MockResponse.Builder().body("""
                    {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",\
                    "message":{"role":"assistant","content":%s}}],"usage":{"prompt_tokens":9,"completion_tokens":20,"total_tokens":29}}"""
                    .formatted(Json.line(text))).build();
        } catch (IOException e) {
            return new MockResponse.Builder().code(400).body("no JSON").build();
        }
    }
}
