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
    private static final int TUPLE = 0x85;

    private Archive() {}

    /// @param code text of the class `M`, without constants
    static byte[] of(String code) {
        return of(code, 0);
    }

    /// @param calls length of the list of zeros that the object has as `calls`, `List[int]`; 0 where it has none
    static byte[] of(String code, int calls) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            put(zip, "k/data.pkl", moduleState(calls));
            put(zip, "k/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            put(zip, "k/constants.pkl", new byte[] {(byte) PROTO, 2, ')', '.'}); // an empty tuple
            put(zip, "k/version", "3\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return out.toByteArray();
    }

    /// Pickle protocol 2 of an instance of `__torch__.M` whose state is `{training: False}`, and perhaps `calls`.
    private static byte[] moduleState(int calls) throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) PROTO, 2});
        pickle.write("c__torch__\nM\n".getBytes(StandardCharsets.US_ASCII)); // GLOBAL
        pickle.write(new byte[] {')', (byte) NEW_OBJECT, '}', '('}); // EMPTY_TUPLE NEWOBJ EMPTY_DICT MARK
        text(pickle, "training");
        pickle.write(NEW_FALSE);
        if (calls > 0) {
            text(pickle, "calls");
            pickle.write("ctorch.jit._pickle\nbuild_intlist\n](".getBytes(StandardCharsets.US_ASCII)); // LIST MARK
            for (int i = 0; i < calls; i++) {
                pickle.write(new byte[] {'K', 0}); // a number of one byte
            }
            pickle.write(new byte[] {'e', (byte) TUPLE, 'R'}); // APPENDS TUPLE1 REDUCE
        }
        pickle.write(new byte[] {'u', 'b', '.'}); // SETITEMS BUILD STOP
        return pickle.toByteArray();
    }

    private static void text(ByteArrayOutputStream pickle, String word) throws IOException {
        pickle.write(new byte[] {'X', (byte) word.length(), 0, 0, 0});
        pickle.write(word.getBytes(StandardCharsets.US_ASCII));
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
