namespace ClickOrleans.Sql;

/// <summary>A UUID as a database gives it: of its own type, or as text where there is none.</summary>
public static class StoredUuid
{
    public static Guid? Read(object? value) => value switch { Guid id => id, string text => Guid.Parse(text), _ => null };
}
