package dev.socratic.models.engine;

import dev.socratic.models.engine.Program.Arg;
import java.util.List;

/// A call of a program that has just been made.
///
/// @param program whose
/// @param method  by name
/// @param args    as they are given; arrays are the caller's
/// @param graph   whether the autograd graph is kept
public record Call(Program program, String method, List<Arg> args, boolean graph) {
    public Call {
        args = List.copyOf(args);
    }
}
