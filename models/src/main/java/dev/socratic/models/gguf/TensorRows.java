package dev.socratic.models.gguf;

import dev.socratic.core.io.IoProblems;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// The rows of one tensor, through a mapping of the rows around the one that was asked for last.
public final class TensorRows {
    /// Bytes of a mapping; at least one row.
    private static final long WINDOW = 64 << 20;

    private final GgufTensor tensor;
    private final Path file;
    private final FileChannel channel;
    private final ByteOrder order;
    private final long rowBytes;
    private ByteBuffer window = ByteBuffer.allocate(0);
    private long first;

    TensorRows(GgufTensor tensor, Path file, FileChannel channel, ByteOrder order) {
        this.tensor = tensor;
        this.file = file;
        this.channel = channel;
        this.order = order;
        this.rowBytes = tensor.type().rowBytes(tensor.width());
    }

    public GgufTensor tensor() {
        return tensor;
    }

    /// @return numbers of a row
    public int width() {
        return Math.toIntExact(tensor.width()); // bounded when the header was read
    }

    /// @param row from 0, over all outer axes
    /// @param out gets the row as float32
    /// @throws dev.socratic.core.error.DataException if the file is cut short meanwhile
    public void read(long row, float[] out) {
        try {
            int at = Math.toIntExact((row - mapped(row)) * rowBytes);
            Dequantise.row(tensor.type(), window, at, width(), out);
        } catch (InternalError fault) { // how the JVM says that mapped bytes are gone
            throw Gguf.shorter(file);
        }
    }

    /// @return the bytes of a row as the file has them, in its byte order
    public byte[] raw(long row) {
        byte[] bytes = new byte[Math.toIntExact(rowBytes)];
        try {
            window.get(Math.toIntExact((row - mapped(row)) * rowBytes), bytes);
            return bytes;
        } catch (InternalError fault) {
            throw Gguf.shorter(file);
        }
    }

    /// @return the first row of the window, which holds the wanted one
    private long mapped(long row) {
        long rows = window.capacity() / rowBytes;
        if (row >= first && row < first + rows) {
            return first;
        }
        long count = Math.min(Math.max(1, WINDOW / rowBytes), tensor.rows() - row);
        try {
            if (channel.size() < tensor.begin() + (row + count) * rowBytes) {
                throw Gguf.shorter(file);
            }
            window = channel.map(FileChannel.MapMode.READ_ONLY, tensor.begin() + row * rowBytes, count * rowBytes)
                    .order(order);
        } catch (IOException failed) {
            throw IoProblems.reading(file, failed);
        }
        first = row;
        return first;
    }
}
