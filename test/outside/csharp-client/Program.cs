using System.Text.Json;
using System.Text.RegularExpressions;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

// Works a case through with the official C# client, unmodified. Arguments: the endpoint, and the revision to ask for
// ("auto" lets the client find it out). Ends with 1 and says why when a step is not as it should be.
var endpoint = new Uri(args[0]);
var options = new McpClientOptions
{
    ClientInfo = new Implementation { Name = "csharp-check", Version = "1" },
    ProtocolVersion = args[1] == "auto" ? null : args[1],
};
var transport = new HttpClientTransport(new HttpClientTransportOptions
{
    Endpoint = endpoint,
    TransportMode = HttpTransportMode.StreamableHttp,
});
await using var client = await McpClient.CreateAsync(transport, options);

var tools = await client.ListToolsAsync();
Check(tools.Any(tool => tool.Name == "resolve_incident"), "tools/list names resolve_incident");

var found = await Rows("SELECT TOP 1 incidentid, ticketnumber FROM incident WHERE ownerid = CURRENT_USER AND statecode = 'Active' ORDER BY createdon");
var id = found[0].GetProperty("incidentid").GetString()!;
var number = found[0].GetProperty("ticketnumber").GetString()!;

Check((await Call("describe_table", new() { ["tablename"] = "incident" })).StartsWith("DESCRIBE TABLE incident"), "describe_table");
var item = new Dictionary<string, object?> { ["prioritycode"] = "High" };
Check((await Call("update_record", new() { ["tablename"] = "incident", ["recordId"] = id, ["item"] = item })).StartsWith("Record updated successfully."), "update_record");

var drafts = await Rows("SELECT TOP 1 activityid FROM email WHERE statuscode = 'Draft' AND directioncode = 1 AND ownerid = CURRENT_USER");
var draft = drafts[0].GetProperty("activityid").GetString()!;
// A mail leaves only after a person's yes, which no client can give: the answer is the question, with its link.
var question = await Call("send_email", new() { ["emailId"] = draft });
Check(question.StartsWith("Nothing was done yet.") && question.Contains("/approve?p="), $"send_email asks a person, but said: {question}");
var unsent = await Rows($"SELECT statuscode FROM email WHERE activityid = '{draft}' AND statuscode = 'Draft'");
Check(unsent.Length == 1, "the mail that nobody approved is still a draft");
var resolve = new Dictionary<string, object?> { ["caseNumber"] = number, ["resolutionNote"] = "Solved on the phone." };
var resolved = await Call("resolve_incident", resolve);
if (Regex.Match(resolved, "approvalId \"([\\w-]+)\"") is { Success: true } asked)
    // A case with open activities is shown once more first; that yes is the client's own to give.
    resolved = await Call("resolve_incident", new(resolve) { ["approvalId"] = asked.Groups[1].Value });
Check(resolved.StartsWith("Case resolved successfully."), $"resolve_incident resolves, but said: {resolved}");

var refused = await client.CallToolAsync("read_query", new Dictionary<string, object?> { ["querytext"] = "SELECT titel FROM incident" });
Check(refused.IsError == true, "a refusal is an error result");
Console.WriteLine($"C# client, {args[1]}: {client.NegotiatedProtocolVersion}, {tools.Count} tools, case {number} worked through.");

async Task<JsonElement[]> Rows(string sql)
{
    var text = await Call("read_query", new() { ["querytext"] = sql });
    var rows = JsonDocument.Parse(text.Split('\n')[0]).RootElement.EnumerateArray().ToArray();
    Check(rows.Length > 0, $"rows for {sql}");
    return rows;
}

async Task<string> Call(string tool, Dictionary<string, object?> arguments)
{
    var result = await client.CallToolAsync(tool, arguments);
    var text = result.Content.OfType<TextContentBlock>().First().Text;
    Check(result.IsError != true, $"{tool} succeeds, but said: {text}");
    Check(result.StructuredContent is not null, $"{tool} has structured content");
    return text;
}

static void Check(bool isTrue, string what)
{
    if (!isTrue) throw new InvalidOperationException($"Not so: {what}");
}
