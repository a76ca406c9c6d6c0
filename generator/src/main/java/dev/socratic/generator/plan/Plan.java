package dev.socratic.generator.plan;

import dev.socratic.core.json.Hashes;
import dev.socratic.core.seed.Seeds;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.core.text.Sampling;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.Trace;
import java.util.ArrayList;
import java.util.List;

/// Questions times samples: all samples of the first question, all of the second, and so on; cut into units from the beginning.
///
/// Requests are made when they are asked for, so that a plan of millions takes no more memory than its questions.
public final class Plan {
    private final List<Question> questions;
    private final Asking asking;
    private final int unit;

    /// @param questions each id once
    /// @param unit      requests answered together
    public Plan(List<Question> questions, Asking asking, int unit) {
        this.questions = List.copyOf(questions);
        this.asking = asking;
        this.unit = unit;
    }

    /// @return how many requests there are
    public long requests() {
        return (long) questions.size() * asking.samples();
    }

    /// @return how many units there are; the last may be smaller than the others
    public int units() {
        return Math.toIntExact((requests() + unit - 1) / unit);
    }

    public List<Ask> unit(int number) {
        List<Ask> asks = new ArrayList<>(unit);
        long end = Math.min(requests(), (number + 1L) * unit);
        for (long i = (long) number * unit; i < end; i++) {
            asks.add(ask(questions.get((int) (i / asking.samples())), (int) (i % asking.samples())));
        }
        return asks;
    }

    /// The content hash of a unit: of everything its teacher is given. Two runs with the same key want the same answers, so the journal of
    /// the one serves the other; a changed prompt, stop text or neighbour in the batch makes another key.
    public static String key(List<Ask> unit) {
        StringBuilder content = new StringBuilder();
        for (Ask ask : unit) {
            part(content, ask.id());
            for (ChatMessage message : ask.messages()) {
                part(content, message.role());
                part(content, message.content());
            }
            ask.stop().forEach(text -> part(content, text));
        }
        return Hashes.sha256(content.toString());
    }

    private static void part(StringBuilder content, String text) {
        content.append(text.length()).append(':').append(text);
    }

    private Ask ask(Question question, int index) {
        Sampling s = asking.sampling();
        long seed = Seeds.derive(s.seed(), "generate", question.id(), Integer.toString(index));
        Trace.Draw draw = new Trace.Draw(s.temperature(), s.topP(), s.maxTokens(), seed, index);
        String id = RowIds.trace(question.id(), asking.prompt(), asking.teacher(), draw);
        return new Ask(id, question, asking.messages().apply(question), draw, s.stop());
    }
}
