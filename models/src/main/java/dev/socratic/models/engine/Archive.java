package dev.socratic.models.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The bytes of a TorchScript archive around the text of one class without attributes.
///
/// libtorch compiles the text when it loads the archive, so a program needs neither Python nor native code of ours.
/// The layout is the one `torch.jit.save` writes: `data.pkl` (the object), `code/__torch__.py` (its class),
/// `constants.pkl`, `version`, all entries stored.
final class Archive {
    private static final int PROTO = 0x80;
    private static final int NEW_OBJECT = 0x81;
    private static final int NEW_FALSE = 0x89;

    private Archive() {}

    /// @param code text of the class `M`, without constants
    static byte[] of(String code) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, "k/data.pkl", moduleState());
            put(zip, "k/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            put(zip, "k/constants.pkl", new byte[] {(byte) PROTO, 2, ')', '.'}); // an empty tuple
            put(zip, "k/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return out.toByteArray();
    }

    /// Pickle protocol 2 of an instance of `__torch__.M` whose state is `{training: False}`.
    private static byte[] moduleState() throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) PROTO, 2});
        pickle.write("c__torch__\nM\n".getBytes(StandardCharsets.US_ASCII)); // GLOBAL
        pickle.write(new byte[] {')', (byte) NEW_OBJECT, '}', '('}); // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
        pickle.write(new byte[] {'X', 8, 0, 0, 0}); // a text of 8 bytes
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {(byte) NEW_FALSE, 'u', 'b', '.'}); // SETITEMS BUILD STOP
        return pickle.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED); // libtorch maps entries where they lie
        entry.setSize(bytes.length);
        entry.setCompressedSize(bytes.length);
        entry.setCrc(crc.getValue());
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }
}
