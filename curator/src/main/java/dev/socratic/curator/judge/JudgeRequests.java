package dev.socratic.curator.judge;

import dev.socratic.core.ask.Asks;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.curator.config.ScoreConfig.Judge;
import dev.socratic.curator.store.TextStore;
import java.util.ArrayList;
import java.util.List;

/// What a judge is asked, one request a row, in the order of the rows.
///
/// @param ids     of the rows
/// @param prompts one a row, by its number
record JudgeRequests(Judge config, Rubric rubric, List<String> ids, TextStore prompts) implements Asks {
    @Override
    public int size() {
        return ids.size();
    }

    /// Equal prompts have equal seeds, so that they are one request.
    @Override
    public GenerationRequest request(int number) {
        String prompt;
        synchronized (prompts) {
            prompt = prompts.get(number);
        }
        List<ChatMessage> messages = new ArrayList<>();
        rubric.system().ifPresent(text -> messages.add(new ChatMessage(ChatMessage.SYSTEM, text)));
        messages.add(ChatMessage.user(prompt));
        return new GenerationRequest("judge-" + number, messages, config.generation(),
                Seeds.derive(config.seed(), "judge", prompt));
    }
}
