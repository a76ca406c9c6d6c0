package dev.socratic.curator.filter;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.Reasoning;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.Threshold;
import dev.socratic.curator.text.Shingles;
import dev.socratic.curator.text.Words;
import dev.socratic.datasets.answer.ReasoningSplit;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Drops rows that would teach a student not to reason.
///
/// - **empty_reasoning**: a block of reasoning with nothing in it (`<think></think>`, also around blanks or dots), in
///   any turn;
/// - **bare_answer**: an answer without reasoning and without work: at most six words and no equation. A corpus of
///   chats is full of short answers that are right, so this counts only where at least nine in ten of the corpus's
///   first answers show their work, or where the config says so; and in such a corpus only an answer that is a
/// number,
///   or whose right answer is known: a label (`positive`) is an answer to another kind of question;
/// - **copied_question**: an answer that begins by repeating the question: more of the question's runs of eight words
///   than `copied` are among the answer's first words. Questions of fewer than twelve words are not judged.
public final class ReasoningStep implements Step {
    private static final int BARE_WORDS = 6;
    private static final int LONGEST_BARE = 200;
    private static final int LEAST_QUESTION = 12;
    private static final int RUN = 8;
    private static final String COPIED = "copied";
    /// A number with what may stand around it, a letter of a choice.
    private static final String RESULT = "(?is)(?:(?:the |final )?(?:final )?answer(?: is|:)?|####)?[\\s*$]{0,4}"
            + "(?:\\\\boxed\\{)?(?:-?[$\u20ac\u00a3]?\\d[\\d,. /]{0,20}|\\(?[A-E]\\)?)[\\s}*%.$]{0,4}\\p{L}{0,15}[.]?";
    private static final int LEAST_SAMPLE = 20;
    private static final double MOST = 0.9;
    private static final Pattern NAMES_THOUGHT = Pattern.compile("(?i)think|thought|reason|scratch|reflect|analysis");

    private final Reasoning config;
    private long sampled;
    private long worked;

    public ReasoningStep(Reasoning config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "reasoning";
    }

    @Override
    public void sample(Candidate row) {
        if (!row.isText()) {
            sampled++;
            worked += isBare(row.answer()) || isEmpty(row.answer()) ? 0 : 1;
        }
    }

    @Override
    public Decision judge(Candidate row) {
        if (row.isText()) {
            return Decision.KEEP;
        }
        for (String turn : row.turns()) {
            if (isEmpty(turn)) {
                return new Decision.Drop("empty_reasoning", Evidence.object().put("answer", shortened(turn)));
            }
        }
        RowScores scores = RowScores.of(COPIED, copied(row));
        if (bareGoes() && isBare(row.answer()) && (config.bare() == Reasoning.Bare.DROP || isResult(row))) {
            return new Decision.Drop("bare_answer",
                    Evidence.object().put("answer", shortened(row.answer())).put("share_with_work", share()), scores);
        }
        double copied = scores.values().get(COPIED);
        return copied > config.copied()
                ? new Decision.Drop("copied_question", Evidence.object().put("copied", Evidence.round(copied))
                        .put("most", config.copied()).put("answer", shortened(row.answer())), scores)
                : new Decision.Keep(scores);
    }

    private static boolean isResult(Candidate row) {
        return row.gold().isPresent() || row.json().hasNonNull("gold")
                || ReasoningSplit.of(row.answer()).answer().strip().matches(RESULT);
    }

    /// @return share of the question's runs of words that the beginning of the answer repeats
    private static double copied(Candidate row) {
        List<String> question = Words.of(row.question());
        if (question.size() < LEAST_QUESTION) {
            return 0;
        }
        List<String> answer = Words.of(ReasoningSplit.of(row.answer()).answer());
        Shingles asked = Shingles.of(question, RUN);
        return asked.containedIn(Shingles.of(answer.subList(0, Math.min(answer.size(), question.size() + RUN)), RUN));
    }

    @Override
    public List<Threshold> thresholds() {
        return List.of(Threshold.most(COPIED, config.copied(), "copied_question"));
    }

    private boolean bareGoes() {
        return switch (config.bare()) {
            case AUTO -> sampled >= LEAST_SAMPLE && worked >= MOST * sampled;
            case KEEP -> false;
            case DROP -> true;
        };
    }

    /// A block of any of the marks that [ReasoningSplit] knows, without a letter or a digit in it.
    private static boolean isEmpty(String turn) {
        ReasoningSplit split = ReasoningSplit.of(turn);
        if (split.unclosed()) {
            return false;
        }
        String marks = turn.substring(0, Math.max(0, turn.lastIndexOf(split.answer())));
        return split.reasoning()
                .map(reasoning -> reasoning.codePoints().noneMatch(Character::isLetterOrDigit))
                .orElseGet(() -> NAMES_THOUGHT.matcher(marks).find());
    }

    private static boolean isBare(String answer) {
        return answer.length() <= LONGEST_BARE && answer.indexOf('=') < 0
                && ReasoningSplit.of(answer).reasoning().isEmpty()
                && Words.of(answer).size() <= BARE_WORDS;
    }

    private double share() {
        return sampled == 0 ? 0 : Evidence.round((double) worked / sampled);
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "...";
    }

    @Override
    public ObjectNode facts() {
        return Evidence.object()
                .put("bare", config.bare().name().toLowerCase(Locale.ROOT))
                .put("sampled", sampled)
                .put("share_with_work", share())
                .put("bare_answers_go", bareGoes())
                .put("copied", config.copied());
    }
}
