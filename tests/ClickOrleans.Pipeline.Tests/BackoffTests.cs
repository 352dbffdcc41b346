namespace ClickOrleans.Pipeline.Tests;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(10);

    [Fact]
    public void Each_wait_is_between_half_and_all_of_twice_the_one_before_up_to_the_cap()
    {
        var backoff = new Backoff(First, Cap, new Random(7));

        foreach (var longest in new[] { 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000 })
        {
            Assert.InRange(backoff.Next().TotalMilliseconds, longest / 2, longest);
        }
    }

    [Fact]
    public void Waits_never_pass_the_cap_however_many_failures()
    {
        var backoff = new Backoff(First, TimeSpan.MaxValue, new Random(7));

        for (var failure = 0; failure < 1000; failure++)
        {
            Assert.InRange(backoff.Next(), TimeSpan.FromMilliseconds(50), TimeSpan.MaxValue);
        }
    }

    [Fact]
    public void After_a_reset_it_starts_anew()
    {
        var backoff = new Backoff(First, Cap, new Random(7));
        for (var failure = 0; failure < 5; failure++)
        {
            backoff.Next();
        }

        backoff.Reset();

        Assert.InRange(backoff.Next(), First / 2, First);
    }

    [Fact]
    public void Waits_differ() =>
        Assert.NotEqual(new Backoff(First, Cap, new Random(1)).Next(), new Backoff(First, Cap, new Random(2)).Next());

    [Fact]
    public void No_wait_at_all_or_a_cap_below_the_first_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(TimeSpan.Zero, Cap, Random.Shared));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Backoff(Cap, First, Random.Shared));
    }
}
