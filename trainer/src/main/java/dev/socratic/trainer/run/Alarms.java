package dev.socratic.trainer.run;

import dev.socratic.core.run.Progress;
import dev.socratic.trainer.config.AlarmsConfig;
import dev.socratic.trainer.config.AlarmsConfig.Act;
import dev.socratic.trainer.rollout.WrittenHistory;
import dev.socratic.trainer.rollout.WrittenHistory.Seen;
import dev.socratic.trainer.step.Backward;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/// Signs that a run goes wrong while its loss falls. Each is told when it begins, and again only after it was over;
/// those of written text act as [AlarmsConfig] says.
public final class Alarms {
    /// Measurements in a row that must be worse.
    private static final int WORSE = 3;
    /// Answers are not shortened below this.
    private static final int SHORTEST = 16;

    private final Progress progress;
    private final AlarmsConfig config;
    private final Set<String> going = new HashSet<>();
    private Backward.Totals before = new Backward.Totals(Double.POSITIVE_INFINITY, 0);
    private int worse;

    public Alarms(Progress progress) {
        this(progress, AlarmsConfig.DEFAULT);
    }

    public Alarms(Progress progress, AlarmsConfig config) {
        this.progress = progress;
        this.config = config;
    }

    /// One of the alarms, read of a history that is long enough.
    ///
    /// @param name  as the config has it
    /// @param text  what is told, where it sounds
    /// @param remedy behind it
    private record Alarm(String name, Act then, Optional<String> text, String remedy) {}

    /// Judges one more written step.
    ///
    /// @param most longest answer, as the objective has it
    /// @return the history with it, with what an alarm has changed
    WrittenHistory judged(WrittenHistory before, Seen step, int most) {
        WrittenHistory now = before.with(step, config.steps());
        if (now.last().size() < config.steps()) {
            return now;
        }
        for (Alarm alarm : List.of(cutOff(now), explosion(now), collapse(now))) {
            now = alarm.text.isEmpty() ? over(alarm, now) : sounding(alarm, now, most);
        }
        return now;
    }

    private WrittenHistory over(Alarm alarm, WrittenHistory now) {
        going.remove(alarm.name);
        return now;
    }

    private WrittenHistory sounding(Alarm alarm, WrittenHistory now, int most) {
        String told = alarm.text.orElseThrow();
        return switch (alarm.then) {
            case WARN -> {
                if (going.add(alarm.name)) {
                    progress.note(told + ": " + alarm.remedy);
                }
                yield now;
            }
            case STOP -> now.stopped(told);
            case SHORTEN -> {
                int until = now.maxNewTokens().orElse(most);
                int shorter = Math.max(Math.min(SHORTEST, until), until / 2);
                if (shorter < until) {
                    progress.note("%s: answers are shortened to max_new_tokens %s".formatted(told, shorter));
                    yield now.shortened(shorter);
                }
                if (going.add(alarm.name)) {
                    progress.note("%s, and max_new_tokens is down to %s: %s".formatted(told, until, alarm.remedy));
                }
                yield now;
            }
        };
    }

    /// Length explosion: a student that is taught on its own text may learn never to end.
    private Alarm cutOff(WrittenHistory now) {
        double share = WrittenHistory.mean(now.last(), step -> Optional.of(step.cutOff())).orElse(0);
        return new Alarm("cut_off", config.cutOff().then(), share <= config.cutOff().above() ? Optional.empty()
                : Optional.of(text("%.0f %% of the answers of the last %d written steps do not end", 100 * share,
                        config.steps())),
                "raise rollout max_new_tokens where answers are that long; otherwise mix in the data's rows "
                        + "(rollout.student.fraction) or a term against labels");
    }

    private Alarm explosion(WrittenHistory now) {
        double ratio = ratio(now, step -> Optional.of(step.tokens())).orElse(1);
        return new Alarm("length_explosion", config.lengthExplosion().then(),
                ratio <= config.lengthExplosion().factor() ? Optional.empty()
                        : Optional.of(text("answers of the last %d written steps are %.1f times as long as the first",
                                config.steps(), ratio)),
                "mix in the data's rows (rollout.student.fraction), a term against labels, or a lower learning rate");
    }

    /// A student whose answers shrink or which always writes the same has stopped to explore what the teacher knows.
    private Alarm collapse(WrittenHistory now) {
        double length = ratio(now, step -> Optional.of(step.tokens())).orElse(1);
        double entropy = ratio(now, Seen::entropy).orElse(1);
        Optional<String> told = length < config.collapse().length()
                ? Optional.of(text("answers of the last %d written steps are %.2f times as long as the first",
                        config.steps(), length))
                : entropy < config.collapse().entropy()
                ? Optional.of(text("the student's entropy over the last %d written steps is %.2f times the first",
                        config.steps(), entropy))
                : Optional.empty();
        return new Alarm("collapse", config.collapse().then(), told,
                "take forward KL or a term against labels beside reverse KL, or a lower learning rate");
    }

    /// @return now over first, where both are known and there was something at first
    private static OptionalDouble ratio(WrittenHistory now, Function<Seen, Optional<Double>> of) {
        OptionalDouble first = WrittenHistory.mean(now.first(), of);
        OptionalDouble last = WrittenHistory.mean(now.last(), of);
        return first.isPresent() && last.isPresent() && first.getAsDouble() > 0
                ? OptionalDouble.of(last.getAsDouble() / first.getAsDouble())
                : OptionalDouble.empty();
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    /// The held-out rows say something else than the training loss.
    void heldOut(Backward.Totals now) {
        worse = now.loss() > before.loss() && now.accuracy() < before.accuracy() ? worse + 1 : 0;
        before = now;
        if (worse == WORSE) {
            progress.note(
                    String.format(Locale.ROOT,
                            "on the held-out rows the loss has risen and the share of right tokens has fallen %d "
                                    + "times in a row, to %.4f and "
                    + "%.4f: the student learns its rows by heart, or the objective away from the task; take fewer "
                    + "passes or a lower learning rate", WORSE, now.loss(), now.accuracy()));
        }
    }
}
