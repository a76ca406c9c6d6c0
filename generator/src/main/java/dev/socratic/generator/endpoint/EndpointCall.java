package dev.socratic.generator.endpoint;

import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.Meter;
import dev.socratic.core.text.Usage;
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
    private boolean left;
    private Optional<Counted> counted = Optional.empty();

    private EndpointCall(Account account) {
        this.account = account;
    }

    /// For what nobody pays by the request.
    static EndpointCall free() {
        return new EndpointCall(FREE);
    }

    /// @param price turns a server's count into usage
    static EndpointCall metered(GenerationRequest request, Meter meter, Price price) {
        return new EndpointCall(new Account() {
            @Override
            public boolean leave() throws InterruptedException {
                return meter.leave(request);
            }

            @Override
            public void back(Optional<Counted> taken) {
                meter.back(request, taken.map(price::of));
            }
        });
    }

    /// What a count costs.
    interface Price {
        Usage of(Counted counted);
    }

    Account account() {
        return account;
    }

    /// Begins one more attempt.
    void begin() {
        left = false;
        counted = Optional.empty();
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
