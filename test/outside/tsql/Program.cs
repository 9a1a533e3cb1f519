// Microsoft's parser of T-SQL (ScriptDom) says of each statement what it is. One JSON string a line in, one JSON object a line out:
// {"verdict":"select","tree":"…"} for one SELECT without INTO, {"verdict":"other"} for whatever else is T-SQL,
// {"verdict":"error","line":1,"column":8,"message":"…"}. The tree shows precedence, joins and set operators (Shape.cs).
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.SqlServer.TransactSql.ScriptDom;

var parser = new TSql170Parser(initialQuotedIdentifiers: true);
var writing = new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
using var output = new StreamWriter(Console.OpenStandardOutput());
while (Console.In.ReadLine() is { } line)
{
    var sql = JsonSerializer.Deserialize<string>(line)!;
    var script = (TSqlScript)parser.Parse(new StringReader(sql), out var errors);
    output.WriteLine(JsonSerializer.Serialize(Judge(script, errors), writing));
}

static object Judge(TSqlScript script, IList<ParseError> errors)
{
    if (errors.Count > 0)
    {
        var first = errors[0];
        return new { verdict = "error", line = first.Line, column = first.Column, message = first.Message };
    }
    var statements = script.Batches.SelectMany(batch => batch.Statements).ToList();
    if (statements is not [SelectStatement { Into: null } select]) return new { verdict = "other" };
    return new { verdict = "select", tree = Shape.Of(select) };
}
