// Microsoft's own OData library as a strict reader: takes `$metadata` as a model, validates it by every rule there is,
// and reads each answer against it with every validation on.
//
//   odata-reader <metadata.xml> <service root> < answers.jsonl
//
// In: one answer a line, {"name", "kind", "status", "contentType", "body", "aliases"}; kind is set, row, delta, property,
// value, references, reference, service, error, batch or aliased: a set whose rows have, beside the columns of their type,
// only the properties that the request named itself (`aliases`), each a primitive value, none of them missing from all. Out: one verdict a line, {"name", "ok", "read" or "error"}; the first
// is the model's. The exit code is 1 when anything was refused.
using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: odata-reader <metadata.xml> <service root>");
    return 2;
}

var failed = 0;
void Tell(string name, string? error, int read = 0)
{
    if (error is not null) failed++;
    Console.WriteLine(error is null
        ? JsonSerializer.Serialize(new { name, ok = true, read })
        : JsonSerializer.Serialize(new { name, ok = false, error }));
}

var (model, modelErrors) = ReadModel(args[0]);
Tell("model", modelErrors, model?.SchemaElements.Count() ?? 0);
if (model is null) return 1;

var root = new Uri(args[1]);
while (Console.ReadLine() is { } line)
{
    var answer = JsonSerializer.Deserialize<Answer>(line, new JsonSerializerOptions(JsonSerializerDefaults.Web))!;
    try
    {
        Tell(answer.Name, null, new Reading(model, root).Read(answer));
    }
    catch (Exception error)
    {
        Tell(answer.Name, $"{error.GetType().Name}: {error.Message}");
    }
}
return failed == 0 ? 0 : 1;

static (IEdmModel? Model, string? Errors) ReadModel(string file)
{
    using var reader = XmlReader.Create(file);
    if (!CsdlReader.TryParse(reader, out var model, out var errors))
        return (null, Words(errors));
    // Every rule but one: Dataverse's own document says nothing of its keys' nullability, which means nullable.
    var rules = new ValidationRuleSet(ValidationRuleSet.GetEdmModelRuleSet(new Version(4, 0))
        .Where(rule => rule != ValidationRules.EntityTypeInvalidKeyNullablePart));
    return model.Validate(rules, out var broken) ? (model, null) : (model, Words(broken));
}

static string Words(IEnumerable<EdmError> errors)
{
    var all = errors.ToList();
    return $"{all.Count} errors: " + string.Join(" | ", all.Take(20).Select(error => $"{error.ErrorCode} {error.ErrorMessage} {error.ErrorLocation}"));
}

internal sealed record Answer(string Name, string Kind, int Status, string ContentType, string Body, string[]? Aliases = null);

/// One answer, read to its end.
internal sealed class Reading(IEdmModel model, Uri root)
{
    private ODataMessageReaderSettings Settings(ValidationKinds validations) => new()
    {
        BaseUri = root,
        Validations = validations,
        ShouldIncludeAnnotation = _ => true,
        MaxProtocolVersion = ODataVersion.V4,
        EnableMessageStreamDisposal = true,
        MessageQuotas = new ODataMessageQuotas { MaxReceivedMessageSize = long.MaxValue },
    };

    public int Read(Answer answer)
    {
        var body = Encoding.UTF8.GetBytes(answer.Body);
        using var reader = new ODataMessageReader((IODataResponseMessage)new Message(answer.Status, answer.ContentType, body), Settings(ValidationsOf(answer)), model);
        switch (answer.Kind)
        {
            case "aliased":
                return Aliased(reader.CreateODataResourceSetReader(), answer.Aliases ?? []);
            case "set":
                return Walk(reader.CreateODataResourceSetReader(), needsType: true);
            case "row":
                return Walk(reader.CreateODataResourceReader(), needsType: true);
            case "delta":
                return Walk(reader.CreateODataDeltaResourceSetReader(), needsType: true);
            case "property":
                return Value(reader.ReadProperty().Value);
            case "value":
                return Value(reader.ReadValue(null));
            case "collection":
                return Collection(reader.CreateODataCollectionReader());
            case "references":
                return reader.ReadEntityReferenceLinks().Links.Count(link => link.Url is not null);
            case "reference":
                return reader.ReadEntityReferenceLink().Url is null ? 0 : 1;
            case "service":
                return reader.ReadServiceDocument().EntitySets.Count(set => model.FindDeclaredEntitySet(set.Name) is not null ? true : throw new ODataException($"The model has no set {set.Name}."));
            case "error":
                var error = reader.ReadError();
                if (string.IsNullOrEmpty(error.Code) || string.IsNullOrEmpty(error.Message))
                    throw new ODataException("The error has no code or no message.");
                return 1;
            case "batch":
                return Batch(reader.CreateODataBatchReader());
            default:
                throw new ArgumentException($"There is no kind '{answer.Kind}'.");
        }
    }

