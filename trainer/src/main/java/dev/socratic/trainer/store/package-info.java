/// A teacher's distributions on disk: captured once, read at random by sample and position.
///
/// A store is a folder:
///
/// | file | holds |
/// | --- | --- |
/// | `header.json` | who was asked and how: hashes of teacher, tokenizer, template and data, precision, vocabulary,
/// the settings of the capture |
/// | `block-00000.bin` | a table of its samples, then their bytes, each with a CRC-32C |
/// | `index.bin` | the tables of all blocks; it is written last, so a store that has it is whole |
///
/// Every file is written under another name and renamed, so `kill -9` loses the block in flight and nothing else; the
/// next run goes on with it and ends with the same bytes.
///
/// A block is collected in `.block-00000.bin.samples.tmp` before, so that memory holds a chunk of it at a time.
///
/// Begin with [dev.socratic.trainer.store.LogitCapture] (writes), [dev.socratic.trainer.store.TeacherSource] (who is
/// asked: weights here, or whoever serves them), [dev.socratic.trainer.store.LogitStore] (reads and refuses),
/// [dev.socratic.trainer.store.StoredTeacher] (stands for live teachers in a training, a store each;
/// [dev.socratic.trainer.store.Supply] says for which objectives), [dev.socratic.trainer.store.Fidelity] (says what
/// an encoding loses). A new encoding is a record in [dev.socratic.trainer.store.Encoding]; the compiler names the
/// switches it needs a case in.
package dev.socratic.trainer.store;
