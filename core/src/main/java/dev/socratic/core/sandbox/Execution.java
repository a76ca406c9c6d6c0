package dev.socratic.core.sandbox;

/// How a run ended and what it wrote.
///
/// @param ending   how
/// @param output   standard output
/// @param errors   standard error
/// @param report   beginning of the file that was asked for; empty where there is none
public record Execution(Ending ending, Captured output, Captured errors, String report) {
    /// How it ended.
    public sealed interface Ending {
        /// By itself, or by a signal.
        ///
        /// @param code exit status; 128 and the signal's number for a signal
        record Exited(int code) implements Ending {
            private static final int SIGNALS = 128;
            private static final int OUT_OF_CPU = SIGNALS + 24;

            /// @return whether it had used up its processor time
            public boolean outOfTime() {
                return code == OUT_OF_CPU;
            }

            /// @return whether a signal ended it: it crashed, or was killed
            public boolean bySignal() {
                return code > SIGNALS && code <= SIGNALS + 64;
            }

            /// @return its number
            public int signal() {
                return code - SIGNALS;
            }
        }

        /// Killed: it waited longer than it may.
        record OutOfTime() implements Ending {}

        /// Killed: it wrote more than anyone reads.
        record TooMuchOutput() implements Ending {}

        /// The sandbox could not be made; says nothing about the program.
        ///
        /// @param why what was said
        record NotStarted(String why) implements Ending {}
    }

    /// A text of which only the beginning is kept.
    ///
    /// @param text  at most 64 KiB
    /// @param bytes written in all, as far as they were read
    public record Captured(String text, long bytes) {}
}
