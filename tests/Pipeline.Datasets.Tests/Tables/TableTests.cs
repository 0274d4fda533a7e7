using Pipeline.Datasets.Parquet;
using Pipeline.Datasets.Parquet.Rows;
using Pipeline.Datasets.Tables;

namespace Pipeline.Datasets.Tests.Tables;

public sealed class TableTests
{
    private TestFolder _folder = null!;

    [SetUp] public void SetUp() => _folder = new TestFolder();

    [TearDown] public void TearDown() => _folder.Dispose();

    [Test]
    public void Csv_QuotesLineEndsAndLists_AreOneCellEach()
    {
        var rows = Read("a.csv", "\uFEFFquestion,answer,turns\r\n\"1, 2\nand \"\"3\"\"?\",6,\"[{\"\"role\"\": \"\"user\"\"}]\"\r\n,\"\",[x]\r\n\r\nlast,2,3");
        Assert.That(rows.Select(row => row.Number), Is.EqualTo(new[] { 1, 2, 4 }), "the third record is blank");
        Assert.That(rows[0].Fields!.ToJsonString(), Is.EqualTo("""{"question":"1, 2\nand \u00223\u0022?","answer":"6","turns":[{"role":"user"}]}"""));
        // An empty cell is null, quoted or not; "[x]" is no JSON and stays text.
        Assert.That(rows[1].Fields!.ToJsonString(), Is.EqualTo("""{"question":null,"answer":null,"turns":"[x]"}"""));
    }

    [Test]
    public void Csv_BrokenRecords_AreToldAndTheOthersRead()
    {
        var rows = Read("a.tsv", "a\tb\n1\n1\t2\n1\t\"open\n");
        Assert.That(rows.Select(row => row.Problem), Is.EqualTo(new[]
        {
            "has 1 cells, but the header has 2 columns", null, "has a quote out of place, or one that nothing closes before the file ends",
        }));
    }

    [Test]
    public void JsonLines_BrokenLines_AreToldByLine()
    {
        var rows = Read("a.jsonl", "{\"a\": 1}\n\n{torn\n[1]\n{\"a\": 1, \"a\": 2}\n{\"a\": 2}");
        Assert.That(rows.Select(row => row.Number), Is.EqualTo(new[] { 1, 3, 4, 5, 6 }));
        Assert.That(rows.Select(row => row.Problem is null), Is.EqualTo(new[] { true, false, false, false, true }));
        Assert.That(rows[1].Problem, Does.StartWith("is not JSON: 't' is an invalid start of a property name").And.Contain("at byte 2"));
        Assert.That(rows[2].Problem, Is.EqualTo("is JSON, but no object of columns"));
    }

    [Test]
    public void Json_ArrayTornInTheMiddle_GivesWhatCameBefore()
    {
        var rows = Read("a.json", " [{\"a\": 1}, {\"a\": 2}, {\"a\"");
        Assert.That(rows.Select(row => row.Fields?["a"]?.GetValue<int>()), Is.EqualTo(new int?[] { 1, 2, null }).Or.EqualTo(new int?[] { null }));
        Assert.That(rows[^1].Problem, Does.Contain("nothing behind it can be read"));
    }

    [Test]
    public void Json_OfLines_IsReadAsLines() => Assert.That(Read("a.json", "{\"a\": 1}\n{\"a\": 2}\n"), Has.Count.EqualTo(2));

