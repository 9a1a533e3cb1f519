using Microsoft.SqlServer.TransactSql.ScriptDom;

/// <summary>
/// The shape of a statement in words that another parser can print as well: what binds to what. Parentheses are gone, AND and OR
/// are lists, INTERSECT has its precedence (the parser leaves it to its reader). Null where a statement holds something else.
/// </summary>
static class Shape
{
    sealed class Unknown : Exception;

    public static string? Of(SelectStatement statement)
    {
        try
        {
            var with = statement.WithCtesAndXmlNamespaces?.CommonTableExpressions ?? [];
            var tables = with.Select(one => $"(with {one.ExpressionName.Value} {Query(one.QueryExpression)}) ");
            return string.Concat(tables) + Query(statement.QueryExpression);
        }
        catch (Unknown)
        {
            return null;
        }
    }

    static string List(string word, params IEnumerable<string?> parts) =>
        $"({string.Join(' ', parts.Where(part => part != null).Prepend(word))})";

    static string Query(QueryExpression query) => query switch
    {
        QueryParenthesisExpression inner when inner.OrderByClause == null => Query(inner.QueryExpression),
        QuerySpecification select => Ordered(Select(select), select),
        BinaryQueryExpression set => Ordered(Set(set), set),
        _ => throw new Unknown(),
    };

    static string Ordered(string inner, QueryExpression query) =>
        query.OrderByClause == null ? inner : List("order", [inner, .. Order(query.OrderByClause)]);

    static IEnumerable<string> Order(OrderByClause order) =>
        order.OrderByElements.Select(item =>
            item.SortOrder == SortOrder.Descending ? List("desc", Value(item.Expression)) : Value(item.Expression));

    static string Select(QuerySpecification select) => List("select",
        [
            select.TopRowFilter == null ? null : List("top", Value(select.TopRowFilter.Expression)),
            .. select.SelectElements.Select(Item),
            select.FromClause == null ? null : List("from", Tables(select.FromClause)),
            select.WhereClause == null ? null : List("where", Condition(select.WhereClause.SearchCondition)),
            select.GroupByClause == null ? null : List("group", Keys(select.GroupByClause)),
            select.HavingClause == null ? null : List("having", Condition(select.HavingClause.SearchCondition)),
        ]);

    static string Item(SelectElement item) => item switch
    {
        SelectStarExpression star => star.Qualifier == null ? "*" : $"{star.Qualifier.Identifiers[^1].Value}.*",
        SelectScalarExpression scalar => scalar.ColumnName == null
            ? Value(scalar.Expression)
            : List("as", Value(scalar.Expression), scalar.ColumnName.Value),
        _ => throw new Unknown(),
    };

    static IEnumerable<string> Keys(GroupByClause group) =>
        group.All || group.GroupByOption != GroupByOption.None
            ? throw new Unknown()
            : group.GroupingSpecifications.Select(key =>
                key is ExpressionGroupingSpecification plain ? Value(plain.Expression) : throw new Unknown());

    /// <summary>A chain of set operators without parentheses, in which INTERSECT binds tighter.</summary>
    static string Set(BinaryQueryExpression set)
    {
        var parts = new Stack<(string Word, QueryExpression Right)>();
        QueryExpression first = set;
        while (first is BinaryQueryExpression binary && (first == set || binary.OrderByClause == null))
        {
            var word = binary.BinaryQueryExpressionType.ToString().ToLowerInvariant() + (binary.All ? "-all" : "");
            // Inside parentheses this parser gives the order of the whole to its last part.
            if (binary.SecondQueryExpression is QuerySpecification { OrderByClause: not null }) throw new Unknown();
            parts.Push((word, binary.SecondQueryExpression));
            first = binary.FirstQueryExpression;
        }
        var terms = new List<(string Word, string Text)> { ("", Query(first)) };
        foreach (var (word, right) in parts)
        {
            if (word == "intersect") terms[^1] = (terms[^1].Word, List(word, terms[^1].Text, Query(right)));
            else terms.Add((word, Query(right)));
        }
        return terms.Skip(1).Aggregate(terms[0].Text, (left, term) => List(term.Word, left, term.Text));
    }

    static string Tables(FromClause from) =>
        from.TableReferences.Select(Table).Aggregate((left, right) => List("cross", left, right));

