namespace Pipeline.Quickstart.Tests;

/// <summary>The published folder is made for the first test that needs it, and gone after the last.</summary>
[SetUpFixture]
public class PublishedFolder
{
    [OneTimeTearDown]
    public void Remove() => PublishedPipeline.Remove();
}
