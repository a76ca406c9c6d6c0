package dev.socratic.models.network;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.socratic.models.network.KvCache.Place;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.LongStream;

/// One row of a [Decoding]: where its keys and values lie, and the final state of its last token.
final class ContinuedRow {
    final Place place;
    /// How many positions were or will be read at once; ropes ask for it.
    int reads;
    /// Tokens so far; kept until they are read, and where they may have to be read again.
    long[] text;
    /// The final state of the last token, `[1, hidden]`, once there is one.
    Optional<NDArray> state = Optional.empty();
    /// The states of the last token before [#extend] and of each that it read, `[tokens + 1, hidden]`.
    Optional<NDArray> recent = Optional.empty();
    boolean done;
    /// How far it was read before it was last cut: windows have moved on by that.
    int reached;

    ContinuedRow(Place place, long[] text, int reads) {
        this.place = place;
        this.text = text;
        this.reads = reads;
    }

    int unread() {
        return Math.max(0, text.length - place.length);
    }

    void state(NDArray next) {
        forget();
        state = Optional.of(next);
    }

    void forget() {
        state.ifPresent(NDArray::close);
        recent.ifPresent(NDArray::close);
        recent = Optional.empty();
    }

    /// @param states of tokens that were read behind the others, `[tokens, hidden]`
    void extended(NDArray states, long[] tokens, NDManager scope) {
        NDArray all = state().concat(states);
        NDArray last = all.get(tokens.length + ":");
        all.attach(scope);
        last.attach(scope);
        place.length += tokens.length;
        text = text.length == 0 ? text : LongStream.concat(Arrays.stream(text), Arrays.stream(tokens)).toArray();
        state(last);
        recent = Optional.of(all);
    }

    void back(int tokens, NDManager scope) {
        NDArray all = recent.orElseThrow(() -> new IllegalStateException("a row that was extended"));
        int left = (int) all.getShape().get(0) - 1 - tokens;
        NDArray before = all.get(left + ":" + (left + 1)).duplicate();
        before.attach(scope);
        place.length -= tokens;
        text = text.length == 0 ? text : Arrays.copyOf(text, text.length - tokens);
        state(before);
    }

    NDArray state() {
        return state.orElseThrow(() -> new IllegalStateException("rows: prompts that are read; got some that are "
                + "not; call read until nothing is unread"));
    }
}
