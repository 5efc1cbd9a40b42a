using Edge.Runtime.Models;
using Edge.Tests.Fakes;
using Xunit;

namespace Edge.Tests.Models;

public sealed class ModelFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ModelFolderTests()
    {
        new RandomLlama { Layers = 1 }.Fill(1).Write(_folder.File("source"));
        _model = _folder.File("model");
        ModelConverter.Convert(new ConvertOptions(_folder.File("source"), _model), null, TestContext.Current.CancellationToken);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_is_absent_or_not_converted_is_one_line()
    {
        Refused(_folder.File("absent"), "not a folder");
        Refused(_folder.File("source"), "has neither manifest.json nor genai_config.json");
    }

    [Theory]
    [InlineData("model.onnx")]
    [InlineData("model.onnx.data")]
    [InlineData("tokenizer.model")]
    [InlineData("config.json")]
    public void A_file_that_is_missing_or_cut_off_is_named(string name)
    {
        string path = Path.Combine(_model, name);
        using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length - 1);
        }

        Refused(_model, $"{name} has");
        File.Delete(path);
        Refused(_model, $"{name} is missing");
    }

    [Fact]
    public void A_file_that_was_changed_is_found_by_its_hash()
    {
        var model = ModelFolder.Open(_model);
        using (var file = File.OpenWrite(Path.Combine(_model, "model.onnx.data")))
        {
            file.WriteByte(0x55);
        }

        ModelFolder.Open(_model);
        Assert.Contains("model.onnx.data", Assert.Throws<ModelException>(() => model.Verify(TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "format 2")]
    [InlineData("\"format\": 1", "\"format\": \"1\"", "\"format\" is not a whole number")]
    [InlineData("\"bits\": 4", "\"bits\": null", "\"bits\" is not a whole number")]
    [InlineData("\"file\": \"model.onnx\"", "\"file\": \"../model.onnx\"", "same folder")]
    [InlineData("\"file\": \"model.onnx\"", "\"file\": \"other\"", "does not list model.onnx")]
    [InlineData("\"files\"", "\"fails\"", "\"files\" is not a list")]
    public void A_manifest_that_is_not_right_is_one_line(string right, string wrong, string said)
    {
        string path = Path.Combine(_model, "manifest.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace(right, wrong, StringComparison.Ordinal));
        Refused(_model, said);
    }

    private static void Refused(string path, string said)
    {
        string message = Assert.Throws<ModelException>(() => ModelFolder.Open(path)).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
