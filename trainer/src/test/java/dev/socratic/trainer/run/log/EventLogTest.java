package dev.socratic.trainer.run.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.socratic.core.error.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventLogTest {
    private static final Clock NOON = Clock.fixed(Instant.ofEpochSecond(1_700_000_000), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void theCrcIsCastagnolisAndMasked() {
        // its CRC-32C is e3069283 (RFC 3720, B.4 lists this family)
        byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
        int crc = 0xe3069283;
        assertEquals(Integer.rotateRight(crc, 15) + 0xa282ead8, ProtobufMessage.maskedCrc(digits, 0, digits.length));
    }

    @Test
    void aScalarIsWrittenFieldByField() throws Exception {
        Path file = folder.resolve("events");
        try (EventLog log = new EventLog(file, 0, NOON)) {
            log.scalar("a/b", 1.5, 300);
        }
        List<byte[]> records = records(Files.readAllBytes(file));
        assertEquals(2, records.size());
        String seconds = HexFormat.of().formatHex(
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(1.7e9).array());
        assertEquals("09" + seconds + "1a0d" + HexFormat.of()
                .formatHex("brain.Event:2".getBytes(StandardCharsets.US_ASCII)),
                HexFormat.of().formatHex(records.get(0)));
        // 2: varint 300 = ac 02; 5: 12 bytes; 1: 10 bytes; tag 'a/b'; float 1.5 = 3fc00000
        assertEquals("09" + seconds + "10ac02" + "2a0c0a0a" + "0a03612f62" + "150000c03f",
                HexFormat.of().formatHex(records.get(1)));
    }

    @Test
    void cutBackToALengthTheFileGoesOnAsIfNothingHadFollowed() throws Exception {
        Path once = folder.resolve("once");
        Path twice = folder.resolve("twice");
        try (EventLog log = new EventLog(once, 0, NOON)) {
            log.scalar("x", 1, 1);
            log.scalar("x", 2, 2);
        }
        long length;
        try (EventLog log = new EventLog(twice, 0, NOON)) {
            log.scalar("x", 1, 1);
            length = log.sync();
            log.scalar("lost", 9, 9);
        }
        try (EventLog log = new EventLog(twice, length, NOON)) {
            log.scalar("x", 2, 2);
        }
        assertArrayEquals(Files.readAllBytes(once), Files.readAllBytes(twice));
    }

    @Test
    void aFileShorterThanTheCheckpointKnowsIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("metrics.jsonl"), "{}\n");
        DataException refused = assertThrows(DataException.class, () -> new MetricsLog(file, 100));
        assertEquals(
                file + ": at least the 100 bytes the checkpoint knows of; got 3; "
                        + "the file was changed after training began: delete the folder's checkpoints to train anew",
                refused.getMessage());
    }

    /// Reads the framing back and checks both sums of every record.
    private static List<byte[]> records(byte[] file) {
        List<byte[]> all = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            int at = in.position();
            int length = (int) in.getLong();
            assertEquals(ProtobufMessage.maskedCrc(file, at, 8), in.getInt());
            byte[] data = new byte[length];
            in.get(data);
            assertEquals(ProtobufMessage.maskedCrc(data, 0, length), in.getInt());
            all.add(data);
        }
        return all;
    }
}
