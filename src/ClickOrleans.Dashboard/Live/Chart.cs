using System.Globalization;
using System.Text;

namespace ClickOrleans.Dashboard.Live;

/// <summary>SVG path of a line chart in a box of <see cref="Width"/> by <see cref="Height"/>.</summary>
public static class Chart
{
    public const int Width = 300;
    public const int Height = 100;

    private static readonly double[] Steps = [1, 2, 5, 10];

    /// <summary>The smallest round number (1, 2 or 5 times a power of ten) that is at least the highest value.</summary>
    public static double Ceiling(double highest)
    {
        if (!(highest > 0))
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(highest)));
        return Steps.Select(step => step * power).First(step => step >= highest * 0.999_999);
    }

    /// <summary>The path's <c>d</c> attribute, one value per second; the last value is at the right edge.</summary>
    public static string Path(IReadOnlyList<double> values, double ceiling) =>
        Path(values, ceiling, number => Width - values.Count + 1 + number);

    /// <summary>The path's <c>d</c> attribute, from the left edge to the right, however many values.</summary>
    public static string Spread(IReadOnlyList<double> values, double ceiling) =>
        Path(values, ceiling, number => values.Count == 1 ? Width : (double)number * Width / (values.Count - 1));

    private static string Path(IReadOnlyList<double> values, double ceiling, Func<int, double> x)
    {
        var path = new StringBuilder();
        for (var i = 0; i < values.Count; i++)
        {
            var y = Height - (Math.Clamp(values[i] / ceiling, 0, 1) * Height);
            path.Append(i == 0 ? 'M' : 'L')
                .Append(x(i).ToString("0.#", CultureInfo.InvariantCulture))
                .Append(' ')
                .Append(y.ToString("0.#", CultureInfo.InvariantCulture));
        }

        return path.ToString();
    }
}
