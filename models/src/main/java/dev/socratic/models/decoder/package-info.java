/// Decoders: an architecture as data, its weights, and one program that runs every family.
///
/// Begin with [dev.socratic.models.decoder.Decoder] and the program `programs/decoder.ts.py`, which is read from top to bottom.
/// [dev.socratic.models.decoder.ModelConfig] says what differs between models and refuses what the program cannot compute yet.
package dev.socratic.models.decoder;
