package dev.socratic.review.share;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.review.EditedRow;
import dev.socratic.curator.review.Opinion.Choice;
import dev.socratic.curator.review.ReviewAction;
import dev.socratic.curator.review.RowOpinions;
import dev.socratic.datasets.format.Format;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowWriter;
import dev.socratic.datasets.source.Exchange;
import dev.socratic.review.corpus.Corpus;
import dev.socratic.review.corpus.RowDetails;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Writes rows with what people decided.
///
/// As rows (`jsonl`, `parquet`, `csv`): those that stay, that is, rows that were kept and not rejected and rows that
/// were accepted, with people's edits in them. As records of Argilla or Label Studio: all rows, with answers of people
/// where there are any. As pairs (`dpo`): of rankings each neighbour, of edits the edit against what stood before, of
/// accepted and rejected answers to one question each accepted with each rejected one.
public final class RowExport {
    private static final int MOST_PAIRS = 16;
    private final Corpus corpus;
    private final RowDetails details;

    public RowExport(Corpus corpus) {
        this.corpus = corpus;
        this.details = new RowDetails(corpus);
    }

    /// What is written.
    public enum Kind {
        JSONL(".jsonl", "application/x-ndjson"), PARQUET(".parquet", "application/vnd.apache.parquet"),
        CSV(".csv", "text/csv"), DPO(".jsonl", "application/x-ndjson"), ARGILLA(".jsonl", "application/x-ndjson"),
        LABELSTUDIO(".json", "application/json");

        private final String ending;
        private final String type;

        Kind(String ending, String type) {
            this.ending = ending;
            this.type = type;
        }

        public String ending() {
            return ending;
        }

        public String type() {
            return type;
        }
    }

    /// How much was written.
    ///
    /// @param leftOut rows of the query that were not: rejected or dropped, or no rows at all
    public record Written(long rows, long leftOut) {}

    /// @param file does not exist yet
    public Written write(Kind kind, String q, Path file) {
        long[] counts = new long[2];
        try (RowWriter out = RowFiles.writer(file, Format.of(file))) {
            Set<String> pairs = new HashSet<>();
            if (kind == Kind.DPO) {
                counts[0] += rankings(q, out, pairs);
            }
            corpus.rows().each(q, summary -> {
                String id = summary.path("id").asText();
                Optional<ObjectNode> raw = details.json(id);
                long written = raw.isEmpty() ? 0 : switch (kind) {
                    case JSONL, PARQUET, CSV -> row(summary, id, raw.get(), out);
                    case DPO -> pairs(id, summary, raw.get(), out, pairs);
                    case ARGILLA -> one(out, ArgillaRecord.of(details.of(id), corpus.decisions().of(id)));
                    case LABELSTUDIO -> one(out, LabelStudioTask.of(details.of(id), corpus.decisions().of(id)));
                };
                counts[0] += written;
                counts[1] += written == 0 ? 1 : 0;
            });
            out.commit();
        }
        return new Written(counts[0], counts[1]);
    }

    private static long one(RowWriter out, ObjectNode json) {
        out.write(json);
        return 1;
    }

    private long row(ObjectNode summary, String id, ObjectNode raw, RowWriter out) {
        RowOpinions said = corpus.decisions().of(id);
        Optional<Choice> decision = said.decision();
        boolean kept = summary.path("status").asText().equals("kept");
        if (!(kept && !decision.equals(Optional.of(Choice.REJECT)) || decision.equals(Optional.of(Choice.ACCEPT)))) {
            return 0;
        }
        ObjectNode row = said.edit().map(edit -> EditedRow.of(raw, edit)).orElse(raw);
        if (!kept) {
            row.remove(List.of("step", "reason", "evidence"));
        }
        out.write(row);
        return 1;
    }

    private long rankings(String q, RowWriter out, Set<String> written) {
        long count = 0;
        Set<String> wanted = new HashSet<>();
        corpus.rows().each(q, summary -> wanted.add(summary.path("id").asText()));
        for (ReviewAction ranking : corpus.decisions().rankings()) {
            for (int i = 0; i + 1 < ranking.ids().size(); i++) {
                String better = ranking.ids().get(i);
                String worse = ranking.ids().get(i + 1);
                if (wanted.contains(better) && wanted.contains(worse)) {
                    count += pair(better, worse, "ranking", out, written);
                }
            }
        }
        return count;
    }

    private long pairs(String id, ObjectNode summary, ObjectNode raw, RowWriter out, Set<String> written) {
        RowOpinions said = corpus.decisions().of(id);
        long count = 0;
        if (said.edit().isPresent()) {
            ObjectNode before = details.of(id);
            ObjectNode pair = prompt(before);
            ObjectNode edited = EditedRow.of(raw, said.edit().get());
            answer(pair.putArray("chosen"), edited);
            answer(pair.putArray("rejected"), raw);
            pair.put("id", id + "+edit").put("from", "edit");
            if (written.add(id + "+edit")) {
                out.write(pair);
                count++;
            }
        }
        if (said.decision().equals(Optional.of(Choice.ACCEPT)) && !summary.path("question_id").asText("").isEmpty()) {
            int most = MOST_PAIRS;
            for (ObjectNode other : corpus.rows().samples(summary.path("question_id").asText(), 1_000)) {
                String worse = other.path("id").asText();
                if (most > 0 && corpus.decisions().of(worse).decision().equals(Optional.of(Choice.REJECT))) {
                    count += pair(id, worse, "decisions", out, written);
                    most--;
                }
            }
        }
        return count;
    }

    private long pair(String better, String worse, String from, RowWriter out, Set<String> written) {
        Optional<ObjectNode> good = details.json(better);
        Optional<ObjectNode> bad = details.json(worse);
        if (good.isEmpty() || bad.isEmpty() || !written.add(better + ">" + worse)) {
            return 0;
        }
        ObjectNode pair = prompt(details.of(better));
        ObjectNode edited = corpus.decisions().of(better).edit().map(edit -> EditedRow.of(good.get(), edit))
                .orElse(good.get());
        answer(pair.putArray("chosen"), edited);
        answer(pair.putArray("rejected"), bad.get());
        out.write(pair.put("id", better + ">" + worse).put("from", from));
        return 1;
    }

    /// @return `{prompt: [turns]}`: what was sent before the answer
    private static ObjectNode prompt(ObjectNode details) {
        ObjectNode pair = JsonNodeFactory.instance.objectNode();
        ArrayNode prompt = pair.putArray("prompt");
        if (details.path("turns").size() > 1) {
            for (int i = 0; i + 1 < details.path("turns").size(); i++) {
                prompt.add(details.path("turns").get(i));
            }
        } else {
            prompt.addObject().put("role", "user").put("content", details.path("question").asText());
        }
        return pair;
    }

    private static void answer(ArrayNode turns, ObjectNode row) {
        turns.addObject().put("role", "assistant").put("content",
                Exchange.of(row).answer());
    }
}
