package dev.socratic.trainer.run.checkpoint;

import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.optim.LossScale;
import dev.socratic.trainer.rollout.RolloutState;

/// Where a run stands after a step, except for weights and moments. There is no random state: every draw is derived
/// from the seed and a place.
///
/// @param step         optimiser steps taken or skipped
/// @param tokens       input tokens read, padding not counted
/// @param lossTokens   predictions that were part of the loss
/// @param empty        steps skipped because nothing counted
/// @param notFinite    steps skipped because loss or gradient was no number
/// @param badInRow     how many of those came last, without a good one between
/// @param overflows    steps skipped because gradients were too large for the scale of the loss, which shrank for it
/// @param lossScale    of the next step
/// @param done         the budget is used up
/// @param position     in the data
/// @param rolloutState what the run has learned about itself
/// @param selection    which evaluation was best
/// @param lengths      of the logs, in bytes: metrics, timings, events
public record TrainState(
        long step, long tokens, long lossTokens, long empty, long notFinite, int badInRow, long overflows,
        LossScale lossScale, boolean done,
        BatchStream.Position position, RolloutState rolloutState, Selection selection,
        Lengths lengths) {
    public static final TrainState START =
            new TrainState(0, 0, 0, 0, 0, 0, 0, LossScale.NONE, false, BatchStream.Position.START, RolloutState.EMPTY,
                    Selection.NONE, new Lengths(0, 0, 0, 0));

    /// @return after one more step, before what became of it is known
    public TrainState after(long number, long tokensRead, long counted, boolean over, BatchStream.Position next) {
        return new TrainState(number, tokensRead, counted, empty, notFinite, badInRow, overflows, lossScale, over, next,
                rolloutState, selection, lengths);
    }

    public TrainState skippedEmpty() {
        return new TrainState(step, tokens, lossTokens, empty + 1, notFinite, badInRow, overflows, lossScale, done,
                position, rolloutState, selection, lengths);
    }

    public TrainState skippedNotFinite() {
        return new TrainState(step, tokens, lossTokens, empty, notFinite + 1, badInRow + 1, overflows, lossScale, done,
                position,
                rolloutState, selection, lengths);
    }

    /// The scale may be what was wrong with the gradients.
    public TrainState skippedOverflow() {
        return new TrainState(step, tokens, lossTokens, empty, notFinite, badInRow, overflows + 1, lossScale.reduced(),
                done, position, rolloutState, selection, lengths);
    }

    public TrainState good() {
        return new TrainState(step, tokens, lossTokens, empty, notFinite, 0, overflows, lossScale.taken(), done,
                position,
                rolloutState, selection, lengths);
    }

    public TrainState with(LossScale now) {
        return new TrainState(step, tokens, lossTokens, empty, notFinite, badInRow, overflows, now, done, position,
                rolloutState, selection, lengths);
    }

    public TrainState with(Lengths now) {
        return new TrainState(step, tokens, lossTokens, empty, notFinite, badInRow, overflows, lossScale, done,
                position, rolloutState, selection, now);
    }

    public TrainState with(RolloutState now) {
        return new TrainState(step, tokens, lossTokens, empty, notFinite, badInRow, overflows, lossScale, done,
                position, now, selection, lengths);
    }

    /// @return the same, over where its evaluations got no better
    public TrainState with(Selection now) {
        return new TrainState(step, tokens, lossTokens, empty, notFinite, badInRow, overflows, lossScale,
                done || now.stopped(), position, rolloutState, now, lengths);
    }

    /// @param keepsBest whether the student is the best of its evaluations
    /// @return the step whose weights the student has
    public long studentStep(boolean keepsBest) {
        return keepsBest ? selection.best().map(Selection.Best::step).orElse(step) : step;
    }

    /// @param metrics length of `metrics.jsonl`
    /// @param timings length of `timings.jsonl`
    /// @param events  length of the event file
    /// @param rows    length of `rows.jsonl`
    public record Lengths(long metrics, long timings, long events, long rows) {}
}
