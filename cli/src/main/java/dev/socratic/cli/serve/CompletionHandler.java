package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.Distributions;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.GenerationOutcome.Completion;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.Usage;
import dev.socratic.models.generate.LiveModel;
import dev.socratic.models.generate.Prompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/// `POST /v1/completions`: text behind a prompt; the log probabilities of a prompt where `echo` and `logprobs` ask for
/// them, and of every position in [PromptHandler]'s form where `prompt_logprobs` does.
final class CompletionHandler {
    private final LiveModel model;
    private final Answering answering;
    private final ServeOptions options;
    private final AtomicLong numbers = new AtomicLong();

    CompletionHandler(LiveModel model, Answering answering, ServeOptions options) {
        this.model = model;
        this.answering = answering;
        this.options = options;
    }

    void handle(ServedRequest exchange) throws IOException, InterruptedException {
        RequestFields fields = RequestJson.object(exchange.text(options.limits()), "'prompt'");
        long created = options.clock().instant().getEpochSecond();
        String id = "cmpl-%s-%s".formatted(created, numbers.incrementAndGet());
        if (fields.value("prompt_logprobs").isPresent()) {
            new PromptHandler(says("prompt_logprobs"), answering, id, created).handle(exchange, fields);
            return;
        }
        CompletionRequest request = CompletionRequest.read(fields, model.card(), vocabulary(), options.seeds());
        ChatReply reply = new ChatReply(false, id, model.card().name(), created);
        if (request.readsOn()) {
            exchange.json(200, reply.whole(readOnly(exchange, request), 1));
            return;
        }
        List<LiveModel.Ready> prompts = new ArrayList<>();
        for (Prompt prompt : request.prompts()) {
            prompts.addAll(answering.read("prompt", prompt, request.parameters(),
                    ChatRequest.seeds(request.seed(), request.each())));
        }
        if (request.stream()) {
            answering.stream(exchange, prompts, request.each(), request.usage(), reply);
            return;
        }
        List<ChatReply.Choice> choices = new ArrayList<>();
        for (Mailbox.News.Finished answer : answering.whole(exchange, prompts)) {
            long[] prompt = prompts.get(answer.choice()).ids();
            choices.add(new ChatReply.Choice(answer.completion(), request.echo() ? model.text(prompt) : "",
                    request.logprobs().isEmpty() ? Optional.empty()
                            : Optional.of(logs(exchange, request, prompt, answer.tokens()))));
        }
        exchange.json(200, reply.whole(choices, request.each()));
    }

    private int vocabulary() {
        return model instanceof DistributionModel says ? says.vocabulary() : Integer.MAX_VALUE;
    }

    private DistributionModel says(String field) {
        if (model instanceof DistributionModel says) {
            return says;
        }
        throw ApiFailure.invalid(field,
                "'%s' gives no log probabilities; local weights do; leave the field out".formatted(model.card()
                        .name()));
    }

    private ObjectNode logs(ServedRequest exchange, CompletionRequest request, long[] prompt,
            long[] answer) throws InterruptedException {
        DistributionModel says = says("logprobs");
        int[] row = LongStream.concat(Arrays.stream(prompt), Arrays.stream(answer)).mapToInt(Math::toIntExact)
                .toArray();
        int likely = request.logprobs().getAsInt();
        Distributions said = row.length < 2 ? Expected.NOTHING
                : answering.between(exchange, () -> says.distributions(List.of(row), Math.max(1, likely)).getFirst());
        return new TokenLogs(says, likely).completion(row, request.echo() ? 0 : prompt.length, said);
    }

    /// Prompts are read once, and where a token is to be written it is the likeliest.
    private List<ChatReply.Choice> readOnly(ServedRequest exchange, CompletionRequest request)
            throws InterruptedException {
        DistributionModel says = says("logprobs");
        int likely = request.logprobs().getAsInt();
        List<int[]> rows = new ArrayList<>();
        for (Prompt prompt : request.prompts()) {
            rows.add(switch (prompt) {
                case Prompt.Tokens tokens -> ints(tokens.ids());
                case Prompt.Text text -> ints(answering.read("prompt", text, GenerationParameters.greedy(1), 0)
                        .getFirst().ids());
                case Prompt.Chat chat -> throw new IllegalStateException("a chat is no completion");
            });
        }
        // One token more than there is, whichever, so that the last one too has a position behind it that says what
        // comes next.
        List<int[]> longer = request.writes() ? rows.stream().map(row -> Expected.with(row, row[0])).toList() : rows;
        List<Distributions> said = Expected.read(answering, exchange, says, longer, Math.max(1, likely));
        List<ChatReply.Choice> choices = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Expected.Row next = request.writes() ? Expected.next(rows.get(i), said.get(i))
                    : new Expected.Row(rows.get(i), said.get(i));
            String text = model.text(Arrays.stream(next.ids()).asLongStream().toArray());
            Usage usage = new Usage(rows.get(i).length, next.ids().length - rows.get(i).length, 0);
            choices.add(new ChatReply.Choice(new Completion("", text, Optional.empty(), FinishReason.LENGTH, usage), "",
                    Optional.of(new TokenLogs(says, likely).completion(next.ids(), 0, next.said()))));
        }
        return choices;
    }

    private static int[] ints(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }
}
