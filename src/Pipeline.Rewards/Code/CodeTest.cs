using System.Text.Json;

namespace Pipeline.Rewards.Code;

/// <summary>One thing that a program must do.</summary>
public abstract record CodeTest;

/// <summary>The whole program reads the input and writes the output. Compared outside the sandbox.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output.</param>
public sealed record StreamTest(string Input, string Output) : CodeTest;

/// <summary>A function, or a method of a class <c>Solution</c>, returns the value. Compared outside the sandbox.</summary>
/// <param name="Function">Its name.</param>
/// <param name="Arguments">JSON values.</param>
/// <param name="Expected">A JSON value.</param>
/// <param name="MayBeWrapped">Whether an expected <c>[x]</c> stands for <c>x</c> as well, as APPS writes it.</param>
public sealed record FunctionTest(string Function, IReadOnlyList<JsonElement> Arguments, JsonElement Expected, bool MayBeWrapped = false) : CodeTest;

/// <summary>
/// A statement that raises nothing after the program ran. It is judged inside the sandbox, beside the program, so a
/// program can be written that fools it (by an object that equals everything); the other kinds cannot be fooled so.
/// </summary>
/// <param name="Statement">In the program's language.</param>
public sealed record AssertionTest(string Statement) : CodeTest;
