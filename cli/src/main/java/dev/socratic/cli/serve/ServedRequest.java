package dev.socratic.cli.serve;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/// One request and its reply. Used by the thread that handles it, which may simply wait; [Clients] looks at it from
/// outside.
public final class ServedRequest {
    private static final int PART = 1 << 16;
    /// How much is read of a refused request, and for how long.
    private static final long REST = 32L << 20;
    private static final Duration REST_TIME = Duration.ofSeconds(5);

    private final Request request;
    private final Response response;
    private final ClientEndPoint client;
    private final Bodies bodies;
    private final Thread thread = Thread.currentThread();
    private long held;
    private long sent = System.nanoTime();
    /// Until when this thread may read, and since when it writes one piece; 0 while it does neither.
    private volatile long readUntil;
    private volatile long writing;
    private volatile boolean late;
    private volatile boolean lost;
    private volatile Runnable whenLost = () -> {};

    public ServedRequest(Request request, Response response, Bodies bodies) {
        this.request = request;
        this.response = response;
        this.bodies = bodies;
        this.client = (ClientEndPoint) request.getConnectionMetaData().getConnection().getEndPoint();
    }

    public String method() {
        return request.getMethod();
    }

    /// @return without the query
    public String path() {
        return request.getHttpURI().getDecodedPath();
    }

    /// @return empty where there is none
    public String header(HttpHeader name) {
        String value = request.getHeaders().get(name);
        return value == null ? "" : value;
    }

    public void header(String name, String value) {
        response.getHeaders().put(name, value);
    }

    public void header(HttpHeader name, String value) {
        response.getHeaders().put(name, value);
    }

    /// @return the query as it came, without its mark; empty where there is none
    public String query() {
        return request.getHttpURI().getQuery() == null ? "" : request.getHttpURI().getQuery();
    }

    /// @return every header of the request, in their order
    public List<Map.Entry<String, String>> headers() {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        request.getHeaders().forEach(field -> all.add(Map.entry(field.getName(), field.getValue() == null
                ? "" : field.getValue())));
        return all;
    }

    /// Adds a header to the reply, beside others of its name.
    public void add(String name, String value) {
        response.getHeaders().add(name, value);
    }

    /// @param status of the reply that is about to begin
    public void status(int status) {
        response.setStatus(status);
    }

    /// Reads the body as a text.
    ///
    /// @throws ApiFailure as [#bytes], or if it is no UTF-8
    String text(ServeLimits limits) throws IOException {
        try {
            return StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT).decode(ByteBuffer.wrap(bytes(limits)))
                    .toString();
        } catch (CharacterCodingException broken) {
            throw ApiFailure.invalid("", "the body is not UTF-8: write JSON in UTF-8");
        }
    }

    /// Reads the body; from then on a client that leaves is noticed.
    ///
    /// @throws ApiFailure if it is too large, or too slow
    public byte[] bytes(ServeLimits limits) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        readUntil = System.nanoTime() + limits.sending().toNanos();
        try {
            InputStream in = Request.asInputStream(request);
            byte[] part = new byte[PART];
            for (int count; (count = in.read(part)) >= 0;) {
                if (whole.size() + count > limits.body() || request.getLength() > limits.body()) {
                    throw ApiFailure.refused(413, "request_too_large", String.format(Locale.ROOT,
                            "the body: at most %,d bytes; got more; send fewer or shorter messages", limits.body()));
                }
                bodies.take(count);
                held += count;
                whole.write(part, 0, count);
            }
        } catch (IOException broken) {
            if (late) {
                throw slow(limits);
            }
            throw broken;
        } finally {
            readUntil = 0;
        }
        if (late) {
            boolean unused = Thread.interrupted();
            throw slow(limits);
        }
        client.watch();
        sent = System.nanoTime();
        return whole.toByteArray();
    }

    private static ApiFailure slow(ServeLimits limits) {
        return ApiFailure.refused(408, "request_timeout",
                "the body took more than %s seconds to come".formatted(limits.sending().toSeconds()));
    }

    /// @param action runs once, soon after the client has gone; may be called on any thread
    public void whenLost(Runnable action) {
        whenLost = action;
        if (lost) {
            action.run();
        }
    }

    /// @return when its body was there, or its head where there is none; of `System.nanoTime`
    long sent() {
        return sent;
    }

    public boolean lost() {
        return lost;
    }

    /// What [Clients] does a few times a second.
    void look(ServeLimits limits) {
        long now = System.nanoTime();
        long until = readUntil;
        long write = writing;
        if (until != 0 && now - until > 0 && !late) {
            late = true;
            thread.interrupt();
        }
        if (write != 0 && now - write > limits.stalled().toNanos()) {
            client.close(new TimeoutException("the client takes nothing"));
        }
        if (!lost && (client.gone() || !client.isOpen())) {
            lost = true;
            whenLost.run();
        }
    }

    /// @throws IOException if the client has gone
    public void json(int status, JsonNode body) throws IOException {
        text(status, "application/json", body.toString());
    }

    /// @param type with its charset, UTF-8, where it needs one
    /// @throws IOException if the client has gone
    void text(int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        begin(status, type);
        response.getHeaders().put(HttpHeader.CONTENT_LENGTH, bytes.length);
        for (int from = 0, to; from < bytes.length; from = to) {
            to = Math.min(bytes.length, from + PART);
            write(to == bytes.length, ByteBuffer.wrap(bytes, from, to - from));
        }
    }

    void begin(int status, String type) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    }

    /// Sends what is written in pieces, each as soon as it is flushed or large; closing it ends the reply.
    public OutputStream out() {
        return new Pieces();
    }

    public boolean begun() {
        return response.isCommitted();
    }

    private void write(boolean last, ByteBuffer bytes) throws IOException {
        writing = System.nanoTime();
        try {
            Content.Sink.write(response, last, bytes);
        } finally {
            writing = 0;
        }
    }

    /// Ends the connection where a reply cannot be ended as it was begun.
    public void cut() {
        client.close(new IOException("cut"));
    }

    /// Reads on for a while after a refusal, so that a client that sends first and reads then gets to see it.
    public void discard() {
        if (late || request.getHeaders().contains(HttpHeader.EXPECT)) {
            return; // it sends too slowly, or waits to be asked for its body
        }
        readUntil = System.nanoTime() + REST_TIME.toNanos();
        try {
            InputStream in = Request.asInputStream(request);
            byte[] part = new byte[PART];
            long rest = REST;
            for (int count; rest > 0 && (count = in.read(part)) >= 0;) {
                rest -= count;
            }
        } catch (IOException gone) {
            return; // nobody is left to be told
        } finally {
            readUntil = 0;
            boolean unused = Thread.interrupted();
        }
    }

    /// Gives back what it held.
    public void close() {
        bodies.give(held);
        held = 0;
    }

    private final class Pieces extends OutputStream {
        private final byte[] piece = new byte[PART];
        private int size;

        @Override
        public void write(int b) throws IOException {
            if (size == piece.length) {
                flush();
            }
            piece[size++] = (byte) b;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int done = 0, part; done < length; done += part) {
                if (size == piece.length) {
                    flush();
                }
                part = Math.min(length - done, piece.length - size);
                System.arraycopy(bytes, from + done, piece, size, part);
                size += part;
            }
        }

        @Override
        public void flush() throws IOException {
            if (size > 0) {
                ServedRequest.this.write(false, ByteBuffer.wrap(piece, 0, size));
                size = 0;
            }
        }

        @Override
        public void close() throws IOException {
            flush();
            ServedRequest.this.write(true, ByteBuffer.allocate(0));
        }
    }
}
