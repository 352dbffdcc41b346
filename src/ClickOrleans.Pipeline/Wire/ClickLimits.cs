namespace ClickOrleans.Pipeline.Wire;

/// <summary>The most UTF-8 bytes a text field may have, so that every key fits an index row of every store.</summary>
public static class ClickLimits
{
    public const int Url = 2048;
    public const int Browser = 512;
    public const int OtherText = 128;
}
