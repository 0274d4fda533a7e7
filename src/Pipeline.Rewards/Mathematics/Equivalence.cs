using Pipeline.Rewards.Mathematics.Exact;
using Pipeline.Rewards.Mathematics.Numeric;

namespace Pipeline.Rewards.Mathematics;

/// <summary>Decides whether two answers are the same one. Symmetric.</summary>
/// <param name="budget">What the decision may cost.</param>
internal sealed class Equivalence(Budget budget)
{
    /// <exception cref="MathFailure">It costs too much, or one of them has no value.</exception>
    public bool AreEqual(Answer left, Answer right)
    {
        budget.Spend();
        return (left, right) switch
        {
            (Answer.Relation a, Answer.Relation b) => AreSame(a, b),
            (Answer.Relation a, _) => Says(a, right),
            (_, Answer.Relation b) => Says(b, left),
            (Answer.Value a, Answer.Value b) => AreSame(a, b),
            (Answer.Words a, Answer.Words b) => a.Text == b.Text,
            (Answer.Choice a, Answer.Choice b) => a.Letter == b.Letter,
            (Answer.Bracketed a, Answer.Bracketed b) => a.Open == b.Open && a.Close == b.Close && InOrder(a.Items, b.Items),
            (Answer.Matrix a, Answer.Matrix b) => a.Rows.Count == b.Rows.Count && a.Rows.Zip(b.Rows).All(rows => InOrder(rows.First, rows.Second)),
            (Answer.Ratio a, Answer.Ratio b) => InOrder(a.Parts, b.Parts),
            (Answer.Union a, Answer.Union b) => InAnyOrder(a.Parts, b.Parts),
            (Answer.Collection a, Answer.Collection b) => AreSame(a, b),
            (Answer.Collection { IsSet: true, Items: [var only] }, _) => AreEqual(only, right), // {5}, as some write \boxed{\{5\}}
            (_, Answer.Collection { IsSet: true, Items: [var only] }) => AreEqual(left, only),
            _ => false,
        };
    }

    /// <summary>Whether the answer leaves sums or products of numbers to the reader: 3 + 4 for 7. With roots or variables there may be nothing to do.</summary>
    /// <exception cref="MathFailure">A part has no value, so that 3/0 is no answer even if nothing is compared with it; or it costs too much.</exception>
    public bool LeavesWork(Answer answer) => answer switch
    {
        Answer.Value value => value.Form(budget).AsRational() is not null && !value.IsWorkedOut,
        Answer.Bracketed list => AnyLeavesWork(list.Items),
        Answer.Collection list => AnyLeavesWork(list.Items),
        Answer.Union union => AnyLeavesWork(union.Parts),
        Answer.Ratio ratio => AnyLeavesWork(ratio.Parts),
        Answer.Matrix matrix => AnyLeavesWork([.. matrix.Rows.SelectMany(row => row)]),
        Answer.Relation relation => AnyLeavesWork(relation.Sides) && AnyLeavesWork(Result(relation)),
        _ => false,
    };

    /// <summary>Looks at all parts, whatever the first one says.</summary>
    private bool AnyLeavesWork(IReadOnlyList<Answer> parts) => parts.Aggregate(false, (any, part) => LeavesWork(part) | any);

    /// <summary>Of x = 3 + 4 = 7 only the last side has to be worked out.</summary>
    private static IReadOnlyList<Answer> Result(Answer.Relation relation) =>
        Label.Of(relation) is { } label ? [label.Values[^1]] : relation.Signs is [.., '='] ? [relation.Sides[^1]] : relation.Sides;

    private bool AreSame(Answer.Value left, Answer.Value right)
    {
        if (left.Unit is not null && right.Unit is not null && left.Unit != right.Unit) return false;
        var difference = NormalForm.Difference(left.Form(budget), right.Form(budget), budget);
        return difference.IsZero || (difference.IsOpaque && Sampling.AreEqual(left.Expression, right.Expression, budget));
    }

    private bool AreSame(Answer.Collection left, Answer.Collection right)
    {
        // Several names on one side only: x = 1, y = 2 is 1, 2 and not 2, 1.
        if (Names(left) > 1 != Names(right) > 1) return InOrder(left.Items, right.Items);
        if (!left.IsSet && !right.IsSet) return InAnyOrder(left.Items, right.Items);
        // In a set nothing counts twice.
        return left.Items.All(item => right.Items.Any(other => AreEqual(item, other))) && right.Items.All(item => left.Items.Any(other => AreEqual(other, item)));
    }

    private static int Names(Answer.Collection items) =>
        items.Items.OfType<Answer.Relation>().Select(item => Label.Of(item)?.Name).OfType<string>().Distinct().Count();

    /// <summary>Whether the relation says no more than the value: x = 5 and 2 + 3 = 5 say 5.</summary>
    private bool Says(Answer.Relation relation, Answer value)
    {
        if (Label.Of(relation) is { } label) return label.Values.All(side => AreEqual(side, value));
        return relation.Signs.All(sign => sign == '=') && relation.Sides.All(IsConstant) && relation.Sides.All(side => AreEqual(side, value));
    }

    private static bool IsConstant(Answer side) => side is Answer.Value { Expression: var expression } && !Variables.Of(expression).Any();

    private bool AreSame(Answer.Relation left, Answer.Relation right)
    {
        if (Label.Of(left) is { } a && Label.Of(right) is { } b && a.Name == b.Name && AreEqual(a.Values[^1], b.Values[^1])) return true;
        if (left.Signs is ['='] && right.Signs is ['='] && Difference(left) is { } first && Difference(right) is { } second)
            return AreProportional(first, second);
        return left.Signs.SequenceEqual(right.Signs) && InOrder(left.Sides, right.Sides);
    }

    private Polynomial? Difference(Answer.Relation equation) => equation.Sides is [Answer.Value left, Answer.Value right]
        ? NormalForm.Difference(left.Form(budget), right.Form(budget), budget)
        : null;

    /// <summary>Whether one is the other times a number other than zero, root or not: 2x = 4 is x = 2.</summary>
    private bool AreProportional(Polynomial left, Polynomial right)
    {
        if (left.IsZero || right.IsZero) return left.IsZero && right.IsZero;
        var variable = left.Terms.Keys.Select(term => term.Split().Variable).FirstOrDefault(part => part.Exponents.Count > 0);
        if (variable is null) return false;
        var (a, b) = (Coefficient(left, variable), Coefficient(right, variable));
        return !b.IsZero && left.Times(b, budget).Minus(right.Times(a, budget), budget).IsZero;
    }

    private Polynomial Coefficient(Polynomial polynomial, Monomial variable) => polynomial.Terms
        .Select(term => (Parts: term.Key.Split(), Number: term.Value)).Where(term => term.Parts.Variable.Equals(variable))
        .Aggregate(Polynomial.Zero, (sum, term) => sum.Plus(Polynomial.Of(term.Parts.Constant, term.Number), budget));

    private bool InOrder(IReadOnlyList<Answer> left, IReadOnlyList<Answer> right) =>
        left.Count == right.Count && left.Zip(right).All(pair => AreEqual(pair.First, pair.Second));

    private bool InAnyOrder(IReadOnlyList<Answer> left, IReadOnlyList<Answer> right)
    {
        if (left.Count != right.Count) return false;
        var rest = right.ToList();
        foreach (var item in left)
        {
            var found = rest.FindIndex(other => AreEqual(item, other));
            if (found < 0) return false;
            rest.RemoveAt(found);
        }
        return true;
    }
}