    [Test]
    public void Parquet_OfAnyTypes_IsPutTogether()
    {
        // Made by DuckDB, see Reference/make_parquet.sql.
        var rows = Table.Open(Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "verl.parquet")).Rows().ToList();
        var typed = Dataset.Read<PromptRow>(Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "verl.parquet"));
        Assert.That(rows.Select(row => row.Fields!["reward_model"]!["ground_truth"]!.GetValue<string>()), Is.EqualTo(typed.Select(row => row.GroundTruth)));
        Assert.That(rows.Select(row => row.Fields!["prompt"]!.AsArray().Select(turn => turn!["content"]!.GetValue<string>())),
            Is.EqualTo(typed.Select(row => row.Prompt.Select(turn => turn.Content))));
    }

    [Test]
    public void Distribute_Parquet_KeepsColumnsOfEveryTypeOfTheKeptRows()
    {
        using var duck = new Duck();
        duck.Run($"""
            copy (select i as id, i % 2 = 0 as flag, case when i % 3 = 0 then null else 'text ' || i end as maybe, i / 4.0 as number,
                  [x for x in range(i % 4) if x > 0] as list, [[i], [], null, [i, i + 1]] as nested,
                  case when i % 5 = 0 then null else struct_pack(a := i, b := [struct_pack(c := 'x' || i)]) end as record,
                  map(['k'], [i]) as map, date '2020-01-01' + i::int as day, timestamp '2020-01-01 00:00:00' as moment
                from range(5000) t(i)) to '{_folder["in.parquet"]}' (format parquet, row_group_size 2048)
            """);
        var table = Table.Open(_folder["in.parquet"]);
        var written = table.Distribute([_folder["even.parquet"], _folder["rest.parquet"]], row => row.Number % 7 == 0 ? null : row.Fields!["flag"]!.GetValue<bool>() ? 0 : 1);
        // Of 5,000 rows every seventh is left out: 714. Of the other 4,286 half have the flag.
        Assert.That(written, Is.EqualTo(new long[] { 2143, 2143 }));
        foreach (var (file, flag) in new[] { ("even", "true"), ("rest", "false") })
        {
            var (wanted, found) = ($"select * from '{_folder["in.parquet"]}' where (id + 1) % 7 != 0 and flag = {flag}", $"select * from '{_folder[file + ".parquet"]}'");
            Assert.That(duck.Number($"select count(*) from (({wanted} except all {found}) union all ({found} except all {wanted}))"), Is.Zero);
        }
        var row = table.Rows().Skip(4).First().Fields!;
        Assert.That(row["day"]!.GetValue<string>(), Does.StartWith("2020-01-05"));
        Assert.That(row["moment"]!.GetValue<string>(), Does.StartWith("2020-01-01T00:00:00"));
        row.Remove("day");
        row.Remove("moment");
        Assert.That(row.ToJsonString(), Is.EqualTo(
            """{"id":4,"flag":true,"maybe":"text 4","number":1,"list":[],"nested":[[4],[],null,[4,5]],"record":{"a":4,"b":[{"c":"x4"}]},"map":{"k":4}}"""));
    }

    [Test]
    public void Distribute_Text_CopiesRowsAsTheyStand()
    {
        var lines = Open("a.jsonl", "{\"a\":  1}\n{\"a\": 2}\n{torn\n");
        lines.Distribute([_folder["b.jsonl"]], row => row.Number == 2 ? null : 0);
        Assert.That(File.ReadAllText(_folder["b.jsonl"]), Is.EqualTo("{\"a\":  1}\n{torn\n"));

        Open("a.csv", "a,\"b\"\n1,\"x\ny\"\n2,z\n").Distribute([_folder["b.csv"]], row => row.Number == 1 ? 0 : null);
        Assert.That(File.ReadAllText(_folder["b.csv"]), Is.EqualTo("a,\"b\"\n1,\"x\ny\"\n"));

        Open("a.json", "[{\"a\": 1}, {\"a\": 2}]").Distribute([_folder["b.json"]], _ => 0);
        Assert.That(Table.Open(_folder["b.json"]).Rows().Select(row => row.Fields!["a"]!.GetValue<int>()), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void Distribute_APartWithoutRows_WritesNoFile()
    {
        var error = Assert.Throws<DatasetException>(() => Open("a.jsonl", "{\"a\": 1}").Distribute([_folder["b.jsonl"], _folder["c.jsonl"]], _ => 0))!;
        Assert.That((error.Code, Directory.GetFiles(_folder.Path)), Is.EqualTo((DatasetErrors.Empty, new[] { _folder["a.jsonl"] })));
    }

    [Test]
    public void Open_AFileOfAnotherFormat_SaysWhatIsRead()
    {
        File.WriteAllText(_folder["a.xlsx"], "");
        Assert.That(() => Table.Open(_folder["a.xlsx"]), Throws.TypeOf<DatasetException>().With.Property("Code").EqualTo(DatasetErrors.Format).And.Message.Contains(".parquet"));
    }

    private List<TableRow> Read(string name, string text) => [.. Open(name, text).Rows()];

    private Table Open(string name, string text)
    {
        File.WriteAllText(_folder[name], text);
        return Table.Open(_folder[name]);
    }
}
