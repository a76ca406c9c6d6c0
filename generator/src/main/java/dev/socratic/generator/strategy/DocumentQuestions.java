package dev.socratic.generator.strategy;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;
import dev.socratic.core.text.ChatMessage;
import dev.socratic.datasets.answer.AnswerCheck;
import dev.socratic.datasets.row.Trace.Verdict;
import dev.socratic.datasets.verify.RougeL;
import dev.socratic.generator.step.Move;
import dev.socratic.generator.step.Query;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import dev.socratic.generator.step.Scene;
import dev.socratic.generator.step.Uses;
import dev.socratic.prompts.PromptTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Questions and answers from documents: the question's text is the document, cut into passages ([Passages]); of each a
/// model writes questions with answers, and a second request answers each question from the passage alone. A row is a
/// question with its answer, kept where the passage answers it and both answers agree: the same value, or a ROUGE-L
/// recall of the shorter one of at least `agreement`. Rows say from which characters of the document they are.
///
/// @param words            of a passage at most
/// @param overlap          words of the passage before that the next begins with
/// @param perPassage       questions of each passage
/// @param mostPassages     of a document; those behind are left out and counted
/// @param agreement        of the two answers, in [0, 1]
/// @param teacher          who writes
/// @param judge            who answers from the passage alone
/// @param questionPrompt   template of the writer's question
/// @param answerablePrompt template of the judge's question
@About(value = "questions and answers from documents, each answered again from its passage", source = "")
public record DocumentQuestions(
        @Default("300") int words, @Default("40") int overlap, @Default("2") int perPassage,
        @Default("100") int mostPassages, @Default("0.5") double agreement, @Default("teacher") String teacher,
        @Default("teacher") String judge,
        @Default("document_question") @NameOrFile(PromptTemplate.FILES) String questionPrompt,
        @Default("document_answerable") @NameOrFile(PromptTemplate.FILES) String answerablePrompt)
        implements Strategy {
    private static final Pattern PARTS = Pattern.compile(
            "(?is)question\\W{0,4}:\\s*(.+?)\\n\\W*answer\\W{0,4}:\\s*(.+)");
    private static final String NONE = "not answered";

    public DocumentQuestions {
        ConfigNumbers.atLeast("words", 20, words, "300 is the default");
        ConfigNumbers.atLeast("overlap", 0, overlap, "40 is the default");
        ConfigNumbers.atLeast("per_passage", 1, perPassage, "2 is the default");
        ConfigNumbers.atLeast("most_passages", 1, mostPassages, "100 is the default");
        ConfigNumbers.share("agreement", agreement, "0.5 is the default");
        if (overlap >= words) {
            throw new IllegalArgumentException("overlap: below words, %s; got %s; 40 is the default"
                    .formatted(words, overlap));
        }
    }

    @Override
    public Map<String, String> roles() {
        return Map.of(TEACHER, teacher, "judge", judge);
    }

    private Uses writing() {
        return new Uses("question_prompt", questionPrompt, "passage", "number");
    }

    private Uses answering() {
        return new Uses("answerable_prompt", answerablePrompt, "passage", "question");
    }

    @Override
    public List<Uses> prompts() {
        return List.of(writing(), answering());
    }

    @Override
    public int mostSteps() {
        return 2;
    }

    @Override
    public int mostQueries() {
        return 2 * mostPassages * perPassage;
    }

    /// A question with its answer, of a passage.
    private record Pair(Passages.Passage passage, Reply reply, String question, String answer) {}

    @Override
    public Move next(Scene scene) {
        List<Passages.Passage> all = Passages.of(scene.question().question(), words, overlap);
        List<Passages.Passage> passages = all.subList(0, Math.min(all.size(), mostPassages));
        if (passages.isEmpty()) {
            return Move.done(new Result.Dropped("empty", "the document has no words"));
        }
        if (scene.step() == 0) {
            List<Query> queries = new ArrayList<>();
            for (int i = 0; i < passages.size() * perPassage; i++) {
                queries.add(scene.query(TEACHER, "passage_" + i / perPassage, writing(), Map.of(
                        "passage", passages.get(i / perPassage).text(),
                        "number", Integer.toString(i % perPassage + 1)), i));
            }
            return new Move.Ask(queries);
        }
        List<Result> results = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        for (Reply reply : scene.history().getFirst()) {
            int passage = Integer.parseInt(reply.query().step().replace("passage_", ""));
            Matcher parts = PARTS.matcher(reply.text());
            Optional<Result> fault = Written.fault(reply, reply.text());
            if (fault.isPresent() || !parts.find()) {
                results.add(fault.orElse(new Result.Dropped("no_question", "not in the form Question, Answer")));
            } else {
                pairs.add(new Pair(passages.get(passage), reply, parts.group(1).strip(), parts.group(2).strip()));
            }
        }
        if (scene.step() == 1 && !pairs.isEmpty()) {
            List<Query> queries = new ArrayList<>();
            for (int i = 0; i < pairs.size(); i++) {
                queries.add(scene.query("judge", "answer_" + i, answering(), Map.of("passage",
                        pairs.get(i).passage().text(), "question", pairs.get(i).question()), i).with(scene.greedy()));
            }
            return new Move.Ask(queries);
        }
        for (int i = 0; i < pairs.size(); i++) {
            results.add(talk(pairs.get(i), answer(scene, i)));
        }
        return new Move.Done(results, Map.of("passages", (long) passages.size(),
                "passages_left_out", (long) all.size() - passages.size()));
    }

    private static Optional<Reply> answer(Scene scene, int number) {
        return scene.history().get(1).stream().filter(reply -> reply.query().step().equals("answer_" + number))
                .findFirst();
    }

    private Result talk(Pair pair, Optional<Reply> again) {
        String second = again.map(Reply::text).orElse("");
        boolean answered = !second.isBlank() && !second.toLowerCase(Locale.ROOT).contains(NONE);
        boolean agree = answered && agree(pair.answer(), second);
        return new Result.Talk("document", pair.reply(),
                List.of(ChatMessage.user(pair.question()), ChatMessage.assistant(pair.answer())),
                List.of(new Verdict("answerable", answered, answered ? "" : "not from the passage alone"),
                        new Verdict("agreement", agree, agree ? "" : "another answer: " + second)),
                Map.of("passage", Map.of("from", pair.passage().from(), "to", pair.passage().to(),
                        "heading", pair.passage().heading())));
    }

    private boolean agree(String first, String second) {
        RougeL likeness = RougeL.of(first, second);
        return AnswerCheck.STANDARD.check(first, second).equal()
                || Math.max(likeness.recall(), likeness.precision()) >= agreement;
    }
}
