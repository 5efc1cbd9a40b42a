namespace Edge.Runtime.Evaluation;

/// <summary>What came of a row. A wrong row has exactly one reason, so that the counts of a report add up to its rows.</summary>
public enum EvalVerdict
{
    Right,

    /// <summary>As many calls as expected, but other functions.</summary>
    WrongName,

    /// <summary>The expected functions, but an argument is missing, undeclared or has a value that is not accepted.</summary>
    WrongArgument,

    /// <summary>Fewer calls than expected.</summary>
    MissingCall,

    /// <summary>More calls than expected.</summary>
    ExtraCall,
}
