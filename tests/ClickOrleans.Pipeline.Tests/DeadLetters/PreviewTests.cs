using System.Text;
using ClickOrleans.Pipeline.DeadLetters;
using ClickOrleans.Pipeline.Store;
using ClickOrleans.Pipeline.Wire;

namespace ClickOrleans.Pipeline.Tests.DeadLetters;

public sealed class PreviewTests
{
    [Fact]
    public void A_preview_says_of_each_whether_it_would_be_a_click_and_else_why_not()
    {
        var letters = new[]
        {
            Letter(
                1,
                """["ann","2026-03-01 12:00:00","/home","NL","Utrecht","Firefox","Linux","desktop"]""",
                DeadLetterReason.RejectedByStore),
            Letter(2, "not json", DeadLetterReason.MalformedJson),
            Letter(3, null, DeadLetterReason.Empty),
        };

        var previews = DeadLetterService.Preview(letters);

        Assert.Equal(letters.Select(letter => letter.Id), previews.Select(preview => preview.Id));
        Assert.Equal(("ann", "/home"), (previews[0].Click?.UserId, previews[0].Click?.Url));
        Assert.Null(previews[0].Reason);
        Assert.Equal((null, DeadLetterReason.MalformedJson), (previews[1].Click, previews[1].Reason));
        Assert.NotEmpty(previews[1].Error!);
        Assert.Equal(DeadLetterReason.Empty, previews[2].Reason);
    }

    private static StoredDeadLetter Letter(long offset, string? payload, DeadLetterReason reason) => new(
        new DeadLetterId(1, 0, offset), null, payload is null ? null : Encoding.UTF8.GetBytes(payload), reason, "", default);
}
