package dev.socratic.cli.serve;

import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationOutcome.Failure;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import io.javalin.http.Context;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/// `POST /v1/chat/completions`. Runs on a virtual thread, so it may simply wait.
final class ChatHandler {
    private final ModelCard card;
    private final Batcher batcher;
    private final ServeOptions options;
    private final AtomicLong numbers = new AtomicLong();

    ChatHandler(ModelCard card, Batcher batcher, ServeOptions options) {
        this.card = card;
        this.batcher = batcher;
        this.options = options;
    }

    void handle(Context context) throws InterruptedException {
        ChatRequest request = ChatRequest.read(context.body(), card, options.seeds());
        RequestJson.require(request.model(), card.name());
        long created = options.clock().instant().getEpochSecond();
        ChatReply reply = new ChatReply("chatcmpl-%s-%s".formatted(created, numbers.incrementAndGet()), card.name(),
                created);
        if (!request.stream()) {
            context.status(200).contentType("application/json").result(reply.whole(answers(request.requests())).toString());
            return;
        }
        EventStream events = new EventStream(context);
        try {
            // Alone, a client sees the text grow; among others it is answered in their batch, which serves more of them sooner.
            if (options.hook().isPresent() && request.choices() == 1 && batcher.enterAlone()) {
                try {
                    streamPieces(request, options.hook().get(), reply, events);
                } finally {
                    batcher.leave();
                }
            } else {
                streamWhole(request, reply, events);
            }
            events.done();
        } catch (UncheckedIOException gone) {
            // The client hung up: there is nobody to tell.
            return;
        } catch (ApiFailure failure) {
            if (!events.begun()) {
                throw failure;
            }
            events.send(failure.json());
        }
    }

    private void streamPieces(ChatRequest request, StreamHook hook, ChatReply reply, EventStream events) throws InterruptedException {
        Completion done = completion(hook.stream(request.requests().getFirst(), piece -> {
            if (!events.begun()) {
                events.send(reply.first(0));
            }
            if (!piece.isEmpty()) {
                events.send(reply.piece(0, piece));
            }
        }));
        if (!events.begun()) {
            events.send(reply.first(0));
        }
        end(request, List.of(done), reply, events);
    }

    private void streamWhole(ChatRequest request, ChatReply reply, EventStream events) throws InterruptedException {
        List<Completion> answers = answers(request.requests());
        for (int choice = 0; choice < answers.size(); choice++) {
            events.send(reply.first(choice));
            if (!answers.get(choice).text().isEmpty()) {
                events.send(reply.piece(choice, answers.get(choice).text()));
            }
        }
        end(request, answers, reply, events);
    }

    private static void end(ChatRequest request, List<Completion> answers, ChatReply reply, EventStream events) {
        for (int choice = 0; choice < answers.size(); choice++) {
            events.send(reply.last(choice, answers.get(choice).finish()));
        }
        if (request.usage()) {
            events.send(reply.counts(answers));
        }
    }

    private List<Completion> answers(List<GenerationRequest> requests) throws InterruptedException {
        List<CompletableFuture<GenerationOutcome>> waiting = new ArrayList<>();
        try {
            requests.forEach(request -> waiting.add(batcher.submit(request)));
            List<Completion> answers = new ArrayList<>();
            for (CompletableFuture<GenerationOutcome> one : waiting) {
                answers.add(completion(one.get()));
            }
            return answers;
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof ApiFailure failure ? failure : ApiFailure.bug(String.valueOf(failed.getCause()));
        } finally {
            waiting.forEach(one -> one.cancel(false));
        }
    }

    private static Completion completion(GenerationOutcome outcome) {
        return switch (outcome) {
            case Completion done -> done;
            case Failure failed -> throw failed.temporary()
                    ? ApiFailure.unavailable(failed.problem())
                    : ApiFailure.invalid("", failed.problem());
        };
    }
}
