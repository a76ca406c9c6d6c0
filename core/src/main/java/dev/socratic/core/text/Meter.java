package dev.socratic.core.text;

import java.util.List;
import java.util.Optional;

/// The account of requests on their way: asked before every attempt leaves the machine, told when each is over. So an
/// attempt that became no answer (an unreadable body, a broken connection) is paid for like any other, and none
/// leaves that the budget has no room for.
///
/// A model that asks nobody (local weights) and an answer that comes from a cache use none. Safe to call from any
/// thread.
public interface Meter {
    /// For who has no budget.
    Meter FREE = new Meter() {
        @Override
        public boolean leave(List<GenerationRequest> together) {
            return true;
        }

        @Override
        public void back(List<GenerationRequest> together, Optional<Usage> taken) {}
    };

    /// Sets the worst case of one attempt aside, waiting for others on their way where what they give back may help.
    ///
    /// @param together what one attempt asks for: one request, or several that share a prompt
    /// @return whether it may leave; false is for good. After true, exactly one [#back] follows, whatever happens
    boolean leave(List<GenerationRequest> together) throws InterruptedException;

    /// The same for an attempt at one request.
    default boolean leave(GenerationRequest request) throws InterruptedException {
        return leave(List.of(request));
    }

    /// Books one attempt.
    ///
    /// @param taken what it took: as the server counted it; [Usage#NONE] where it was refused before any work (429, a
    ///              wrong key, no connection); empty where nobody can tell (a body that cannot be read, a connection
    ///              that broke): then the worst case is booked
    void back(List<GenerationRequest> together, Optional<Usage> taken);

    /// The same for an attempt at one request.
    default void back(GenerationRequest request, Optional<Usage> taken) {
        back(List.of(request), taken);
    }
}
