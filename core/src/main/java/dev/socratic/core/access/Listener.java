package dev.socratic.core.access;

import dev.socratic.core.error.ConfigException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;

/// Takes the port before anything that takes time, so that whatever is wrong with it is said at once.
public final class Listener {
    private Listener() {}

    /// @param port 0 takes any free one
    /// @throws ConfigException if there is no such port or host, or the port is taken
    public static ServerSocketChannel open(String host, int port) {
        if (port < 0 || port > 65_535) {
            throw new ConfigException("--port", "a number from 0 to 65535", String.valueOf(port),
                    "write 0 for any free port");
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ConfigException("--host", "an address or a name of this machine", "'" + host
                    + "', which nobody knows",
                    "leave it out for 127.0.0.1, or write 0.0.0.0 for the network");
        }
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.bind(address, 128);
                return channel;
            } catch (IOException failed) {
                channel.close();
                throw failed;
            }
        } catch (BindException taken) {
            throw problem(host, port, taken);
        } catch (IOException failed) {
            throw problem(host, port, failed);
        }
    }

    private static ConfigException problem(String host, int port, IOException failed) {
        String said = String.valueOf(failed.getMessage());
        if (said.contains("assign")) {
            return new ConfigException("--host", "an address of this machine", "'" + host + "', which is another's",
                    "leave it out for 127.0.0.1, or write 0.0.0.0 for the network", failed);
        }
        if (said.contains("ermission")) {
            return new ConfigException("--port", "a port that this user may take", String.valueOf(port),
                    "write one above 1023, or 0 for any free port", failed);
        }
        return new ConfigException("--port", "a free port", "%s, which another program has (%s)".formatted(port, said),
                "write another, or 0 for any free port", failed);
    }
}
