package dev.socratic.cli.serve;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/// All connections, and the look at them a few times a second: who sends too slowly, who takes nothing, who has gone.
public final class Clients extends ServerConnector {
    private static final long LOOK_MILLIS = 50;

    private final ServeLimits limits;
    private final Set<ClientEndPoint> connections = ConcurrentHashMap.newKeySet();
    private final Set<ServedRequest> exchanges = ConcurrentHashMap.newKeySet();
    private volatile Thread looking = Thread.currentThread();

    public Clients(Server server, HttpConnectionFactory http, ServeLimits limits) {
        super(server, 1, 1, http);
        this.limits = limits;
        setIdleTimeout(-1); // what is too slow is judged here, by what it is doing
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(SocketChannel channel, ManagedSelector selector,
            SelectionKey key) throws IOException {
        ClientEndPoint client = new ClientEndPoint(channel, selector, key, getScheduler(), getExecutor());
        connections.add(client);
        return client;
    }

    public void add(ServedRequest exchange) {
        exchanges.add(exchange);
    }

    public void remove(ServedRequest exchange) {
        exchanges.remove(exchange);
    }

    /// @return requests that are being read or answered
    public int underWay() {
        return exchanges.size();
    }

    int connected() {
        return connections.size();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        looking = Thread.ofPlatform().daemon().name("clients").start(this::look);
    }

    @Override
    protected void doStop() throws Exception {
        looking.interrupt();
        super.doStop();
    }

    private void look() {
        try {
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                connections.removeIf(client -> !client.isOpen());
                connections.forEach(this::look);
                exchanges.forEach(exchange -> exchange.look(limits));
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(ClientEndPoint client) {
        long most = client.begun() ? limits.head().toNanos() : limits.idle().toNanos();
        if (!client.busy() && client.age() > most) {
            client.close(new TimeoutException(client.begun() ? "a request's head took too long"
                    : "no request for too long"));
        }
    }
}
