namespace ClickOrleans.FakeClicks;

/// <summary>Where visitors live.</summary>
/// <param name="Weight">The share of visitors from there, in relation to the other countries.</param>
internal sealed record Place(string Country, float Weight, string[] Cities)
{
    public static readonly Place[] All =
    [
        new("United States", 22, ["New York", "Los Angeles", "Chicago", "Houston", "Seattle", "Boston"]),
        new("India", 14, ["Mumbai", "Delhi", "Bengaluru", "Hyderabad", "Chennai"]),
        new("Germany", 9, ["Berlin", "Hamburg", "München", "Köln", "Leipzig"]),
        new("United Kingdom", 8, ["London", "Manchester", "Birmingham", "Glasgow"]),
        new("Brazil", 7, ["São Paulo", "Rio de Janeiro", "Brasília", "Salvador"]),
        new("France", 6, ["Paris", "Lyon", "Marseille", "Toulouse"]),
        new("Japan", 6, ["Tokyo", "Osaka", "Nagoya", "Sapporo"]),
        new("Canada", 4, ["Toronto", "Montréal", "Vancouver", "Calgary"]),
        new("Spain", 4, ["Madrid", "Barcelona", "Valencia", "Sevilla"]),
        new("Italy", 4, ["Roma", "Milano", "Napoli", "Torino"]),
        new("Mexico", 4, ["Ciudad de México", "Guadalajara", "Monterrey"]),
        new("Australia", 3, ["Sydney", "Melbourne", "Brisbane", "Perth"]),
        new("Netherlands", 3, ["Amsterdam", "Rotterdam", "Utrecht"]),
        new("Poland", 3, ["Warszawa", "Kraków", "Wrocław"]),
        new("Indonesia", 3, ["Jakarta", "Surabaya", "Bandung"]),
        new("Nigeria", 3, ["Lagos", "Abuja", "Kano"]),
        new("South Korea", 2, ["Seoul", "Busan", "Incheon"]),
        new("Sweden", 2, ["Stockholm", "Göteborg", "Malmö"]),
        new("Switzerland", 2, ["Zürich", "Genève", "Basel"]),
        new("Austria", 2, ["Wien", "Graz", "Linz"]),
        new("South Africa", 2, ["Johannesburg", "Cape Town", "Durban"]),
        new("Argentina", 2, ["Buenos Aires", "Córdoba", "Rosario"]),
        new("Türkiye", 2, ["İstanbul", "Ankara", "İzmir"]),
        new("Egypt", 1, ["Cairo", "Alexandria", "Giza"]),
        new("Kenya", 1, ["Nairobi", "Mombasa", "Kisumu"]),
        new("New Zealand", 1, ["Auckland", "Wellington", "Christchurch"]),
    ];
}
