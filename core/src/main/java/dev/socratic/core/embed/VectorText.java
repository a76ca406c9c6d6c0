package dev.socratic.core.embed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/// A vector as a text, for a store of texts: float32, little endian, in Base64, as OpenAI's endpoint writes them.
public final class VectorText {
    private VectorText() {}

    public static String of(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    /// @throws IllegalArgumentException if it is none
    public static float[] read(String text) {
        byte[] bytes = Base64.getDecoder().decode(text);
        if (bytes.length == 0 || bytes.length % Float.BYTES != 0) {
            throw new IllegalArgumentException("a vector of float32: a multiple of 4 bytes; got " + bytes.length);
        }
        float[] vector = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return vector;
    }

    /// @return the vector divided by its Euclidean length
    /// @throws IllegalArgumentException if it has none, or numbers that are not finite
    public static float[] unit(float[] vector) {
        double squares = 0;
        for (float number : vector) {
            squares += (double) number * number;
        }
        if (!(squares > 0) || !Double.isFinite(squares)) {
            throw new IllegalArgumentException("a vector with a finite length above 0; got " + Math.sqrt(squares));
        }
        float[] unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / Math.sqrt(squares));
        }
        return unit;
    }
}
