using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Bogus;

namespace ClickOrleans.FakeClicks;

/// <summary>Visitors and the site's pages, made from a seed alone: all producers with that seed have the same.</summary>
public sealed class Population
{
    private const string Site = "https://shop.example.com";

    private static readonly string[] FixedPages = ["/", "/search", "/cart", "/checkout", "/account", "/help", "/about", "/sale"];

    private Population(Visitor[] visitors, string[] pages)
    {
        Visitors = visitors;
        Pages = pages;
    }

    public IReadOnlyList<Visitor> Visitors { get; }

    /// <summary>All different, the most visited first.</summary>
    public IReadOnlyList<string> Pages { get; }

    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of its range.</exception>
    public static Population Create(GeneratorOptions options)
    {
        Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
        var faker = new Faker { Random = new Randomizer(options.Seed) };
        return new Population(CreateVisitors(options.Visitors, faker), CreatePages(options.Pages, faker));
    }

    private static Visitor[] CreateVisitors(int count, Faker faker)
    {
        var placeWeights = Shares(Place.All, place => place.Weight);
        var equipmentWeights = Shares(DeviceProfile.All, equipment => equipment.Weight);
        var visitors = new Visitor[count];
        for (var number = 0; number < count; number++)
        {
            var place = faker.Random.WeightedRandom(Place.All, placeWeights);
            var equipment = faker.Random.WeightedRandom(DeviceProfile.All, equipmentWeights);

            // The number makes the name unique.
            var user = $"{Slug(faker.Name.FirstName())}.{Slug(faker.Name.LastName())}."
                + $"{number.ToString(CultureInfo.InvariantCulture)}";
            visitors[number] = new Visitor(
                user, place.Country, faker.Random.ArrayElement(place.Cities), equipment.Browser, equipment.Os, equipment.Device);
        }

        return visitors;
    }

    private static string[] CreatePages(int count, Faker faker)
    {
        var pages = new HashSet<string>(StringComparer.Ordinal);
        foreach (var page in FixedPages.Take(count))
        {
            pages.Add(Site + page);
        }

        while (pages.Count < count)
        {
            var page = $"{Site}/products/{Slug(faker.Commerce.ProductName())}";
            if (!pages.Add(page))
            {
                pages.Add($"{page}-{pages.Count.ToString(CultureInfo.InvariantCulture)}");
            }
        }

        return [.. pages];
    }

    private static float[] Shares<T>(T[] items, Func<T, float> weight)
    {
        var sum = items.Sum(weight);
        return [.. items.Select(item => weight(item) / sum)];
    }

    /// <summary>Small letters and digits, hyphens between words.</summary>
    private static string Slug(string words)
    {
        var slug = new StringBuilder(words.Length);
        foreach (var character in words)
        {
            if (char.IsAsciiLetterOrDigit(character))
            {
                slug.Append(char.ToLowerInvariant(character));
            }
            else if (character == ' ' && slug.Length > 0)
            {
                slug.Append('-');
            }
        }

        return slug.ToString();
    }
}
