using System.Text;
using CsCheck;

namespace ClickOrleans.Pipeline.Tests.Wire;

/// <summary>Random clicks that every store keeps.</summary>
internal static class WireGen
{
    private const string Awkward = "\"\\/\u007F\u2028\uFEFF\uFFFF";

    private static readonly Gen<Rune> Character = Gen.Frequency(
        (8, Gen.Int[0x20, 0x7E].Select(code => new Rune(code))),
        (1, Gen.Int[0x01, 0x1F].Select(code => new Rune(code))),
        (1, Gen.Int[0, Awkward.Length - 1].Select(index => new Rune(Awkward[index]))),
        (1, Gen.Int[0x80, 0xD7FF].Select(code => new Rune(code))),
        (1, Gen.Int[0xE000, 0x10FFFF].Select(code => new Rune(code))));

    public static readonly Gen<DateTime> Timestamp =
        Gen.Long[DateTime.UnixEpoch.Ticks / 10, DateTime.MaxValue.Ticks / 10]
            .Select(us => new DateTime(us * 10, DateTimeKind.Utc));

    public static readonly Gen<Click> StorableClick = Gen.Select(
        Text(1, 32), Timestamp, Text(1, 512), Text(0, 32), Text(0, 32), Text(0, 128), Text(0, 32),
        (user, timestamp, url, country, city, browser, os) => new Click(user, timestamp, url, country, city, browser, os, city));

    private static Gen<string> Text(int shortest, int longest) =>
        Character.Array[shortest, longest].Select(runes => string.Concat(runes.Select(rune => rune.ToString())));
}
