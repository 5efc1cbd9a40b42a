using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

/// <summary>The folder that the repository carries.</summary>
public sealed class ShippedModelTests
{
    public static string Folder => Path.Combine(Repository.Root, "models", "edge-38m");

    [Fact]
    public void Every_file_is_the_one_that_the_manifest_lists()
    {
        var model = ModelFolder.Open(Folder);
        model.Verify(TestContext.Current.CancellationToken);
        Assert.Equal((4, "Apache-2.0", 8192), (model.Manifest.Bits, model.Manifest.Licence, model.Tokenizer.Vocabulary.Count));
    }

    [Fact]
    public void It_is_what_convert_makes_of_its_source()
    {
        using var folder = new TemporaryFolder();
        var options = new ConvertOptions(SharedFolder.FindOrSkip(GoldenRows.Model), folder.File("model")) { Licence = "Apache-2.0", ScaleBits = 16 };
        var made = ModelConverter.Convert(options, null, TestContext.Current.CancellationToken);
        var shipped = ModelFolder.Open(Folder).Manifest;
        Assert.Equal(shipped.Sources, made.Sources);
        Assert.Equal(shipped.Files, made.Files);
    }
}
