package dev.socratic.eval;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Hashes;
import dev.socratic.datasets.answer.Choices;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// One question, what the model answered and whether it was right; one line of `samples_<task>_<date>.jsonl`
/// ([SampleJson]).
///
/// @param docId    number of the question in its task, from 0
/// @param question the text asked about
/// @param target   gold answer, or a solution that ends in it
/// @param answers  what the model said, at least once; more often where the question was asked more often
/// @param score    0 to 1: the share of right ones, or what a metric of another harness says
/// @param line     the whole line of the file, fields we do not know included
public record Sample(int docId, String question, String target, List<Answer> answers, double score, ObjectNode line) {
    public Sample {
        Objects.requireNonNull(question);
        Objects.requireNonNull(target);
        answers = List.copyOf(answers);
        line = line.deepCopy();
    }

    /// One answer.
    ///
    /// @param response  the model's text; empty where it had none
    /// @param extracted final answer taken out of it, if one was found
    /// @param correct   whether it equals the target
    /// @param why       how that was decided; empty in files of lm-evaluation-harness
    /// @param finish    how it ended: `stop`, `length`, `error`; empty where nobody said
    public record Answer(String response, Optional<String> extracted, boolean correct, String why, String finish) {
        public Answer {
            Objects.requireNonNull(response);
            Objects.requireNonNull(extracted);
            Objects.requireNonNull(why);
            Objects.requireNonNull(finish);
        }

        /// @return the same text with another verdict
        Answer with(Verdict verdict) {
            return new Answer(response, verdict.extracted(), verdict.correct(), verdict.why(), finish);
        }

        /// @return whether the model had no answer: then it is wrong, and `why` says what kept it
        boolean failed() {
            return finish.equals("error");
        }
    }

    /// @return the first answer's text
    public String response() {
        return answers.getFirst().response();
    }

    /// @return what was taken out of the first answer
    public Optional<String> extracted() {
        return answers.getFirst().extracted();
    }

    /// @return how the first answer was judged
    public String why() {
        return answers.getFirst().why();
    }

    /// @return whether more is right than wrong; of a single answer whether it is right
    public boolean correct() {
        return score > 0.5;
    }

    /// @return a copy: a sample never changes
    @Override
    public ObjectNode line() {
        return line.deepCopy();
    }

    /// @return the same question with other verdicts; every other field of the line stays
    Sample with(List<Answer> judged) {
        ObjectNode again = line();
        SampleJson.judge(again, judged);
        return new Sample(docId, question, target, judged, SampleJson.score(judged), again);
    }

    /// @return hash of the question's text: two models are paired by it, whoever wrote their files
    String questionHash() {
        return Hashes.sha256(question);
    }

    /// @return the name of the extraction this verdict rests on; `none` where the line names none
    public String filter() {
        return line.path(SampleJson.FILTER).asText(SampleJson.NO_FILTER);
    }

    /// @return the gold answers, any of which is right: one, or as many as the target is a list of
    List<String> targets() {
        JsonNode given = line.path(SampleJson.TARGET);
        if (!given.isArray() || given.isEmpty()) {
            return List.of(target);
        }
        List<String> targets = new ArrayList<>();
        given.forEach(node -> targets.add(node.asText()));
        return targets;
    }

    /// @return the fields of the document that may hold options of a multiple choice
    Map<String, JsonNode> choiceFields() {
        Map<String, JsonNode> fields = new HashMap<>();
        Choices.FIELDS.stream().filter(name -> line.path("doc").hasNonNull(name))
                .forEach(name -> fields.put(name, line.path("doc").get(name)));
        return fields;
    }

    /// @return whether the model had no answer at all: then it is wrong, and `why` says what kept it
    public boolean failed() {
        return answers.stream().allMatch(Answer::failed);
    }

    /// @return whether an answer was cut off at the most tokens allowed
    public boolean truncated() {
        return answers.stream().anyMatch(answer -> answer.finish().equals("length"));
    }

    /// @return what this question hangs together with; none where it stands for itself
    public Optional<String> cluster() {
        return Optional.of(line.path(SampleJson.CLUSTER)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    /// @return whether asking may have stopped before every question was asked
    boolean sequential() {
        return line.path(SampleJson.SEQUENTIAL).asBoolean(false);
    }

    /// @return by what scores are told apart; none where they are not
    public Optional<String> group() {
        return Optional.of(line.path(SampleJson.BY)).filter(JsonNode::isTextual).map(JsonNode::asText);
    }

    /// @return whether `response` is text that a model wrote, not the log probabilities of given choices
    boolean isText() {
        return !line.path(SampleJson.RESPONSES).path(0).path(0).isArray();
    }

    /// What a scorer says of one response.
    ///
    /// @param extracted final answer found
    /// @param correct   whether it equals the gold answer
    /// @param why       in a few words
    record Verdict(Optional<String> extracted, boolean correct, String why) {}
}
