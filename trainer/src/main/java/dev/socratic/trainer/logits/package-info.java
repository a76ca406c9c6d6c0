/// A teacher's distributions on disk: captured once, read at random by sample and position.
///
/// A store is a folder:
///
/// | file | holds |
/// | --- | --- |
/// | `header.json` | who was asked and how: hashes of teacher, tokenizer, template and data, precision, vocabulary,
/// settings |
/// | `block-00000.bin` | a table of its samples, then their bytes, each with a CRC-32C |
/// | `index.bin` | the tables of all blocks; it is written last, so a store that has it is whole |
///
/// Every file is written under another name and renamed, so `kill -9` loses the block in flight and nothing else; the
/// next run goes on with it and ends with the same bytes. A block is collected in `.block-00000.bin.samples.tmp`
/// before, so that memory holds a chunk of it at a time.
///
/// Begin with [LogitStore] (reads and refuses) and [Encoding] (what is kept of a distribution; a new one is a record
/// there, and the compiler names the switches it needs a case in); [dev.socratic.trainer.logits.capture] writes.
package dev.socratic.trainer.logits;
