package dev.socratic.cli.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/// An endpoint over bare sockets, so that it can do whatever a server can do wrong. One request a connection.
final class RawEndpoint implements AutoCloseable {
    /// What it does with one request.
    interface Answer {
        void to(Asked asked, OutputStream out) throws IOException, InterruptedException;
    }

    /// @param head lines of the head, the first is the request's own
    record Asked(List<String> head, byte[] body, Socket socket) {
        String header(String name) {
            return head.stream().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse("");
        }
    }

    private final ServerSocket server;
    final List<Asked> asked = new CopyOnWriteArrayList<>();

    private RawEndpoint(ServerSocket server, Answer answer) {
        this.server = server;
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket, answer));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    static RawEndpoint answering(Answer answer) throws IOException {
        return new RawEndpoint(new ServerSocket(0, 256, InetAddress.getLoopbackAddress()), answer);
    }

    static RawEndpoint json(String body) throws IOException {
        return answering((asked, out) -> send(out, "200 OK", body));
    }

    static void send(OutputStream out, String status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        write(out, "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n"
                .formatted(status, bytes.length));
        out.write(bytes);
        out.flush();
    }

    static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private void serve(Socket socket, Answer answer) {
        try (socket) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int b = in.read();
                if (b < 0) {
                    return;
                }
                head.write(b);
            }
            List<String> lines = head.toString(StandardCharsets.ISO_8859_1).lines().filter(l -> !l.isEmpty()).toList();
            String length = new Asked(lines, new byte[0], socket).header("content-length");
            Asked one = new Asked(lines, in.readNBytes(length.isEmpty() ? 0 : Integer.parseInt(length)), socket);
            asked.add(one);
            answer.to(one, socket.getOutputStream());
        } catch (IOException | InterruptedException gone) {
            return; // as some tests want
        }
    }

    String address() {
        return "http://127.0.0.1:%s/v1".formatted(server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
