package dev.socratic.datasets.format;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;

/// What the end of a Parquet file says of it, read beside the reader: how many rows there are, and whether its
/// columns lie inside the file.
/// A damaged footer must not make a reader reserve memory for what is not there.
///
/// @param rows  in all row groups
/// @param whole whether every column chunk lies between the magic bytes
record ParquetFooter(long rows, boolean whole) {
    /// Behind the footer: its length and the magic bytes.
    private static final int TAIL = 8;

    static ParquetFooter of(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            long end = in.length() - TAIL;
            if (end < 4) {
                throw new IOException("too short");
            }
            in.seek(end);
            int length = Integer.reverseBytes(in.readInt());
            if (length < 0 || length > end - 4) {
                throw new IOException("a footer larger than the file");
            }
            byte[] footer = new byte[length];
            in.seek(end - length);
            in.readFully(footer);
            FileMetaData meta = Util.readFileMetaData(new ByteArrayInputStream(footer));
            long data = end - length;
            boolean whole = meta.getRow_groups().stream().flatMap(group -> group.getColumns().stream())
                    .allMatch(column -> !column.isSetMeta_data() || inside(column.getMeta_data(), data));
            return new ParquetFooter(meta.getNum_rows(), whole);
        }
    }

    private static boolean inside(ColumnMetaData column, long end) {
        long first = column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0
                ? Math.min(column.getDictionary_page_offset(), column.getData_page_offset())
                : column.getData_page_offset();
        long size = column.getTotal_compressed_size();
        return first >= 0 && size >= 0 && first <= end && size <= end - first
                && column.getTotal_uncompressed_size() >= 0;
    }
}
