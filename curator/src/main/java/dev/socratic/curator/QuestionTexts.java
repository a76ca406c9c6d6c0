package dev.socratic.curator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.error.DataException;
import dev.socratic.curator.step.AskedText;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.store.KeyTable;
import dev.socratic.curator.store.TextStore;
import dev.socratic.datasets.format.BadRow;
import dev.socratic.datasets.format.Quarantine;
import dev.socratic.datasets.format.RowFiles;
import dev.socratic.datasets.format.RowReader;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.row.RowIds;
import dev.socratic.datasets.row.RowMapper;
import dev.socratic.datasets.source.Example;
import dev.socratic.datasets.source.Exchange;
import java.nio.file.Path;
import java.util.Optional;

/// The question a row answers, without the prompt around it: from the row itself (field `question`, so that a curated
/// corpus can be curated again), else from the file of questions by id (with its source and licence), else what the
/// user said: in the last turn of a row that `generate` wrote, in all turns of any other, for "go on, please" is the
/// same in many conversations. Memory: about 80 bytes a question of the file; the texts lie in a file.
public final class QuestionTexts implements AutoCloseable {
    private static final String QUESTION = "question";
    private static final String OWN_QUESTION = "original_question";
    private static final String ID = "id";

    private final KeyTable byId = new KeyTable();
    private final TextStore texts; // of each question: its text, its gold answer, source and licence, or nothing
    private long fromMessages;

    private QuestionTexts(Path file) {
        this.texts = new TextStore(file);
    }

    /// @param file for the texts; whoever owns its folder deletes it
    static QuestionTexts of(Optional<Path> questions, Quarantine quarantine, Path file) {
        QuestionTexts texts = new QuestionTexts(file);
        questions.ifPresent(path -> texts.read(path, quarantine));
        return texts;
    }

    /// Where rows say themselves what was asked.
    ///
    /// @param file as above
    public static QuestionTexts none(Path file) {
        return new QuestionTexts(file);
    }

    private void read(Path questions, Quarantine quarantine) {
        try (RowReader rows = RowFiles.read(questions, quarantine)) {
            while (rows.hasNext()) {
                var row = rows.next();
                try {
                    Question question = RowMapper.question(row.json());
                    byId.put(KeyTable.Key.of(question.id()), texts.add(question.question()));
                    texts.add(question.answer().orElse(""));
                    texts.add(question.source());
                    texts.add(question.licence().orElse(""));
                } catch (DataException e) {
                    quarantine.add(new BadRow(row.file(), row.line(), e.getMessage(), row.json().toString()));
                }
            }
        }
    }

    /// @param exchange a row; its JSON gets the fields `id` and `question` where it has none, so that it can be found
    ///                 again and curated again
    public Candidate row(Exchange exchange) {
        ObjectNode json = exchange.json();
        String id = exchange.id();
        if (!json.has(ID)) {
            json.put(ID, id);
        }
        if (exchange.example() instanceof Example.Text text) {
            return new Candidate(exchange, id, RowIds.question(text.text()), "", Optional.empty());
        }
        int known = exchange.trace().map(trace -> byId.get(KeyTable.Key.of(trace.questionId()))).orElse(KeyTable.NONE);
        Optional<String> gold = known == KeyTable.NONE ? Optional.empty()
                : Optional.of(texts.get(known + 1)).filter(text -> !text.isEmpty());
        if (known != KeyTable.NONE) {
            carry(json, "source", texts.get(known + 2));
            carry(json, "licence", texts.get(known + 3));
        }
        JsonNode own = json.path(QUESTION);
        if (!own.isTextual()) {
            json.put(QUESTION, known == KeyTable.NONE ? asked(exchange) : texts.get(known));
        }
        String question = json.path(QUESTION).textValue();
        String questionId = exchange.trace().map(trace -> trace.questionId())
                .orElseGet(() -> RowIds.question(question));
        return new Candidate(exchange, id, questionId, question, gold);
    }

    /// What the question says of where it is from goes with every answer to it.
    private static void carry(ObjectNode json, String field, String text) {
        if (!text.isEmpty() && !json.hasNonNull(field)) {
            json.put(field, text);
        }
    }

    /// The same for a row whose question was named by a mapping of fields: a column `question` that says something
    /// else is the file's own, and stays under another name.
    public Candidate mapped(Exchange exchange) {
        ObjectNode json = exchange.json();
        JsonNode own = json.path(QUESTION);
        if (!own.isMissingNode() && !(exchange.example() instanceof Example.Text)
                && !own.asText().equals(exchange.asked())) {
            json.set(OWN_QUESTION, own);
            json.put(QUESTION, exchange.asked());
        }
        return row(exchange);
    }

    /// The same for a row that is looked at and read again: it is not counted.
    Candidate sample(Exchange exchange) {
        long before = fromMessages;
        Candidate row = row(exchange);
        fromMessages = before;
        return row;
    }

    private String asked(Exchange exchange) {
        fromMessages++;
        return AskedText.of(exchange);
    }

    /// @return rows whose question was taken from their messages
    long fromMessages() {
        return fromMessages;
    }

    @Override
    public void close() {
        texts.close();
    }
}
