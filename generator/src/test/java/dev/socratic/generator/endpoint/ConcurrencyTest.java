package dev.socratic.generator.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrencyTest {
    @TempDir
    Path folder;

    @Test
    void noMoreThanTheLimitAreOnTheWireAndTheLimitIsReachedAndConnectionsAreReused() throws Exception {
        Counting counting = new Counting();
        try (MockWebServer server = new MockWebServer()) {
            server.setDispatcher(counting);
            server.start();
            try (EndpointModel model = EndpointModel.open(Answers.config(server, 12, 0, false),
                    Map.of("TEST_KEY", Answers.KEY), 1);
                    ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<List<GenerationOutcome>>> answers = new ArrayList<>();
                for (int i = 0; i < 120; i++) {
                    String id = "r" + i;
                    answers.add(callers.submit(() -> model.generate(List.of(Answers.request(id, id, 1)))));
                }
                for (Future<List<GenerationOutcome>> answer : answers) {
                    assertInstanceOf(Completion.class, answer.get().getFirst(), answer.get().toString());
                }
                assertEquals(120, model.traffic().sent());
            }
        }
        assertEquals(12, counting.most.get());
        // A place is free a moment before its connection is back in the pool, so a few more than 12 may be opened;
        // without reuse it were 120.
        assertTrue(counting.connections.size() <= 24, counting.connections.size() + " connections for 12 places");
    }

    private static final class Counting extends Dispatcher {
        private final CountDownLatch full = new CountDownLatch(12);
        private final AtomicInteger now = new AtomicInteger();
        private final AtomicInteger most = new AtomicInteger();
        private final Map<Integer, Boolean> connections = new ConcurrentHashMap<>();

        @Override
        public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
            connections.put(request.getConnectionIndex(), true);
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            full.countDown(); // nobody is answered before as many are there as may be
            full.await(20, TimeUnit.SECONDS);
            Thread.sleep(5);
            now.decrementAndGet();
            return Answers.ok("4");
        }
    }
}
