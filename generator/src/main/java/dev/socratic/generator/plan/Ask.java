package dev.socratic.generator.plan;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace;
import java.util.List;

/// One planned request.
///
/// @param id       the answer's id, known before the answer ([dev.socratic.datasets.row.RowIds#trace])
/// @param question what is asked
/// @param messages the conversation the teacher is given
/// @param draw     how the answer is drawn, as its row says it, with this sample's own seed and index
/// @param sampling the same, as the teacher is told it
public record Ask(String id, Question question, List<ChatMessage> messages, Trace.Draw draw, Sampling sampling) {

    public GenerationRequest request() {
        return new GenerationRequest(id, messages, sampling);
    }
}
