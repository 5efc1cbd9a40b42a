namespace Edge.Runtime.Evaluation;

/// <summary>Asks a caller every row of a suite and scores the answers.</summary>
/// <param name="caller">Who answers.</param>
/// <param name="failures">Where wrong rows go.</param>
/// <param name="clock">Measures each answer.</param>
public sealed class EvalRun(ICaller caller, FailureLog failures, TimeProvider clock)
{
    /// <param name="rowDone">Called after each row, for a progress bar.</param>
    public SuiteScore Run(EvalSuite suite, Action<SuiteScore> rowDone, CancellationToken cancellationToken)
    {
        var score = new SuiteScore(suite.File);
        foreach (var row in suite.Rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = clock.GetTimestamp();
            var got = caller.Call(row.Tools, row.Messages, cancellationToken);
            double ms = clock.GetElapsedTime(start).TotalMilliseconds;

            var verdict = CallScorer.Score(row, got);
            score.Add(verdict, ms);
            if (verdict != EvalVerdict.Right)
            {
                failures.Add(suite.File, row, verdict, got);
            }

            rowDone(score);
        }

        return score;
    }
}
