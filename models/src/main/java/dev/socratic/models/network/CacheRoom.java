package dev.socratic.models.network;

/// What rows of a decoder take in a KV cache.
public final class CacheRoom {
    private final CacheSizes sizes;

    public CacheRoom(Decoder decoder) {
        this.sizes = decoder.cacheSizes();
    }

    /// @param tokens of one row
    /// @return bytes, keys and values of all layers
    public long bytes(int tokens) {
        return sizes.bytes(sizes.capacity(Math.max(1, tokens)));
    }
}
