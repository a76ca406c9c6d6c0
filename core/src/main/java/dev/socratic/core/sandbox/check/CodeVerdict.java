package dev.socratic.core.sandbox.check;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.util.Locale;

/// What became of a program's tests.
///
/// @param outcome the first thing that went wrong
/// @param passed  tests that passed
/// @param of      tests there are
/// @param detail  which test or line, and what was said; empty where all passed
public record CodeVerdict(Outcome outcome, int passed, int of, String detail) {
    /// How it went. Only [Outcome#PASSED] is right; the others say why not.
    public enum Outcome {
        PASSED,
        /// A test says so.
        WRONG,
        /// An exception, in the program or under a test.
        ERROR,
        /// It is no program.
        SYNTAX,
        /// It took more time than it may.
        TIMEOUT,
        /// It took more memory than it may.
        MEMORY,
        /// It wrote more than anyone reads.
        OUTPUT,
        /// It ended before its tests did.
        EXITED,
        /// A signal ended it.
        CRASHED,
        /// It asks for a module that this machine does not have: perhaps right elsewhere.
        MISSING_MODULE;

        /// @return as files spell it
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @return whether all tests passed
    public boolean isRight() {
        return outcome == Outcome.PASSED;
    }

    /// @return share of the tests that passed, in [0, 1]
    public double score() {
        return of == 0 ? 0 : (double) passed / of;
    }

    /// @return as files keep it
    public ObjectNode json() {
        return Json.mapper().createObjectNode().put("outcome", outcome.id()).put("passed", passed).put("of", of)
                .put("detail", detail);
    }
}
