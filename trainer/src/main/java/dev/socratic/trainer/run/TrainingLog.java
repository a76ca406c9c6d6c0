package dev.socratic.trainer.run;

import dev.socratic.trainer.optim.LossScale;
import dev.socratic.trainer.run.checkpoint.TrainState;
import dev.socratic.trainer.run.log.EventLog;
import dev.socratic.trainer.run.log.MetricsLog;
import dev.socratic.trainer.step.Backward;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// One event of a run, told to all logs at once.
///
/// @param metrics `metrics.jsonl`: the same for the same run, whenever it is made
/// @param timings `timings.jsonl`: what may differ
/// @param events  for TensorBoard
/// @param rows    `rows.jsonl`: which rows of the data each step learned from
record TrainingLog(MetricsLog metrics, MetricsLog timings, EventLog events, MetricsLog rows) {

    /// Fields: `step, tokens, counted, loss, terms, token_accuracy, learning_rate, gradient_norm`. The loss is the
    /// weighted sum; `terms` are the raw means of the objective's terms in their order, left out where there is only
    /// one.
    ///
    /// @param state of the step
    /// @param loss  whose metrics, such as `preference_accuracy`, stand by their names
    /// @param rate  learning rate
    /// @param norm  of the gradients, before they are clipped
    void step(TrainState state, Learner.StepResult loss, double rate, double norm) {
        Backward.Totals totals = loss.totals();
        List<Double> terms = loss.terms();
        Map<String, Object> line = begin(state);
        line.put("loss", totals.loss());
        if (terms.size() > 1) {
            line.put("terms", terms);
        }
        line.putAll(loss.metrics());
        line.put("token_accuracy", totals.accuracy());
        line.put("learning_rate", rate);
        line.put("gradient_norm", norm);
        metrics.append(line);
        events.scalar("train/loss", totals.loss(), state.step());
        for (int i = 0; terms.size() > 1 && i < terms.size(); i++) {
            events.scalar("train/term_" + i, terms.get(i), state.step());
        }
        loss.metrics().forEach((name, value) -> events.scalar("train/" + name, value, state.step()));
        events.scalar("train/token_accuracy", totals.accuracy(), state.step());
        events.scalar("train/learning_rate", rate, state.step());
        events.scalar("train/gradient_norm", norm, state.step());
        events.scalar("train/tokens", state.tokens(), state.step());
    }

    /// Fields as of [#skipped].
    ///
    /// @param state that knows the next scale
    /// @param scale with which the gradients were too large
    void overflow(TrainState state, LossScale scale) {
        skipped(state, String.format(Locale.ROOT, "gradients too large for a loss scaled by %.0f; now by %.0f",
                scale.factor(), state.lossScale().factor()));
    }

    /// Fields: `step, tokens, counted, skipped`.
    void skipped(TrainState state, String why) {
        Map<String, Object> line = begin(state);
        line.put("skipped", why);
        metrics.append(line);
    }

    /// Fields: `step, tokens, counted, eval_loss, eval_token_accuracy`; where the best is looked for `best_step` and
    /// `best`, its value, and in the line that ends a run early `stopped`.
    ///
    /// @param loss whose metrics, such as `eval_preference_accuracy`, stand by their names, without `eval_`
    void heldOut(TrainState state, Learner.HeldOutLoss loss) {
        Backward.Totals totals = loss.totals();
        Map<String, Object> line = begin(state);
        line.put("eval_loss", totals.loss());
        line.put("eval_token_accuracy", totals.accuracy());
        loss.metrics().forEach((name, value) -> line.put("eval_" + name, value));
        state.selection().best().ifPresent(best -> {
            line.put("best_step", best.step());
            line.put("best", best.value());
        });
        if (state.selection().stopped()) {
            line.put("stopped", "no better evaluation in " + state.selection().without());
        }
        metrics.append(line);
        events.scalar("eval/loss", totals.loss(), state.step());
        events.scalar("eval/token_accuracy", totals.accuracy(), state.step());
        loss.metrics().forEach((name, value) -> events.scalar("eval/" + name, value, state.step()));
    }

    /// Fields: `step, seconds, tokens`.
    void timing(TrainState state, long millis, int tokens) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", state.step());
        line.put("seconds", millis / 1000.0);
        line.put("tokens", tokens);
        timings.append(line);
    }

    /// Fields: `step, rows`, and `written: true` where a model wrote answers to their prompts.
    void rows(TrainState state, Learner.Source source) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", state.step());
        line.put("rows", source.rows());
        if (source.written()) {
            line.put("written", true);
        }
        rows.append(line);
    }

    /// Makes all of it durable.
    TrainState.Lengths sync() {
        return new TrainState.Lengths(metrics.sync(), timings.sync(), events.sync(), rows.sync());
    }

    private static Map<String, Object> begin(TrainState state) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", state.step());
        line.put("tokens", state.tokens());
        line.put("counted", state.lossTokens());
        return line;
    }
}
