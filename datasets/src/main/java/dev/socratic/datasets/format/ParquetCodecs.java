package dev.socratic.datasets.format;

import com.github.luben.zstd.Zstd;
import dev.socratic.core.error.DataException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.compressors.lz4.BlockLZ4CompressorInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.brotli.dec.BrotliInputStream;
import org.xerial.snappy.Snappy;

/// The codecs of Parquet pages, without Hadoop: parquet-java would take gzip and brotli from it, of which
/// parquet-floor brings a stand-in only.
///
/// @param file for messages
record ParquetCodecs(String file) implements CompressionCodecFactory {
    /// Largest page, in bytes once unpacked: what a page says of its size is believed only so far.
    private static final int MOST = 1 << 30;

    /// @throws DataException if it is none of those known
    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED -> new Unpacking((in, size) -> new ByteArrayInputStream(in));
            case GZIP -> new Unpacking((in, size) -> new GZIPInputStream(new ByteArrayInputStream(in)));
            case BROTLI -> new Unpacking((in, size) -> new BrotliInputStream(new ByteArrayInputStream(in)));
            case LZ4_RAW -> new Unpacking(
                    (in, size) -> new BlockLZ4CompressorInputStream(new ByteArrayInputStream(in)));
            case LZ4 -> new Unpacking(ParquetCodecs::framed);
            case SNAPPY -> new Unpacking((in, size) -> new ByteArrayInputStream(Snappy.uncompress(in)));
            case ZSTD -> new Unpacking((in, size) -> new ByteArrayInputStream(Zstd.decompress(in, size)));
            case LZO -> throw new DataException(
                    file, "pages in snappy, gzip, zstd, brotli, lz4 or none", "lzo",
                    "write the file again with compression zstd");
        };
    }

    /// Hadoop's lz4: the size of the block and of what follows before each, 4 bytes each, the highest first.
    private static InputStream framed(byte[] in, int size) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(in);
        if (in.length < 8 || left.getInt(0) > size || left.getInt(4) > in.length - 8 || left.getInt(4) < 0) {
            return new BlockLZ4CompressorInputStream(new ByteArrayInputStream(in));
        }
        ByteBuffer out = ByteBuffer.allocate(size);
        while (left.remaining() >= 8) {
            byte[] block = new byte[left.getInt()];
            byte[] packed = new byte[left.getInt()];
            left.get(packed);
            try (InputStream unpacked = new BlockLZ4CompressorInputStream(new ByteArrayInputStream(packed))) {
                out.put(unpacked.readNBytes(block.length));
            }
        }
        return new ByteArrayInputStream(out.array());
    }

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("only for reading");
    }

    @Override
    public void release() {}

    private interface Codec {
        InputStream unpack(byte[] in, int size) throws IOException;
    }

    /// A page unpacked to exactly the bytes it says it has.
    private record Unpacking(Codec codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput in, int size) throws IOException {
            return BytesInput.from(unpacked(in.toInputStream().readAllBytes(), size));
        }

        @Override
        public void decompress(ByteBuffer in, int packed, ByteBuffer out, int size) throws IOException {
            byte[] bytes = new byte[packed];
            in.get(bytes);
            out.put(unpacked(bytes, size));
        }

        private byte[] unpacked(byte[] in, int size) throws IOException {
            if (size < 0 || size > MOST) {
                throw new IOException("a page of %s bytes".formatted(size));
            }
            try (InputStream all = codec.unpack(in, size)) {
                byte[] out = all.readNBytes(size);
                if (out.length < size) {
                    throw new IOException("a page of %s bytes where %s are said".formatted(out.length, size));
                }
                return out;
            }
        }

        @Override
        public void release() {}
    }
}
