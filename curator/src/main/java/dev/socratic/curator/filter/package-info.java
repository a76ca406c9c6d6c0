/// Steps that look at one row at a time: verdicts, form, length, repetition, language. Their decisions do not depend
/// on other rows or on the order of the rows. Begin with [dev.socratic.curator.filter.LengthStep], the smallest.
package dev.socratic.curator.filter;
