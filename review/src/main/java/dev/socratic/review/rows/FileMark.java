package dev.socratic.review.rows;

/// How far a file was read, for the next process to go on from.
///
/// @param file     its path
/// @param number   among the open files
/// @param offset   in bytes
/// @param lines    read so far
/// @param key      of the file system
/// @param size     bytes it had
/// @param modified milliseconds
public record FileMark(String file, int number, long offset, long lines, String key, long size, long modified) {}
