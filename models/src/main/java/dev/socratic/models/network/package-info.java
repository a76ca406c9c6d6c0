/// Decoders, and encoders beside them: an architecture as data, its weights, and one program that runs every family.
///
/// Begin with [dev.socratic.models.network.Decoder] and the program `programs/decoder.ts.py`, which is read from top
/// to bottom; names with a dollar sign there are what differs between architectures.
/// [dev.socratic.models.network.ModelConfig] is an architecture as read from `config.json`; what the models of a
/// family have in common is a data file, `families/<model_type>.json`, described at
/// [dev.socratic.models.network.Family]. [dev.socratic.models.network.Encoder] is the same for BERT and its
/// relatives.
///
/// To add a family: its data file; its case in `bench/peers/models/family_fixtures.py`, whose output goes to the test
/// resources; its name in `Family.KNOWN`. `FamilyLaws` then holds logits, hidden states, attention, gradients,
/// generation, saving and reading of it against the reference. What no family had before becomes a field of
/// [dev.socratic.models.network.Architecture] and a dollar name of the program.
package dev.socratic.models.network;
