package dev.socratic.trainer.objective;

import java.util.List;

/// What terms over whole answers, and objectives with two answers a prompt, must have right.
final class AnswerTerms {
    private AnswerTerms() {}

    /// Within a term.
    static void check(Tap tap, List<View> views, Against against, Distance distance, TokenWeight tokens,
            Schedule weight, On on) {
        boolean scores = tap instanceof Tap.SequenceLogProb;
        require(scores == distance instanceof Distance.Preference, scores
                ? ("distance: the scores of two answers are compared by 'preference'; got '%s'; write distance: "
                        + "preference").formatted(Atoms.name(distance, Distance.class))
                : ("distance: 'preference' compares the scores of two answers, but the term's tap is '%s'; write "
                        + "tap: sequence_log_prob").formatted(Atoms.name(tap, Tap.class)));
        require(scores == against instanceof Against.Rejected, scores
                ? ("against: the score of an answer stands against that of the other one; got '%s'; write against: "
                        + "rejected").formatted(Atoms.name(against, Against.class))
                : ("against: 'rejected' is for tap: sequence_log_prob; got tap '%s'; write against: labels or "
                        + "teacher").formatted(Atoms.name(tap, Tap.class)));
        require(!scores || views.isEmpty(), "views: a score has none; remove them");
        require(!scores || on == On.DATA, "on: 'sequence_log_prob' looks at both answers; remove it");
        require(!tap.isFeature() || on == On.DATA,
                "on: terms inside the body look at the data's rows; got tap '%s'; remove it".formatted(
                        Atoms.name(tap, Tap.class)));
        boolean sampled = distance instanceof Distance.Kl kl && kl.estimate() instanceof Estimate.Sampled;
        require(!sampled || against instanceof Against.Teacher && tap instanceof Tap.Logits && views.isEmpty(),
                "kl.estimate: sampled reads the drawn token's log probabilities as student and teacher give them; "
                        + "write tap: logits, against: teacher, no views");
        require(!(sampled || scores) || tokens instanceof TokenWeight.Equal,
                "tokens: a term over whole answers weighs its tokens itself; write tokens: equal");
        require(!(tokens instanceof TokenWeight.Reward) || against instanceof Against.Labels && views.isEmpty()
                && distance instanceof Distance.Kl kl && kl.skew() == 0 && on == On.DATA,
                "tokens: 'reward' weighs what the student wrote, token by token; write against: labels, distance: kl, "
                        + "no views and no on");
        require(!(weight instanceof Schedule.Driven)
                && !(against instanceof Against.Blend blend && blend.teacherWeight() instanceof Schedule.Driven),
                "'driven' follows the held-out loss and is for rollout.student.fraction; write another schedule here");
        boolean scaled = views.stream()
                .anyMatch(view -> view instanceof View.Scale scale && scale.by() instanceof Schedule.Adaptive);
        require(!(weight instanceof Schedule.Adaptive) && !scaled,
                "'adaptive' follows the loss of its own term and is for against.blend.share; write another schedule "
                        + "here");
        boolean paced = distance instanceof Distance.Kl kl && kl.curriculum().isPresent();
        require(!paced || against instanceof Against.Teacher && views.isEmpty() && tap instanceof Tap.Logits,
                "kl.curriculum compares the answers of student and teacher; write tap: logits, against: "
                        + "teacher, no views");
    }

    /// Within an objective.
    static void check(Rollout rollout, List<Term> terms) {
        boolean sampled = terms.stream().anyMatch(term -> term.sampled().isPresent());
        if (sampled && !(rollout instanceof Rollout.Student)) {
            throw new IllegalArgumentException(
                    ("kl.estimate: sampled needs the student's own text; got rollout '%s'; write rollout: student, "
                            + "or estimate: dense")
                    .formatted(Atoms.name(rollout, Rollout.class)));
        }
        boolean beside = rollout instanceof Rollout.Student student && student.keepData();
        if (terms.stream().anyMatch(term -> term.tokens() instanceof TokenWeight.Reward)) {
            require(rollout instanceof Rollout.Student student && student.completions() > 1 && student.teacherMix() == 0
                    && student.replay().isEmpty() && student.fraction() instanceof Schedule.Constant always
                    && always.value() == 1,
                    "tokens: 'reward' compares answers of the student's to one prompt; write rollout: {student: "
                            + "{completions: 4}}, with fraction: 1, no replay and no teacher_mix");
        }
        for (Term term : terms) {
            require(term.on() != On.ON_POLICY || beside,
                    "on: 'on_policy' needs the student's answers beside the data's; write rollout: {student: "
                            + "{keep_data: true}}");
            require(!(term.against() instanceof Against.Teachers teachers && teachers.weigh() == Against.Weighing.TAG)
                    || rollout instanceof Rollout.Data || rollout instanceof Rollout.Student own && writtenNow(own),
                    ("rollout: rows of the data, or what the student has just written to their prompts, have tags, "
                            + "which 'tag' weighs teachers by; got '%s'; write rollout: data, or student without "
                            + "replay, updates and staleness").formatted(Atoms.name(rollout, Rollout.class)));
            require(!term.needsPairs() || rollout instanceof Rollout.Data,
                    "rollout: pairs of answers come from the data; got '%s'; write rollout: data"
                    .formatted(Atoms.name(rollout, Rollout.class)));
            if (term.sampled().isPresent() && rollout instanceof Rollout.Student student) {
                require(!student.keepData() || term.on() == On.ON_POLICY,
                        "kl.estimate: sampled needs the student's own text; write on: on_policy");
                require(student.replay().isEmpty()
                        && (student.keepData() || student.fraction() instanceof Schedule.Constant always
                                && always.value() == 1),
                        "kl.estimate: sampled needs text the student has just written; write rollout.student with "
                                + "fraction: 1 and no replay");
                require(student.sampling().isPlain()
                        || term.sampled().get().ofTokensAlone(),
                        "kl.estimate: sampled with returns needs plain draws; write rollout.student with "
                                + "temperature: 1, top_p: 1, top_k: 0 and min_p: 0");
            }
        }
    }

    /// What is used again is kept without its tag.
    private static boolean writtenNow(Rollout.Student own) {
        return own.replay().isEmpty() && own.updates() == 1 && own.staleness() == 0;
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
