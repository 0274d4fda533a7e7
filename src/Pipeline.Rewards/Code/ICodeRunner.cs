namespace Pipeline.Rewards.Code;

/// <summary>Runs programs of one language on tests, within limits, without letting them at the machine.</summary>
internal interface ICodeRunner
{
    /// <summary>Runs the program on the tests in their order.</summary>
    /// <param name="program">Source text that nobody trusts.</param>
    /// <param name="tests">At least one.</param>
    /// <param name="stopAtFailure">Whether the tests after the first that fails are of no interest.</param>
    /// <param name="cancellation">Ends it at once.</param>
    /// <returns>One verdict a test; fewer if it stopped.</returns>
    Task<IReadOnlyList<Verdict>> RunAsync(string program, IReadOnlyList<CodeTest> tests, bool stopAtFailure, CancellationToken cancellation);
}

/// <summary>What a program made of a test.</summary>
internal enum Verdict
{
    /// <summary>It did as it should.</summary>
    Passed,

    /// <summary>It gave something else, raised an error, or ran into a limit other than time.</summary>
    Failed,

    /// <summary>It took too long.</summary>
    TimedOut,
}
