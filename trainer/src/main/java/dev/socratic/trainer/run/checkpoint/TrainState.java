package dev.socratic.trainer.run.checkpoint;

import dev.socratic.trainer.data.BatchStream;
import dev.socratic.trainer.rollout.RolloutState;

/// Where a run stands after a step, except for weights and moments. There is no random state: every draw is derived
/// from the seed and a place.
///
/// @param step      optimiser steps taken or skipped
/// @param tokens    input tokens read, padding not counted
/// @param counted   predictions that were part of the loss
/// @param empty     steps skipped because nothing counted
/// @param notFinite steps skipped because loss or gradient was no number
/// @param badInRow  how many of those came last, without a good one between
/// @param done      the budget is used up
/// @param place     in the data
/// @param memory    what the run has learned about itself
/// @param lengths   of the logs, in bytes: metrics, timings, events
public record TrainState(
        long step, long tokens, long counted, long empty, long notFinite, int badInRow, boolean done,
        BatchStream.Place place, RolloutState memory,
        Lengths lengths) {
    public static final TrainState START =
            new TrainState(0, 0, 0, 0, 0, 0, false, BatchStream.Place.START, RolloutState.EMPTY, new Lengths(0, 0, 0));

    public TrainState skippedEmpty() {
        return new TrainState(step, tokens, counted, empty + 1, notFinite, badInRow, done, place, memory, lengths);
    }

    public TrainState skippedNotFinite() {
        return new TrainState(step, tokens, counted, empty, notFinite + 1, badInRow + 1, done, place, memory, lengths);
    }

    public TrainState good() {
        return new TrainState(step, tokens, counted, empty, notFinite, 0, done, place, memory, lengths);
    }

    public TrainState with(Lengths now) {
        return new TrainState(step, tokens, counted, empty, notFinite, badInRow, done, place, memory, now);
    }

    public TrainState with(RolloutState now) {
        return new TrainState(step, tokens, counted, empty, notFinite, badInRow, done, place, now, lengths);
    }

    /// @param metrics length of `metrics.jsonl`
    /// @param timings length of `timings.jsonl`
    /// @param events  length of the event file
    public record Lengths(long metrics, long timings, long events) {}
}
