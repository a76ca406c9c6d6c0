package dev.socratic.generator.endpoint;

import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Meter;
import dev.socratic.core.text.Usage;
import java.util.List;
import java.util.Optional;

/// One request on its way, over all its attempts; travels as the tag of the HTTP request. Used by one thread.
final class EndpointCall {
    /// Prices and books one attempt.
    interface Account {
        boolean leave() throws InterruptedException;

        void back(Optional<Counted> taken);
    }

    private static final Account FREE = new Account() {
        @Override
        public boolean leave() {
            return true;
        }

        @Override
        public void back(Optional<Counted> taken) {}
    };

    private final Account account;
    private final int wanted;
    private boolean left;
    private ChatAnswer.Several answers = ChatAnswer.Several.NONE;
    private Optional<Counted> counted = Optional.empty();

    private EndpointCall(Account account, int wanted) {
        this.account = account;
        this.wanted = wanted;
    }

    /// For what nobody pays by the request.
    static EndpointCall free() {
        return new EndpointCall(FREE, 1);
    }

    /// @param together what it asks for: one request, or several that are answered by several choices
    /// @param price    turns a server's count into usage
    static EndpointCall metered(List<GenerationRequest> together, Meter meter, Price price) {
        return new EndpointCall(new Account() {
            @Override
            public boolean leave() throws InterruptedException {
                return meter.leave(together);
            }

            @Override
            public void back(Optional<Counted> taken) {
                meter.back(together, taken.map(price::of));
            }
        }, together.size());
    }

    /// What a count costs.
    interface Price {
        Usage of(Counted counted);
    }

    Account account() {
        return account;
    }

    /// @return how many answers are asked for
    int wanted() {
        return wanted;
    }

    /// What came, where several are wanted.
    void answered(ChatAnswer.Several came) {
        answers = came;
    }

    ChatAnswer.Several answers() {
        return answers;
    }

    /// Begins one more attempt.
    void begin() {
        left = false;
        counted = Optional.empty();
        answers = ChatAnswer.Several.NONE;
    }

    /// A connection stands, and the request goes out now: from here on nobody can say that nothing was done.
    void leaves() {
        left = true;
    }

    boolean left() {
        return left;
    }

    /// What the server says the attempt took.
    void counted(Counted said) {
        counted = Optional.of(said);
    }

    Optional<Counted> counted() {
        return counted;
    }
}
