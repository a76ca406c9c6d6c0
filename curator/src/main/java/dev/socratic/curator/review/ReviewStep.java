package dev.socratic.curator.review;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.io.RegularFiles;
import dev.socratic.curator.config.StepConfig;
import dev.socratic.curator.review.Opinion.Choice;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Makes what people decided hold: a rejected row goes, an edited one is edited, and an accepted one stays whatever
/// later steps say, but for those that people cannot overrule. What most reviewers choose counts; a row of which as
/// many accept as reject is left to the other steps. Decisions are found by the row's id.
///
/// Memory: some 200 bytes a row that somebody decided.
public final class ReviewStep implements Step {
    private final ReviewLog log = new ReviewLog();
    private final Set<String> binding;
    private final Set<String> seen = new HashSet<>();
    private long unread;
    private long conflicts;
    private long accepted;

    /// @param config its files are read here
    /// @throws dev.socratic.core.error.DataException if one is not there
    public ReviewStep(StepConfig.Review config) {
        this.binding = Set.copyOf(config.binding());
        config.decisions().forEach(file -> {
            RegularFiles.require(file);
            ReviewLog.Reading found = log.read(file);
            unread += found.bad().size() + (found.torn().isEmpty() ? 0 : 1);
        });
    }

    @Override
    public String name() {
        return "review";
    }

    @Override
    public Decision judge(Candidate row) {
        RowOpinions said = log.of(row.id());
        if (said.isEmpty()) {
            return Decision.KEEP;
        }
        seen.add(row.id());
        conflicts += said.isConflict() ? 1 : 0;
        Optional<Choice> decision = said.decision();
        if (decision.equals(Optional.of(Choice.REJECT))) {
            return new Decision.Drop("rejected_by_reviewers", evidence(said), RowScores.NONE);
        }
        accepted += decision.equals(Optional.of(Choice.ACCEPT)) ? 1 : 0;
        if (said.edit().isPresent()) {
            ObjectNode edited = EditedRow.of(row.json(), said.edit().get());
            if (!edited.equals(row.json())) {
                return new Decision.Edit(edited, "edited_by_reviewers", evidence(said).put("editor", said.editor()),
                        RowScores.NONE);
            }
        }
        return Decision.KEEP;
    }

    private static ObjectNode evidence(RowOpinions said) {
        ObjectNode evidence = JsonNodeFactory.instance.objectNode();
        ObjectNode by = evidence.putObject("reviewers");
        said.by().forEach((reviewer, opinion) -> by.put(reviewer,
                opinion.decision().map(Choice::label).orElse("none")));
        said.by().values().stream().map(Opinion::note).filter(note -> !note.isEmpty()).reduce((a, b) -> b)
                .ifPresent(note -> evidence.put("note", note));
        List<String> labels = said.by().values().stream().flatMap(one -> one.labels().stream()).distinct().toList();
        if (!labels.isEmpty()) {
            labels.forEach(evidence.putArray("labels")::add);
        }
        return evidence.put("at", said.at());
    }

    @Override
    public boolean overrules(Candidate row, String later) {
        return !binding.contains(later) && log.of(row.id()).decision().equals(Optional.of(Choice.ACCEPT));
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = JsonNodeFactory.instance.objectNode().put("decided", log.rows().size())
                .put("found", seen.size()).put("accepted", accepted).put("conflicts", conflicts)
                .put("unread_lines", unread);
        binding.stream().sorted().forEach(facts.putArray("binding")::add);
        return facts;
    }
}
