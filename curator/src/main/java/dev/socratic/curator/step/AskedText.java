package dev.socratic.curator.step;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.source.Exchange;
import java.util.stream.Collectors;

/// What was asked in a row that has no field `question`: what the user said in the last turn of a row that `generate`
/// wrote, in all turns of any other, for "go on, please" is the same in many conversations.
public final class AskedText {
    private AskedText() {}

    /// @return empty for plain text
    public static String of(Exchange exchange) {
        return exchange.trace().isPresent()
                ? exchange.asked()
                : exchange.messages().stream().filter(message -> message.role().equals(ChatMessage.USER))
                        .map(ChatMessage::content).collect(Collectors.joining("\n\n"));
    }
}
