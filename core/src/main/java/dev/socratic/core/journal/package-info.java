/// What happened, kept so that `kill -9` loses nothing that was said to be kept.
///
/// Begin with [dev.socratic.core.journal.Journal]. Its files are segments (`<name>-000001.journal`, ...), each a
/// 16-byte header (`SOCJRNL1`, segment number, checksum) and records of a 12-byte header (length, checksum of the
/// payload, checksum of those two) and the payload; whole numbers big-endian, checksums CRC-32C. The header's own
/// checksum tells a record cut short by a kill (cut off at the next start) from one whose length was damaged
/// (refused).
package dev.socratic.core.journal;
