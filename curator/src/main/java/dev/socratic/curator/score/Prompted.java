package dev.socratic.curator.score;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.TextModel;
import dev.socratic.curator.config.ScoreConfig.PromptForm;
import dev.socratic.curator.step.Candidate;
import java.util.List;
import java.util.Optional;

/// What stands before a row's answer, as a model reads it.
public final class Prompted {
    private Prompted() {}

    /// @return all turns before the last one; nothing for plain text; empty where a template is asked for and the
    ///         model has none
    public static Optional<String> before(Candidate row, TextModel model, PromptForm form) {
        if (row.isText()) {
            return Optional.of("");
        }
        List<ChatMessage> all = row.exchange().messages();
        List<ChatMessage> turns = all.subList(0, all.size() - 1);
        return switch (form) {
            case CHAT -> model.opening(turns);
            case PLAIN -> Optional.of(plain(turns));
            case AUTO -> model.opening(turns).or(() -> Optional.of(plain(turns)));
        };
    }

    private static String plain(List<ChatMessage> turns) {
        StringBuilder text = new StringBuilder();
        turns.forEach(turn -> text.append(turn.content()).append("\n\n"));
        return text.toString();
    }
}
