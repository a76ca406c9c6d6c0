package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.DistributionModel;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.models.generate.LiveModel;
import dev.socratic.models.generate.Prompt;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/// `POST /v1/chat/completions`.
final class ChatHandler {
    private final Desks models;
    private final ServeOptions options;
    private final AtomicLong numbers = new AtomicLong();

    ChatHandler(Desks models, ServeOptions options) {
        this.models = models;
        this.options = options;
    }

    void handle(ServedRequest exchange) throws IOException, InterruptedException {
        RequestFields fields = RequestJson.object(exchange.text(options.limits()), "'messages'");
        Desk.Writes desk = models.writes(fields);
        ChatRequest request = ChatRequest.read(fields, desk.model(), options.seeds());
        if (request.logprobs().isPresent() && !(desk.model() instanceof DistributionModel)) {
            throw ApiFailure.invalid("logprobs",
                    "'%s' gives no log probabilities; leave the field out".formatted(desk.name()));
        }
        Answering answering = desk.answering();
        List<LiveModel.Ready> prompts = answering.read("messages", request.prompt(), request.parameters(),
                ChatRequest.seeds(request.seed(), request.choices()));
        requireNamesSeen(answering, request.prompt(), prompts.getFirst());
        long created = options.clock().instant().getEpochSecond();
        ChatReply reply = new ChatReply(true, "chatcmpl-%s-%s".formatted(created, numbers.incrementAndGet()),
                desk.name(), created);
        Optional<TokenLogs> logs = request.logprobs().stream().mapToObj(likely ->
                new TokenLogs((DistributionModel) desk.model(), likely)).findFirst();
        AnswerForm form = form(request, desk.model(), prompts.getFirst().ids());
        if (request.stream()) {
            answering.stream(exchange, prompts, request.choices(), request.usage(), form, logs, reply);
            return;
        }
        List<ChatReply.Choice> choices = new ArrayList<>();
        for (Mailbox.News.Finished answer : answering.whole(exchange, prompts, request.choices(),
                request.logprobs())) {
            AnswerParser parser = new AnswerParser(form);
            List<AnswerParser.Part> parts = new ArrayList<>(parser.add(answer.completion().text()));
            parts.addAll(parser.end());
            choices.add(new ChatReply.Choice(answer.completion(), parts, "", logs.map(one ->
                    one.chat(answer.drawn()))));
        }
        exchange.json(200, reply.whole(choices, request.choices()));
    }

    private static AnswerForm form(ChatRequest request, LiveModel model, long[] prompt) {
        if (request.tools().forced().isPresent()) {
            return AnswerForm.call(request.tools().format().orElseThrow());
        }
        if (!request.thoughts()) {
            return new AnswerForm(false, false, request.tools().format(), false);
        }
        long[] tail = Arrays.copyOfRange(prompt, Math.max(0, prompt.length - 16), prompt.length);
        return AnswerForm.of(model.template(), model.text(tail), request.tools().format());
    }

    /// Most templates speak of some `name`, that of a function, and write no message's. Whether they do is seen in the
    /// prompt.
    private static void requireNamesSeen(Answering answering, Prompt.Chat prompt, LiveModel.Ready ready)
            throws InterruptedException {
        List<ChatMessage> unnamed = prompt.messages().stream().map(ChatHandler::unnamed).toList();
        if (!unnamed.equals(prompt.messages())) {
            Prompt.Chat other = new Prompt.Chat(unnamed, prompt.variables(), prompt.continues());
            if (Arrays.equals(answering.read("messages", other, GenerationParameters.greedy(1), 0).getFirst().ids(),
                    ready.ids())) {
                int first = IntStream.range(0, unnamed.size())
                        .filter(i -> !unnamed.get(i).equals(prompt.messages().get(i))).findFirst().orElseThrow();
                throw ApiFailure.invalid("messages[%s].name".formatted(first),
                        "the model's chat template writes no names of messages; leave it out");
            }
        }
    }

    private static ChatMessage unnamed(ChatMessage message) {
        Map<String, JsonNode> fields = new LinkedHashMap<>(message.fields());
        fields.remove("name");
        return new ChatMessage(message.role(), message.content(), fields);
    }
}
