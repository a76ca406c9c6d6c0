package dev.socratic.models.checkpoint;

import dev.socratic.core.error.DataException;
import dev.socratic.core.io.RegularFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Pickles are refused, by their name and by how they begin.
final class Pickles {
    private static final List<String> ENDINGS = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle");
    /// A bare pickle of protocol 2 or later begins so.
    private static final int PROTO = 0x80;
    private static final int NEWEST_PROTOCOL = 5;

    private Pickles() {}

    static boolean named(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return ENDINGS.stream().anyMatch(name::endsWith);
    }

    /// @throws DataException if the file is a pickle, or a zip archive as `torch.save` writes it
    static void refuse(Path file) {
        if (named(file) || begins(file)) {
            throw refusal(file);
        }
    }

    static DataException refusal(Path file) {
        return new DataException(file.toString(), "weights as safetensors",
                "a pickle, which can run code when read",
                "convert it to safetensors in a place you can throw away, or take the model.safetensors of the same "
                        + "model");
    }

    private static boolean begins(Path file) {
        try (InputStream in = RegularFiles.open(file)) {
            byte[] start = in.readNBytes(Long.BYTES);
            if (start.length < 4) {
                return false;
            }
            boolean zip = start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4;
            // In safetensors bytes 4 to 7 of the length are 0.
            boolean pickle = (start[0] & 0xff) == PROTO && start[1] >= 2 && start[1] <= NEWEST_PROTOCOL
                    && start.length == Long.BYTES && (start[4] | start[5] | start[6] | start[7]) != 0;
            return zip || pickle;
        } catch (IOException unreadable) {
            return false; // opening it says why
        }
    }
}
