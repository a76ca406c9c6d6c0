package dev.socratic.generator.step;

import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.Trace.Verdict;
import java.util.List;
import java.util.Map;

/// What comes out of a conversation.
public sealed interface Result {

    /// A reply as it came, behind messages of the strategy's choice; the config's checks decide whether it is kept.
    ///
    /// @param messages before the reply, as a student is to read them
    /// @param verdicts the strategy's own, made before the config's
    /// @param facts    further fields of the row
    record Answer(Reply reply, List<ChatMessage> messages, List<Verdict> verdicts, Map<String, Object> facts)
            implements Result {
        public Answer {
            messages = List.copyOf(messages);
            verdicts = List.copyOf(verdicts);
            facts = Map.copyOf(facts);
        }

        /// What was asked and what was answered, nothing else.
        public static Answer of(Reply reply) {
            return new Answer(reply, reply.query().messages(), List.of(), Map.of());
        }

        public Answer with(Map<String, Object> others) {
            return new Answer(reply, messages, verdicts, others);
        }
    }

    /// A conversation put together by the strategy, the last turn an assistant's; kept where every verdict passed.
    ///
    /// @param kind  what it teaches, in a word: `tutor`, `student`
    /// @param last  the reply that its answer came with
    record Talk(String kind, Reply last, List<ChatMessage> messages, List<Verdict> verdicts, Map<String, Object> facts)
            implements Result {
        public Talk {
            messages = List.copyOf(messages);
            verdicts = List.copyOf(verdicts);
            facts = Map.copyOf(facts);
        }
    }

    /// Two answers of which the first is better.
    ///
    /// @param kind why: `right_wrong`, `short_long`
    record Pair(String kind, List<ChatMessage> prompt, Reply chosen, Reply rejected, Map<String, Object> facts)
            implements Result {
        public Pair {
            prompt = List.copyOf(prompt);
            facts = Map.copyOf(facts);
        }
    }

    /// A new question, for the next strategy of the chain.
    record Made(Question question) implements Result {}

    /// Nothing worth keeping.
    ///
    /// @param reason in a word, as counts name it
    /// @param detail why, in a few words
    record Dropped(String reason, String detail, Map<String, Object> facts) implements Result {
        public Dropped {
            facts = Map.copyOf(facts);
        }

        public Dropped(String reason, String detail) {
            this(reason, detail, Map.of());
        }
    }
}
