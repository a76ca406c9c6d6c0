package dev.socratic.generator.endpoint;

import dev.socratic.core.error.Problem;

/// Why a request got no answer, after every retry that made sense. Passes through LangChain4j as it is: it carries no
/// cause that LangChain4j would map to an exception of its own.
final class EndpointFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// What the caller has to do.
    enum Kind {
        /// The key is missing or refused: mend the config.
        KEY,
        /// StageAsking again gives the same: the request or the model's name is wrong.
        PERMANENT,
        /// StageAsking again later may help.
        TEMPORARY,
        /// The thread was interrupted.
        INTERRUPTED
    }

    private final Kind kind;
    private final transient Problem problem;

    EndpointFailure(Kind kind, Problem problem) {
        super(problem.toString(), null, false, false); // no stack: this is an outcome, not a bug
        this.kind = kind;
        this.problem = problem;
    }

    static EndpointFailure interrupted() {
        return new EndpointFailure(Kind.INTERRUPTED, new Problem("", "an answer", "an interrupt", ""));
    }

    Kind kind() {
        return kind;
    }

    /// @return one line: what, where, how to mend
    Problem problem() {
        return problem;
    }
}
