package dev.socratic.trainer.logits.capture;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What an encoding keeps of a teacher, over the same positions for every encoding.
///
/// @param encoding       as a config says it
/// @param positions      distributions compared
/// @param kl             mean KL(p || stored) in nats; where the encoding leaves tokens out, [Fidelity#FLOOR] of even
///                       mass is mixed in, for it would be infinite
/// @param reverseKl      mean KL(stored || p) in nats
/// @param recoveredMass  mean of the teacher's mass on the tokens that are named
/// @param bias           half the sum over tokens of |mean over positions of (stored - p)|: what more positions do
///                       not average out; for `sampled` it falls with the square root of their number
/// @param ece            expected calibration error of the stored distribution's most likely token against the labels
/// @param teacherEce     the same of the teacher itself
/// @param bytesAPosition on disk, without the table
public record FidelityReport(
        String encoding,
        long positions,
        double kl,
        double reverseKl,
        double recoveredMass,
        double bias,
        double ece,
        double teacherEce,
        @JsonProperty("bytes_a_position") double bytesAPosition) {}
