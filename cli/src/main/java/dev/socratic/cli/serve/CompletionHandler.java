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
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/// `POST /v1/completions`: text behind a prompt; the log probabilities of a prompt where `echo` and `logprobs` ask for
/// them, and of every position in [PromptHandler]'s form where `prompt_logprobs` does.
final class CompletionHandler {
    private final Desks models;
    private final ServeOptions options;
    private final AtomicLong numbers = new AtomicLong();

    CompletionHandler(Desks models, ServeOptions options) {
        this.models = models;
        this.options = options;
    }

    void handle(ServedRequest exchange) throws IOException, InterruptedException {
        RequestFields fields = RequestJson.object(exchange.text(options.limits()), "'prompt'");
        Desk.Writes desk = models.writes(fields);
        long created = options.clock().instant().getEpochSecond();
        String id = "cmpl-%s-%s".formatted(created, numbers.incrementAndGet());
        if (fields.value("prompt_logprobs").isPresent()) {
            new PromptHandler(says(desk, "prompt_logprobs"), desk.name(), desk.answering(), id, created)
                    .handle(exchange, fields);
            return;
        }
        CompletionRequest request = CompletionRequest.read(fields, desk.model().card(), vocabulary(desk.model()),
                options.seeds());
        ChatReply reply = new ChatReply(false, id, desk.name(), created);
        if (request.readsOn()) {
            exchange.json(200, reply.whole(readOnly(exchange, desk, request), 1));
            return;
        }
        List<LiveModel.Ready> prompts = new ArrayList<>();
        for (Prompt prompt : request.prompts()) {
            prompts.addAll(desk.answering().read("prompt", prompt, request.parameters(),
                    ChatRequest.seeds(request.seed(), request.each())));
        }
        Optional<TokenLogs> logs = request.logprobs().stream().mapToObj(likely ->
                new TokenLogs(says(desk, "logprobs"), likely)).findFirst();
        if (request.stream()) {
            desk.answering().stream(exchange, prompts, request.each(), request.usage(), AnswerForm.PLAIN, logs, reply);
            return;
        }
        List<ChatReply.Choice> choices = new ArrayList<>();
        for (Mailbox.News.Finished answer : desk.answering().whole(exchange, prompts, request.each(),
                request.echo() ? OptionalInt.empty() : request.logprobs())) {
            long[] prompt = prompts.get(answer.choice()).ids();
            choices.add(new ChatReply.Choice(answer.completion(), request.echo() ? desk.model().text(prompt) : "",
                    logs.isEmpty() ? Optional.empty() : Optional.of(request.echo()
                            ? echoed(exchange, desk, logs.get(), prompt, answer.tokens())
                            : logs.get().completion(answer.drawn(), 0))));
        }
        exchange.json(200, reply.whole(choices, request.each()));
    }

    private static int vocabulary(LiveModel model) {
        return model instanceof DistributionModel says ? says.vocabulary() : Integer.MAX_VALUE;
    }

    private static DistributionModel says(Desk.Writes desk, String field) {
        if (desk.model() instanceof DistributionModel says) {
            return says;
        }
        throw ApiFailure.invalid(field,
                "'%s' gives no log probabilities; local weights do; leave the field out".formatted(desk.name()));
    }

    /// Of the prompt and of what was written behind it, read once more together.
    private static ObjectNode echoed(ServedRequest exchange, Desk.Writes desk, TokenLogs logs, long[] prompt,
            long[] answer) throws InterruptedException {
        int[] row = LongStream.concat(Arrays.stream(prompt), Arrays.stream(answer)).mapToInt(Math::toIntExact)
                .toArray();
        Distributions said = row.length < 2 ? Expected.NOTHING : desk.answering().between(exchange, () ->
                logs.model().distributions(List.of(row), Math.max(1, logs.likely())).getFirst());
        return logs.completion(row, 0, said);
    }

    /// Prompts are read once, and where a token is to be written it is the likeliest.
    private static List<ChatReply.Choice> readOnly(ServedRequest exchange, Desk.Writes desk,
            CompletionRequest request) throws InterruptedException {
        DistributionModel says = says(desk, "logprobs");
        int likely = request.logprobs().getAsInt();
        List<int[]> rows = new ArrayList<>();
        for (Prompt prompt : request.prompts()) {
            rows.add(switch (prompt) {
                case Prompt.Tokens tokens -> ints(tokens.ids());
                case Prompt.Text text -> ints(desk.answering().read("prompt", text, GenerationParameters.greedy(1), 0)
                        .getFirst().ids());
                case Prompt.Chat chat -> throw new IllegalStateException("a chat is no completion");
            });
        }
        // One token more than there is, whichever, so that the last one too has a position behind it that says what
        // comes next.
        List<int[]> longer = request.writes() ? rows.stream().map(row -> Expected.with(row, row[0])).toList() : rows;
        List<Distributions> said = Expected.read(desk.answering(), exchange, says, longer, Math.max(1, likely));
        desk.answering().read(rows.stream().mapToLong(row -> row.length).sum());
        List<ChatReply.Choice> choices = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            Expected.Row next = request.writes() ? Expected.next(rows.get(i), said.get(i))
                    : new Expected.Row(rows.get(i), said.get(i));
            String text = desk.model().text(Arrays.stream(next.ids()).asLongStream().toArray());
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
