package dev.socratic.trainer.run.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Clock;

/// A TensorBoard event file of scalars.
///
/// A file is a row of TFRecords (`tensorflow/core/lib/io/record_writer.h`): length as little-endian uint64, masked
/// CRC-32C of those 8 bytes, the bytes, masked CRC-32C of the bytes. Each record is an `Event`
/// (`tensorflow/core/util/event.proto`): `wall_time` 1 double, `step` 2 int64, `file_version` 3 string in the first,
/// `summary` 5 in the others, whose `value` 1 holds `tag` 1 and `simple_value` 2 float.
public final class EventLog implements AutoCloseable {
    private final AppendFile file;
    private final Clock clock;

    /// @param length bytes to keep of what is there; 0 begins anew
    public EventLog(Path path, long length, Clock clock) {
        this.file = AppendFile.open(path, length);
        this.clock = clock;
        if (length == 0) {
            append(new ProtobufMessage().real(1, seconds()).text(3, "brain.Event:2"));
        }
    }

    /// @param tag what is measured, `train/loss`
    public void scalar(String tag, double value, long step) {
        ProtobufMessage one = new ProtobufMessage().text(1, tag).small(2, (float) value);
        append(new ProtobufMessage().real(1, seconds()).number(2, step)
                .message(5, new ProtobufMessage().message(1, one)));
    }

    /// Makes everything durable.
    ///
    /// @return the length
    public long sync() {
        return file.sync();
    }

    private double seconds() {
        return clock.millis() / 1000.0;
    }

    private void append(ProtobufMessage event) {
        byte[] data = event.bytes();
        ByteBuffer record = ByteBuffer.allocate(data.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(data.length);
        record.putInt(ProtobufMessage.maskedCrc(record.array(), 0, 8));
        record.put(data);
        record.putInt(ProtobufMessage.maskedCrc(data, 0, data.length));
        file.append(record.array());
    }

    @Override
    public void close() {
        file.close();
    }
}
