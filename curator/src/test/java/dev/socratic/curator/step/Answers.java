package dev.socratic.curator.step;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.FinishReason;
import dev.socratic.core.text.Sampling;
import dev.socratic.core.text.Usage;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.row.Trace;
import dev.socratic.datasets.row.Trace.Draw;
import dev.socratic.datasets.row.Trace.Prompt;
import dev.socratic.datasets.row.Trace.Teacher;
import dev.socratic.datasets.row.Trace.Verdict;
import dev.socratic.datasets.source.Exchange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Rows for tests.
public final class Answers {
    private Answers() {}

    /// @param index which of the question's answers
    public static Trace trace(String question, int index, String reasoning, String finalAnswer,
            List<Verdict> verdicts) {
        Teacher teacher = new Teacher("teacher", "weights:0", "");
        Prompt prompt = new Prompt("direct", "1", "h");
        Draw draw = new Draw(new Sampling(0.7, 1), 256, 1, index);
        String text = "The answer is " + finalAnswer + ".";
        return new Trace(
                RowIds.trace(RowIds.question(question), prompt, teacher, draw),
                RowIds.question(question),
                List.of(
                        ChatMessage.user("Solve: " + question),
                        ChatMessage.assistant("<think>\n" + reasoning + "\n</think>\n" + text)),
                Optional.of(reasoning),
                text,
                Optional.of(finalAnswer),
                teacher,
                prompt,
                draw,
                new Usage(10, 20, 0),
                FinishReason.STOP,
                verdicts,
                Optional.empty(),
                Map.of());
    }

    public static Candidate row(String question, int index, String reasoning, String finalAnswer) {
        return row(question,
                trace(question, index, reasoning, finalAnswer, List.of(new Verdict("final_answer", true, ""))));
    }

    public static Candidate row(String question) {
        return row(question, 0, "1 + 1 = 2", "2");
    }

    public static Candidate row(String question, Trace trace) {
        Exchange exchange = Exchange.of(RowMapper.json(trace).put("question", question));
        return new Candidate(exchange, trace.id(), trace.questionId(), question, Optional.empty());
    }

    /// A row that `generate` did not write.
    ///
    /// @param json any row that training reads
    public static Candidate imported(String json) {
        Exchange exchange = Exchange.of(Json.read(json, ObjectNode.class, "row"));
        return new Candidate(exchange, exchange.id(), exchange.questionId(), exchange.question(), Optional.empty());
    }

    /// A question and an answer from elsewhere.
    public static Candidate chat(String question, String answer) {
        return imported(Json.line(Map.of("messages", List.of(
                Map.of("role", "user", "content", question), Map.of("role", "assistant", "content", answer)))));
    }

    /// A row whose assistant message is exactly this.
    public static Candidate answering(String question, String message) {
        Trace t = trace(question, 0, "", "2", List.of());
        return row(question,
                with(t, List.of(ChatMessage.user(question), ChatMessage.assistant(message)), t.finishReason(),
                        t.reasoning(), t.finalAnswer()));
    }

    public static Trace with(
            Trace t, List<ChatMessage> messages, FinishReason finish, Optional<String> reasoning,
            Optional<String> finalAnswer) {
        return new Trace(
                t.id(), t.questionId(), messages, reasoning, t.answerText(), finalAnswer, t.teacher(), t.prompt(),
                t.sampling(), t.usage(),
                finish, t.verdicts(), t.created(), t.extra());
    }
}
