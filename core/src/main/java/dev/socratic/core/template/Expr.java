package dev.socratic.core.template;

import java.util.List;
import java.util.Optional;

/// An expression as written.
sealed interface Expr {
    int line();

    record Literal(Object value, int line) implements Expr {}

    record Name(String name, int line) implements Expr {}

    record ListOf(List<Expr> items, int line) implements Expr {}

    record TupleOf(List<Expr> items, int line) implements Expr {}

    record DictOf(List<Expr> keys, List<Expr> values, int line) implements Expr {}

    /// `of.name`: an attribute, else an item.
    record Attribute(Expr of, String name, int line) implements Expr {}

    /// `of[key]`: an item, else an attribute.
    record Item(Expr of, Expr key, int line) implements Expr {}

    record Slice(Expr of, Optional<Expr> from, Optional<Expr> to, Optional<Expr> step, int line) implements Expr {}

    record Call(Expr of, CallArguments arguments, int line) implements Expr {}

    record Filter(Expr of, String name, CallArguments arguments, int line) implements Expr {}

    record Test(Expr of, String name, CallArguments arguments, int line) implements Expr {}

    record Not(Expr of, int line) implements Expr {}

    /// `-of` or `+of`.
    record Sign(Expr of, boolean minus, int line) implements Expr {}

    record Arithmetic(Expr left, String operator, Expr right, int line) implements Expr {}

    /// `a ~ b ~ c`: the texts of the parts, joined.
    record Concat(List<Expr> parts, int line) implements Expr {}

    /// `first < second <= third`: true if each neighbouring pair is.
    record Compare(Expr first, List<Comparison> rest, int line) implements Expr {}

    record Comparison(String operator, Expr right) {}

    record And(Expr left, Expr right, int line) implements Expr {}

    record Or(Expr left, Expr right, int line) implements Expr {}

    /// `then if condition else otherwise`.
    record Conditional(Expr condition, Expr then, Optional<Expr> otherwise, int line) implements Expr {}

    /// What a call is given: `positional..., *star, named=..., **stars`.
    record CallArguments(List<Expr> positional, List<Named> named, Optional<Expr> star, Optional<Expr> stars) {
        static final CallArguments NONE = new CallArguments(List.of(), List.of(), Optional.empty(), Optional.empty());
    }

    record Named(String name, Expr value) {}
}
