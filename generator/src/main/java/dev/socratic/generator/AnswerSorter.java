package dev.socratic.generator;

import dev.socratic.generator.journal.AnswerJournal;
import dev.socratic.generator.journal.Answered;
import dev.socratic.generator.plan.Ask;
import dev.socratic.generator.plan.Plan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Brings the journal, which is in the order of finishing, into the order of the plan.
///
/// The two orders differ by little, so little has to wait in memory for an earlier unit; it is everything only in the worst case (a journal
/// whose first units were asked again last).
final class AnswerSorter {
    private final Plan plan;
    private final BiConsumer<List<Ask>, Answered> sink;
    private final Map<Integer, Answered> waiting;
    private int next;

    private AnswerSorter(Plan plan, Map<Integer, Answered> passing, BiConsumer<List<Ask>, Answered> sink) {
        this.plan = plan;
        this.waiting = new HashMap<>(passing);
        this.sink = sink;
    }

    /// @param numbers the plan's units by key
    /// @param passing outcomes of the units that are not in the journal, by number
    /// @param sink    is given every unit once, in the plan's order
    static void sort(
            Plan plan, Map<String, Integer> numbers, Map<Integer, Answered> passing, AnswerJournal journal,
            BiConsumer<List<Ask>, Answered> sink) {
        AnswerSorter sorter = new AnswerSorter(plan, passing, sink);
        journal.replay(answered -> sorter.take(answered, Optional.ofNullable(numbers.get(answered.key()))));
        sorter.drain();
        if (sorter.next != plan.units()) {
            throw new IllegalStateException("unit %s of %s has no outcome; this is a bug, please report it".formatted(
                    sorter.next, plan.units()));
        }
    }

    /// @param number of the unit; empty where the record is of another plan
    private void take(Answered answered, Optional<Integer> number) {
        if (number.isPresent() && number.get() >= next) {
            waiting.putIfAbsent(number.get(), answered);
            drain();
        }
    }

    private void drain() {
        while (waiting.containsKey(next)) {
            sink.accept(plan.unit(next), waiting.remove(next));
            next++;
        }
    }
}
