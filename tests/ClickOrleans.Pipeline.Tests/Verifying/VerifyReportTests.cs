using ClickOrleans.Pipeline.Verifying;

namespace ClickOrleans.Pipeline.Tests.Verifying;

public class VerifyReportTests
{
    private readonly VerifyReport _report = new();

    [Fact]
    public void Comparisons_and_notes_leave_a_report_clean()
    {
        _report.AddCompared("offsets");
        _report.AddNote("not indexed yet");

        Assert.True(_report.IsClean);
        Assert.Equal(["offsets"], _report.Compared);
        Assert.Equal(["not indexed yet"], _report.Notes);
    }

    [Fact]
    public void One_difference_makes_it_unclean()
    {
        _report.AddDifference("lost");

        Assert.False(_report.IsClean);
        Assert.Equal(["lost"], _report.Differences);
    }
}
