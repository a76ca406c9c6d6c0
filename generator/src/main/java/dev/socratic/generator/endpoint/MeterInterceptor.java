package dev.socratic.generator.endpoint;

import dev.socratic.core.error.Problem;
import dev.socratic.generator.endpoint.EndpointFailure.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Optional;
import java.util.Set;
import okhttp3.Interceptor;
import okhttp3.Response;

/// Books every attempt, whatever becomes of it: nothing leaves that the meter has no room for, and what was paid for
/// is in the account even if it became no answer.
///
/// What an attempt took: the server's count, wherever it can be made out; nothing, where it was refused before any
/// work (4xx, a server that says of itself that it failed) or never left (no connection, no TLS); the most it can be,
/// where nobody can tell: a broken connection, a time-out, a body that cannot be read, a gateway that lost the server
/// behind it.
final class MeterInterceptor implements Interceptor {
    private static final Set<Integer> WORK_UNKNOWN = Set.of(408, 499, 502, 504, 520, 522, 524);
    private static final Counted NO_WORK = new Counted(Optional.of(0L), Optional.of(0L));

    @Override
    public Response intercept(Chain chain) throws IOException {
        EndpointCall exchange = exchange(chain);
        leave(exchange);
        exchange.begin();
        Optional<Counted> taken = Optional.empty();
        try {
            Response response = chain.proceed(chain.request());
            taken = taken(response, exchange);
            return response;
        } catch (NoAnswerException e) {
            taken = e.counted();
            throw e;
        } catch (IOException e) {
            taken = exchange.left() ? Optional.empty() : Optional.of(NO_WORK);
            throw e;
        } finally {
            exchange.account().back(taken);
        }
    }

    static EndpointCall exchange(Chain chain) {
        return Optional.ofNullable(chain.request().tag(EndpointCall.class)).orElseGet(EndpointCall::free);
    }

    private static void leave(EndpointCall exchange) throws IOException {
        try {
            if (!exchange.account().leave()) {
                throw new EndpointFailure(Kind.TEMPORARY, new Problem(
                        "budget", "room for one more attempt", "none left", "what was answered is kept: raise it "
                                + "and run the same command again"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for room in the budget");
        }
    }

    private static Optional<Counted> taken(Response response, EndpointCall exchange) {
        boolean refused = response.code() >= 300 && !WORK_UNKNOWN.contains(response.code())
                && response.header(WholeBodyInterceptor.INSIDE) == null;
        return exchange.counted().or(() -> refused ? Optional.of(NO_WORK) : Optional.empty());
    }
}
