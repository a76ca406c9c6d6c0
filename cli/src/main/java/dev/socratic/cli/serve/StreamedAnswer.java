package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.cli.serve.AnswerParser.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One answer of a stream: what there is to send of it, piece by piece.
final class StreamedAnswer {
    private final int choice;
    private final ChatReply reply;
    private final AnswerParser parser;
    private final Optional<TokenLogs> logs;
    private boolean begun;
    private int calls;
    private int offset;

    StreamedAnswer(int choice, ChatReply reply, AnswerForm form, Optional<TokenLogs> logs) {
        this.choice = choice;
        this.reply = reply;
        this.parser = new AnswerParser(form);
        this.logs = logs;
    }

    /// @return the chunks that tell of it
    List<ObjectNode> events(Mailbox.News news) {
        List<ObjectNode> events = new ArrayList<>();
        if (!begun) {
            reply.first(choice).ifPresent(events::add);
            begun = true;
        }
        switch (news) {
            case Mailbox.News.Piece piece -> add(events, parser.add(piece.text()), piece.drawn());
            case Mailbox.News.Finished one -> {
                add(events, parser.end(), one.drawn());
                events.add(reply.last(choice, one.completion().finish(), calls > 0));
            }
        }
        return events;
    }

    private void add(List<ObjectNode> events, List<Part> parts, List<Mailbox.Drawn> drawn) {
        if (!parts.isEmpty() || !drawn.isEmpty()) {
            events.add(reply.piece(choice, parts, calls, drawn.isEmpty() ? Optional.empty() : logs.map(one ->
                    reply.chat() ? one.chat(drawn) : one.completion(drawn, offset))));
        }
        calls += (int) parts.stream().filter(Part.Called.class::isInstance).count();
        offset += drawn.stream().mapToInt(one -> logs.orElseThrow().model().word((int) one.token()).length()).sum();
    }
}
