package dev.socratic.models.network;

import java.util.Optional;

/// What lies in a place of the network, as far as its size goes; of experts, all of one part together.
///
/// @param out    width of what comes out of it; of a vector, its length
/// @param in     width of what goes in; of a vector 1
/// @param copies how many of them there are: experts
/// @param bias   whether a bias goes with it
/// @param scheme where its numbers are of few bits, of which
/// @param bytes  of a number that is not of few bits
/// @param rank   of the factors beside it; 0 for none
/// @param learns whether the matrix itself learns
record Place(long out, long in, int copies, boolean bias, Optional<Weight.Scheme> scheme, int bytes, int rank,
        boolean learns) {
    /// @return of the matrix, without its bias
    long numbers() {
        return copies * out * in;
    }

    /// @return all of them together, where this is one kind of expert
    Place oneMore(Place more) {
        return new Place(out, in, copies + more.copies, bias, scheme, bytes, rank, learns);
    }

    /// @return what is added to an embedding that is the head too
    Place factorsOnly() {
        return new Place(out, in, 1, false, Optional.empty(), 0, rank, false);
    }
}