    static string Table(TableReference table) => table switch
    {
        JoinParenthesisTableReference inner => Table(inner.Join),
        NamedTableReference { TableSampleClause: null, TemporalClause: null, ForPath: false } named =>
            Aliased(named.SchemaObject.BaseIdentifier.Value, named),
        QueryDerivedTable derived => Aliased(Query(derived.QueryExpression), derived),
        QualifiedJoin join => List(Kind(join.QualifiedJoinType), Table(join.FirstTableReference),
            Table(join.SecondTableReference), Condition(join.SearchCondition)),
        UnqualifiedJoin { UnqualifiedJoinType: UnqualifiedJoinType.CrossJoin } join =>
            List("cross", Table(join.FirstTableReference), Table(join.SecondTableReference)),
        UnqualifiedJoin join => List(join.UnqualifiedJoinType == UnqualifiedJoinType.CrossApply ? "cross-apply" : "outer-apply",
            Table(join.FirstTableReference), Table(join.SecondTableReference)),
        PivotedTableReference pivot => Aliased(List("pivot", Table(pivot.TableReference)), pivot),
        UnpivotedTableReference unpivot => Aliased(List("unpivot", Table(unpivot.TableReference)), unpivot),
        _ => throw new Unknown(),
    };

    static string Aliased(string inner, TableReferenceWithAlias table) =>
        table.Alias == null ? inner : List("as", inner, table.Alias.Value);

    static string Kind(QualifiedJoinType type) => type switch
    {
        QualifiedJoinType.Inner => "inner",
        QualifiedJoinType.LeftOuter => "left",
        QualifiedJoinType.RightOuter => "right",
        _ => "full",
    };

    static string Condition(BooleanExpression node) => node switch
    {
        BooleanParenthesisExpression inner => Condition(inner.Expression),
        BooleanNotExpression not => List("not", Condition(not.Expression)),
        BooleanBinaryExpression binary => List(binary.BinaryExpressionType == BooleanBinaryExpressionType.And ? "and" : "or",
            Chain(binary, binary.BinaryExpressionType)),
        BooleanComparisonExpression compare =>
            List(Comparison(compare.ComparisonType), Value(compare.FirstExpression), Value(compare.SecondExpression)),
        BooleanIsNullExpression test => List(test.IsNot ? "is-not-null" : "is-null", Value(test.Expression)),
        DistinctPredicate distinct => List(distinct.IsNot ? "is-not-distinct" : "is-distinct",
            Value(distinct.FirstExpression), Value(distinct.SecondExpression)),
        BooleanTernaryExpression between => List(
            between.TernaryExpressionType == BooleanTernaryExpressionType.Between ? "between" : "not-between",
            Value(between.FirstExpression), Value(between.SecondExpression), Value(between.ThirdExpression)),
        InPredicate test => List(test.NotDefined ? "not-in" : "in", [Value(test.Expression), .. test.Subquery == null
            ? test.Values.Select(Value)
            : [Query(test.Subquery.QueryExpression)]]),
        LikePredicate like => List(like.NotDefined ? "not-like" : "like", Value(like.FirstExpression), Value(like.SecondExpression),
            like.EscapeExpression == null ? null : Value(like.EscapeExpression)),
        ExistsPredicate exists => List("exists", Query(exists.Subquery.QueryExpression)),
        SubqueryComparisonPredicate { ComparisonType: not (BooleanComparisonType.IsDistinctFrom or BooleanComparisonType.IsNotDistinctFrom) } all =>
            List($"{Comparison(all.ComparisonType)}-{all.SubqueryComparisonPredicateType.ToString().ToLowerInvariant()}",
                Value(all.Expression), Query(all.Subquery.QueryExpression)),
        _ => throw new Unknown(),
    };

    static IEnumerable<string> Chain(BooleanExpression node, BooleanBinaryExpressionType type) =>
        node is BooleanBinaryExpression binary && binary.BinaryExpressionType == type
            ? [.. Chain(binary.FirstExpression, type), Condition(binary.SecondExpression)]
            : [Condition(node)];

    static string Comparison(BooleanComparisonType type) => type switch
    {
        BooleanComparisonType.Equals => "=",
        BooleanComparisonType.GreaterThan => ">",
        BooleanComparisonType.LessThan => "<",
        BooleanComparisonType.GreaterThanOrEqualTo or BooleanComparisonType.NotLessThan => ">=",
        BooleanComparisonType.LessThanOrEqualTo or BooleanComparisonType.NotGreaterThan => "<=",
        BooleanComparisonType.NotEqualToBrackets or BooleanComparisonType.NotEqualToExclamation => "<>",
        _ => throw new Unknown(),
    };

    static string Value(ScalarExpression node) =>
        node is PrimaryExpression { Collation: { } collation } ? List("collate", Bare(node), collation.Value) : Bare(node);

