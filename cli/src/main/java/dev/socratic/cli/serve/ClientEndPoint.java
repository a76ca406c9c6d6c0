package dev.socratic.cli.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.thread.Scheduler;

/// A client's connection that can be asked whether the client has gone while it waits for an answer. Under HTTP/1.1
/// nobody reads a connection meanwhile, so nobody would notice; reading one byte too many would be the next request's,
/// so what is read early is kept for it.
///
/// It also knows for how long a request has been on its way.
public final class ClientEndPoint extends SocketChannelEndPoint {
    private final Executor executor;
    private final ReentrantLock reading = new ReentrantLock();
    /// What came before its time, ready to be taken out.
    private ByteBuffer early = BufferUtil.EMPTY_BUFFER;
    private boolean watched;
    private volatile boolean busy;
    private volatile long since = System.nanoTime();
    private volatile boolean begun;

    ClientEndPoint(SocketChannel channel, ManagedSelector selector, SelectionKey key, Scheduler scheduler,
            Executor executor) {
        super(channel, selector, key, scheduler);
        this.executor = executor;
    }

    /// A request's head is read, and it is being answered from now on.
    public void begin() {
        busy = true;
    }

    /// Its body is read too: what comes now belongs to the next request, or is the end of the connection.
    void watch() {
        reading.lock();
        try {
            watched = true;
        } finally {
            reading.unlock();
        }
    }

    /// The answer is written.
    public void end() {
        reading.lock();
        try {
            watched = false;
            begun = early.hasRemaining();
        } finally {
            reading.unlock();
        }
        since = System.nanoTime();
        busy = false;
    }

    boolean busy() {
        return busy;
    }

    /// @return whether a part of a request has come, and not its whole head
    boolean begun() {
        return begun && !busy;
    }

    /// @return nanoseconds since the last answer, or since the first byte of the request that is on its way
    long age() {
        return System.nanoTime() - since;
    }

    /// @return whether the client that waits for an answer has closed the connection, or its half of it
    boolean gone() {
        reading.lock();
        try {
            if (!watched || early.hasRemaining()) {
                return false;
            }
            ByteBuffer bytes = ByteBuffer.allocate(1_024);
            int read = getChannel().read(bytes);
            if (read > 0) {
                early = bytes.flip();
            }
            return read < 0;
        } catch (IOException broken) {
            return true;
        } finally {
            reading.unlock();
        }
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        reading.lock();
        try {
            int filled = early.hasRemaining() ? BufferUtil.append(buffer, early) : super.fill(buffer);
            if (filled > 0 && !busy && !begun) {
                since = System.nanoTime();
                begun = true;
            }
            return filled;
        } finally {
            reading.unlock();
        }
    }

    @Override
    protected void needsFillInterest() {
        reading.lock();
        try {
            if (!early.hasRemaining()) {
                super.needsFillInterest();
                return;
            }
        } finally {
            reading.unlock();
        }
        executor.execute(() -> getFillInterest().fillable()); // no selector would call: the bytes are here
    }
}