    // No type has what a request named itself; whether it is no more than that, Aliased looks at.
    private static ValidationKinds ValidationsOf(Answer answer) => answer.Kind == "aliased"
        ? ValidationKinds.All & ~ValidationKinds.ThrowOnUndeclaredPropertyForNonOpenType
        : ValidationKinds.All;

    private int Aliased(ODataReader reader, string[] aliases)
    {
        var read = 0;
        var missing = aliases.ToHashSet();
        while (reader.Read())
        {
            if (reader.State != ODataReaderState.ResourceEnd || reader.Item is not ODataResource resource) continue;
            read++;
            var type = model.FindDeclaredType(resource.TypeName) as IEdmStructuredType
                ?? throw new ODataException("A resource has no type.");
            foreach (var property in resource.Properties.OfType<ODataProperty>())
            {
                missing.Remove(property.Name);
                if (type.FindProperty(property.Name) is not null) Value(property.Value);
                else if (!aliases.Contains(property.Name))
                    throw new ODataException($"'{property.Name}' is neither a column of {resource.TypeName} nor a name that was asked for.");
                else if (property.Value is ODataUntypedValue { RawValue: var raw } && (raw.StartsWith('{') || raw.StartsWith('[')))
                    throw new ODataException($"'{property.Name}' is no primitive value: {raw}");
            }
        }
        if (reader.State != ODataReaderState.Completed) throw new ODataException($"Reading ended at {reader.State}.");
        return missing.Count == 0 ? read : throw new ODataException($"No row has {string.Join(", ", missing)}.");
    }

    private static int Walk(ODataReader reader, bool needsType)
    {
        var read = 0;
        while (reader.Read())
        {
            switch (reader.State)
            {
                case ODataReaderState.ResourceEnd when reader.Item is ODataResource resource:
                    read++;
                    if (needsType && string.IsNullOrEmpty(resource.TypeName))
                        throw new ODataException("A resource has no type.");
                    foreach (var property in resource.Properties.OfType<ODataProperty>()) Value(property.Value);
                    _ = resource.InstanceAnnotations.Count;
                    break;
                case ODataReaderState.ResourceSetEnd or ODataReaderState.DeltaResourceSetEnd:
                    _ = (reader.Item as ODataResourceSetBase)?.NextPageLink?.ToString();
                    break;
                case ODataReaderState.DeletedResourceEnd:
                    read++;
                    break;
            }
        }
        if (reader.State != ODataReaderState.Completed) throw new ODataException($"Reading ended at {reader.State}.");
        return read;
    }

    private static int Value(object? value)
    {
        if (value is ODataUntypedValue) throw new ODataException("A value has no type in the model.");
        if (value is ODataCollectionValue collection) foreach (var item in collection.Items) Value(item);
        return 1;
    }

    private static int Collection(ODataCollectionReader reader)
    {
        var read = 0;
        while (reader.Read())
            if (reader.State == ODataCollectionReaderState.Value) read += Value(reader.Item);
        return read;
    }

    private int Batch(ODataBatchReader reader)
    {
        var read = 0;
        while (reader.Read())
        {
            if (reader.State != ODataBatchReaderState.Operation) continue;
            var part = reader.CreateOperationResponseMessage();
            read++;
            using var stream = part.GetStream();
            using var buffer = new MemoryStream();
            stream.CopyTo(buffer);
            if (buffer.Length == 0) continue;
            var text = Encoding.UTF8.GetString(buffer.ToArray());
            var kind = part.StatusCode >= 400 ? "error" : KindOf(text);
            new Reading(model, root).Read(new Answer("part", kind, part.StatusCode, part.GetHeader("Content-Type"), text));
        }
        return read;
    }

    private static string KindOf(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.Array ? "set" : "row";
    }
}

internal sealed class Message(int status, string contentType, byte[] body) : IODataResponseMessage
{
    private readonly Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Content-Type"] = contentType,
        ["OData-Version"] = "4.0",
        ["Preference-Applied"] = "odata.include-annotations=\"*\"",
    };

    public IEnumerable<KeyValuePair<string, string>> Headers => headers;
    public int StatusCode { get => status; set => throw new NotSupportedException(); }
    public string? GetHeader(string name) => headers.GetValueOrDefault(name);
    public void SetHeader(string name, string value) => headers[name] = value;
    public Stream GetStream() => new MemoryStream(body);
}