    static string Bare(ScalarExpression node) => node switch
    {
        ParenthesisExpression inner => Value(inner.Expression),
        ColumnReferenceExpression { ColumnType: ColumnType.Regular, MultiPartIdentifier: { } name } =>
            string.Join('.', name.Identifiers.Select(part => part.Value).Where(part => part != "")),
        StringLiteral text => $"'{text.Value}'",
        IntegerLiteral or NumericLiteral or RealLiteral => ((Literal)node).Value,
        NullLiteral => "null",
        UnaryExpression { UnaryExpressionType: UnaryExpressionType.Positive } plus => Value(plus.Expression),
        UnaryExpression minus => List(minus.UnaryExpressionType == UnaryExpressionType.Negative ? "negate" : "bit-not", Value(minus.Expression)),
        BinaryExpression binary => List(Operator(binary.BinaryExpressionType), Value(binary.FirstExpression), Value(binary.SecondExpression)),
        AtTimeZoneCall zone => List("at-time-zone", Value(zone.DateValue), Value(zone.TimeZone)),
        ScalarSubquery subquery => List("query", Query(subquery.QueryExpression)),
        FunctionCall call => Call(call),
        LeftFunctionCall left => List("call", ["LEFT", .. left.Parameters.Select(Value)]),
        RightFunctionCall right => List("call", ["RIGHT", .. right.Parameters.Select(Value)]),
        CoalesceExpression coalesce => List("call", ["COALESCE", .. coalesce.Expressions.Select(Value)]),
        NullIfExpression test => List("call", "NULLIF", Value(test.FirstExpression), Value(test.SecondExpression)),
        IIfCall test => List("call", "IIF", Condition(test.Predicate), Value(test.ThenExpression), Value(test.ElseExpression)),
        CastCall cast => List("cast", Value(cast.Parameter)),
        ConvertCall convert => List("cast", Value(convert.Parameter), convert.Style == null ? null : Value(convert.Style)),
        SearchedCaseExpression search => List("case",
            [.. search.WhenClauses.SelectMany(one => new[] { Condition(one.WhenExpression), Value(one.ThenExpression) }), Else(search)]),
        SimpleCaseExpression simple => List("case-of",
            [Value(simple.InputExpression), .. simple.WhenClauses.SelectMany(one => new[] { Value(one.WhenExpression), Value(one.ThenExpression) }), Else(simple)]),
        _ => throw new Unknown(),
    };

    static string? Else(CaseExpression node) => node.ElseExpression == null ? null : List("else", Value(node.ElseExpression));

    static string Operator(BinaryExpressionType type) => type switch
    {
        BinaryExpressionType.Add => "+",
        BinaryExpressionType.Subtract => "-",
        BinaryExpressionType.Multiply => "*",
        BinaryExpressionType.Divide => "/",
        BinaryExpressionType.Modulo => "%",
        BinaryExpressionType.BitwiseAnd => "&",
        BinaryExpressionType.BitwiseOr => "|",
        BinaryExpressionType.BitwiseXor => "^",
        BinaryExpressionType.LeftShift => "<<",
        BinaryExpressionType.RightShift => ">>",
        BinaryExpressionType.Concat => "||",
        _ => throw new Unknown(),
    };

    static string Call(FunctionCall call)
    {
        var isPlain = call.CallTarget == null && call.WithinGroupClause == null && call.TrimOptions == null
            && call.JsonParameters.Count == 0 && call.AbsentOrNullOnNull.Count == 0 && call.IgnoreRespectNulls.Count == 0;
        var name = call.FunctionName.Value.ToUpperInvariant();
        if (!isPlain || name.StartsWith("JSON_") || name == "TRIM") throw new Unknown();
        var star = call.Parameters is [ColumnReferenceExpression { ColumnType: ColumnType.Wildcard }];
        var distinct = call.UniqueRowFilter == UniqueRowFilter.Distinct ? "distinct" : null;
        var text = List("call", [name, distinct, .. star ? ["*"] : call.Parameters.Select(Value)]);
        return call.OverClause == null ? text : Over(text, call.OverClause);
    }

    static string Over(string call, OverClause over)
    {
        if (over.WindowName != null || over.WindowFrameClause != null) throw new Unknown();
        var partitions = over.Partitions.Count == 0 ? null : List("partition", over.Partitions.Select(Value));
        var order = over.OrderByClause == null ? null : List("order", Order(over.OrderByClause));
        return List("over", call, partitions, order);
    }
}
