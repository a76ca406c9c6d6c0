package dev.socratic.generator.plan;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationParameters;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import java.util.List;

/// One planned request.
///
/// @param id       the answer's id, known before the answer ([dev.socratic.datasets.row.RowIds#trace])
/// @param question what is asked
/// @param messages the conversation the teacher is given
/// @param draw     how the answer is drawn, with this sample's own seed and index
/// @param parameters how it is written
public record PlannedAsk(String id, Question question, List<ChatMessage> messages, Trace.Draw draw,
        GenerationParameters parameters) {

    public GenerationRequest request() {
        return new GenerationRequest(id, messages, parameters, draw.seed());
    }
}
