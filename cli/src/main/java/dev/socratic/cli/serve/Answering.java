package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Usage;
import dev.socratic.models.generate.LiveModel;
import dev.socratic.models.generate.Prompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/// The way of a request from its prompts to its last answer. Runs on the request's own thread, which may simply wait.
final class Answering {
    private final LiveModel model;
    private final String name;
    private final ServeMetrics metrics;
    private final Batcher batcher;
    private final ExecutorService readers;
    private final ServeLimits limits;

    /// @param readers platform threads: rendering and tokenizing are native code and long work
    Answering(ServedModel.Writer served, Batcher batcher, ExecutorService readers, ServeLimits limits,
            ServeMetrics metrics) {
        this.model = served.model();
        this.name = served.name();
        this.metrics = metrics;
        this.batcher = batcher;
        this.readers = readers;
        this.limits = limits;
    }

    /// @param watches whether the client reads along
    /// @param likely how many likely tokens are told beside each token; empty where no log probabilities are wanted
    Mailbox mailbox(int answers, boolean watches, OptionalInt likely) {
        return new Mailbox(answers, watches, likely, limits.answer());
    }

    /// The answers that a prompt gets.
    ///
    /// @param place where the prompt stands in the request
    /// @param seeds one an answer
    /// @throws ApiFailure if it cannot be answered
    List<LiveModel.Ready> read(String place, Prompt prompt, GenerationParameters parameters, long... seeds)
            throws InterruptedException {
        return switch (on(readers, () -> model.read(prompt, parameters, seeds[0]))) {
            case LiveModel.Ready ready -> Arrays.stream(seeds).mapToObj(ready::with).toList();
            case LiveModel.Refused refused -> throw refused.tooLong()
                    ? ApiFailure.tooLong(place, refused.problem())
                    : ApiFailure.invalid("", refused.problem());
        };
    }

    private <T> T on(ExecutorService threads, Callable<T> body) throws InterruptedException {
        Future<T> later = threads.submit(body);
        try {
            return later.get(limits.answer().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw ApiFailure.of(failed.getCause());
        } catch (TimeoutException late) {
            long most = limits.answer().toSeconds();
            throw ApiFailure.late("the prompt took more than %s seconds to be read; send less".formatted(most));
        } finally {
            later.cancel(false);
        }
    }

    /// Has the model do something else between two steps, and waits for it.
    <T> T between(ServedRequest exchange, Callable<T> body) throws InterruptedException {
        var later = batcher.submit(body);
        exchange.whenLost(() -> later.cancel(false));
        try {
            return later.get(limits.answer().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof DataException unfit ? ApiFailure.invalid("prompt", unfit.getMessage())
                    : ApiFailure.of(failed.getCause());
        } catch (TimeoutException late) {
            throw ApiFailure.late("the answer took more than %s seconds; ask for less".formatted(limits.answer()
                    .toSeconds()));
        } catch (CancellationException gone) {
            throw ApiFailure.unavailable("the client has gone");
        } finally {
            later.cancel(false);
        }
    }

    /// Prompts that were only read.
    void read(long tokens) {
        metrics.tokens(name, tokens, 0);
    }

    private void count(List<Completion> answers, int each) {
        Usage usage = ChatReply.usage(answers, each);
        metrics.tokens(name, usage.promptTokens(), usage.completionTokens());
    }

    private void first(ServedRequest exchange, Mailbox mailbox) {
        mailbox.first().ifPresent(when -> metrics.firstToken(name, when - exchange.sent()));
    }

    /// Waits for all answers.
    ///
    /// @param each   how many answers each prompt has
    /// @param likely as of a [Mailbox]
    List<Mailbox.News.Finished> whole(ServedRequest exchange, List<LiveModel.Ready> prompts, int each,
            OptionalInt likely) throws InterruptedException {
        Mailbox mailbox = mailbox(prompts.size(), false, likely);
        List<Mailbox.News.Finished> answers = new ArrayList<>(Collections.nCopies(prompts.size(), null));
        exchange.whenLost(mailbox::leave);
        try {
            batcher.submit(prompts, mailbox);
            for (int left = prompts.size(); left > 0;) {
                switch (mailbox.take()) {
                    case Mailbox.News.Piece piece -> { }
                    case Mailbox.News.Finished one -> {
                        answers.set(one.choice(), one);
                        left--;
                    }
                }
            }
            count(answers.stream().map(Mailbox.News.Finished::completion).toList(), each);
            return answers;
        } finally {
            first(exchange, mailbox);
            mailbox.leave();
        }
    }

    /// Sends all answers as they are written.
    ///
    /// @param each   how many answers each prompt has
    /// @param usage  whether the counts are sent at the end
    /// @param form   what answers are made of
    /// @param logs   log probabilities of tokens, where they are wanted
    void stream(ServedRequest exchange, List<LiveModel.Ready> prompts, int each, boolean usage, AnswerForm form,
            Optional<TokenLogs> logs, ChatReply reply) throws IOException, InterruptedException {
        Mailbox mailbox = mailbox(prompts.size(), true, TokenLogs.likely(logs));
        EventStream events = new EventStream(exchange);
        List<StreamedAnswer> answers = IntStream.range(0, prompts.size())
                .mapToObj(choice -> new StreamedAnswer(choice, reply, form, logs)).toList();
        List<Completion> done = new ArrayList<>(Collections.nCopies(prompts.size(), null));
        exchange.whenLost(mailbox::leave);
        try {
            batcher.submit(prompts, mailbox);
            for (int left = prompts.size(); left > 0;) {
                Mailbox.News news = mailbox.take();
                for (ObjectNode event : answers.get(news.choice()).events(news)) {
                    events.send(event);
                }
                if (news instanceof Mailbox.News.Finished one) {
                    done.set(one.choice(), one.completion());
                    left--;
                }
            }
            count(done, each);
            if (usage) {
                events.send(reply.counts(done, each));
            }
            events.done();
        } catch (ApiFailure failure) {
            if (!events.begun()) {
                throw failure;
            }
            events.fail(failure);
        } finally {
            first(exchange, mailbox);
            mailbox.leave();
        }
    }
}
