package dev.socratic.datasets.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.core.error.DataException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Files as pyarrow writes them (`bench/peers/datasets/parquet_files.py`).
class ParquetTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd", "brotli", "lz4", "pages_v2"})
    void everyCodecGivesTheSameRows(String codec) throws Exception {
        List<String> rows = read(file(codec));
        assertEquals(300, rows.size());
        for (int i = 0; i < 300; i++) {
            String answer = "The answer is " + i + ". " + "So it is. ".repeat(i % 7);
            assertEquals("{\"gold\":\"" + i + "\",\"answer\":\"" + answer + "\"}", rows.get(i));
        }
    }

    @Test
    void numbersDatesAndTimesAreWhatTheirColumnsSay() throws Exception {
        List<String> rows = read(file("types"));
        assertEquals(
                "{\"u8\":200,\"u16\":60000,\"u32\":3000000000,\"u64\":9223372036854775813,"
                        + "\"i64\":-9223372036854775808,\"f16\":1.5,"
                        + "\"f32\":0.1,\"f64\":0.1,\"money\":12345678901234567890.25,\"small\":1.5,"
                        + "\"day\":\"2026-01-31\","
                        + "\"clock\":\"12:30:01\",\"utc\":\"2026-01-31T12:30:00Z\","
                        + "\"local\":\"2026-01-31T12:30:00.250\","
                        + "\"nanos\":\"2023-11-14T22:13:20.123456789Z\",\"truth\":true,\"kind\":\"a\","
                        + "\"bytes\":\"/wA=\","
                        + "\"uuid\":\"00000000-0000-0000-0000-000000000001\"}",
                rows.get(0));
        assertEquals(
                "{\"u16\":1,\"u32\":7,\"u64\":8,\"i64\":9,\"f16\":null,\"f32\":null,\"f64\":null,\"money\":-0.10,"
                        + "\"day\":\"1969-12-31\","
                        + "\"utc\":\"1960-01-01T00:00:00Z\",\"nanos\":\"1970-01-01T00:00:00.000000001Z\","
                        + "\"kind\":\"b\",\"bytes\":\"text\"}",
                rows.get(1));
        assertEquals(List.of("{\"when\":\"2026-01-31T12:30:00.000005Z\"}"), read(file("int96")));
    }

    @Test
    void listsMapsAndStructsKeepTheirShape() throws Exception {
        assertEquals(
                List.of(
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"2+2?\"},{\"role\":\"assistant\","
                                + "\"content\":\"4\"}],"
                                + "\"scores\":{\"a\":1,\"b\":null},\"lists\":[[1,2],[],null],"
                                + "\"deep\":{\"inner\":{\"list\":[\"x\",null]}}}",
                        "{\"messages\":[],\"scores\":{},\"deep\":{}}"),
                read(file("nested")));
    }

    @ParameterizedTest
    @EnumSource(CompressionCodecName.class)
    void aCodecIsReadOrRefusedByName(CompressionCodecName codec) {
        ParquetCodecs codecs = new ParquetCodecs("f.parquet");
        if (codec == CompressionCodecName.LZO) {
            assertEquals(
                    "f.parquet: pages in snappy, gzip, zstd, brotli, lz4 or none; got lzo; write the file again with "
                            + "compression zstd",
                    assertThrows(DataException.class, () -> codecs.getDecompressor(codec)).getMessage());
        } else {
            assertThrows(IOException.class, () -> codecs.getDecompressor(codec)
                    .decompress(org.apache.parquet.bytes.BytesInput.from(new byte[0]), -1));
        }
    }

    /// A damaged file ends in one line of ours or gives all its rows: never fewer, never a library's complaint.
    @ParameterizedTest
    @ValueSource(strings = {"snappy", "gzip", "brotli", "lz4", "zstd", "pages_v2", "nested", "types"})
    void aDamagedFileIsOneLineWithARemedyOrAllItsRows(String name) throws Exception {
        byte[] whole = Files.readAllBytes(file(name));
        int all = read(file(name)).size();
        Random random = new Random(name.hashCode());
        int refused = 0;
        for (int round = 0; round < 60; round++) {
            byte[] bytes = round % 6 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
            if (round % 6 != 0) {
                for (int i = 0; i <= round % 3; i++) {
                    int region = round % 2 == 0 ? bytes.length : Math.min(bytes.length, 700);
                    bytes[bytes.length - 1 - random.nextInt(region)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            Path damaged = folder.resolve("damaged.parquet");
            Files.write(damaged, bytes);
            Quarantine.Listed bad = Quarantine.list();
            try {
                assertEquals(all, read(damaged, bad).size() + bad.count());
            } catch (DataException e) {
                refused++;
                assertTrue(e.getMessage().startsWith(damaged.toString()), e.getMessage());
                assertFalse(e.getMessage().contains("Exception") || e.getMessage().contains("\n"), e.getMessage());
                assertTrue(e.getMessage().matches(".*; (check that|report this|write the file).*"), e.getMessage());
            }
        }
        assertTrue(refused > 9, "the test damages nothing");
    }

    @Test
    void aFileThatIsNoneSaysSo() throws Exception {
        Path none = folder.resolve("none.parquet");
        Files.writeString(none, "{\"a\": 1}\n{\"a\": 2}\n");
        assertEquals(
                none + ": a Parquet file; got other or damaged bytes; check that it was copied whole",
                assertThrows(DataException.class, () -> read(none)).getMessage());
        Path gone = folder.resolve("gone.parquet");
        assertEquals(
                gone + ": a file that exists; got none there; check the path",
                assertThrows(DataException.class, () -> read(gone)).getMessage());
    }

    private static Path file(String name) throws URISyntaxException {
        return Path.of(ParquetTest.class.getResource("/parquet/" + name + ".parquet").toURI());
    }

    private static List<String> read(Path file) {
        return read(file, Quarantine.refuse());
    }

    private static List<String> read(Path file, Quarantine bad) {
        List<String> rows = new ArrayList<>();
        try (RowReader reader = RowFiles.read(file, bad)) {
            reader.forEachRemaining(row -> rows.add(row.json().toString()));
        }
        return rows;
    }
}
