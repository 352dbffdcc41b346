using System.Reflection;

namespace ClickOrleans.Sql.Tests;

public sealed class StatementCatalogueTests
{
    [Fact]
    public void Every_file_has_a_member_and_every_member_a_file()
    {
        var files = StatementFiles.In("sql", SearchOption.AllDirectories)
            .Where(file => !StatementFiles.WholeFolders.Contains(file[..file.LastIndexOf('/')]));

        var members = StatementFiles.Members.Select(member => Statement(member).Path).Order(StringComparer.Ordinal);

        Assert.Equal(files, members);
    }

    [Fact]
    public void A_member_has_the_text_of_its_file() => Assert.All(
        StatementFiles.Members.Select(Statement),
        statement => Assert.Equal(StatementFiles.Read(statement.Path).TrimEnd(), statement.Text));

    [Fact]
    public void A_member_is_named_as_its_file() => Assert.All(
        StatementFiles.Members,
        member => Assert.Equal(member.Name, Statement(member).Name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true));

    [Theory]
    [InlineData("ClickOrleans.Postgres", "sql/postgres/schema")]
    [InlineData("ClickOrleans.Postgres", "sql/orleans/queries")]
    [InlineData("ClickOrleans.Sqlite", "sql/sqlite/schema")]
    public void A_folder_is_read_as_a_whole_and_in_order(string assembly, string folder)
    {
        var statements = new SqlFolder(Assembly.Load(assembly), folder).ReadAll();

        Assert.Equal(StatementFiles.In(folder, SearchOption.TopDirectoryOnly), statements.Select(statement => statement.Path));
        Assert.Contains(folder, StatementFiles.WholeFolders);
    }

    [Theory]
    [InlineData("ClickOrleans.Postgres", "sql/postgres/schema")]
    [InlineData("ClickOrleans.Sqlite", "sql/sqlite/schema")]
    public void Schema_scripts_keep_the_names_that_the_journal_of_databases_in_use_lists(string assembly, string folder)
    {
        var names = new SqlFolder(Assembly.Load(assembly), folder).ReadAll().Select(SchemaUpgrade.JournalName).ToList();

        Assert.Equal(
            ["0001_create_the_click_store.sql", "0002_keep_the_trace_of_what_is_not_folded.sql"],
            names.Take(2));
        Assert.Equal(Enumerable.Range(1, names.Count).Select(number => $"{number:0000}"), names.Select(name => name[..4]));
    }

    [Fact]
    public void A_missing_file_is_named_with_its_assembly()
    {
        var folder = new SqlFolder(typeof(SharedSql).Assembly, "sql");

        var exception = Assert.Throws<FileNotFoundException>(() => folder.Statement("DropEverything"));

        Assert.Equal("ClickOrleans.Sql embeds no file sql/drop_everything.sql.", exception.Message);
    }

    private static SqlStatement Statement(PropertyInfo member) => (SqlStatement)member.GetValue(null)!;
}
