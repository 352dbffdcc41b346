namespace ClickOrleans.Silo.Commands;

/// <summary>A stream whose first bytes can be looked at before it is read: standard input cannot be wound back.</summary>
internal sealed class PeekedStream : Stream
{
    private readonly Stream _inner;
    private readonly byte[] _start;
    private int _position;

    public PeekedStream(Stream inner, int length)
    {
        _inner = inner;
        var start = new byte[length];
        _start = start[..inner.ReadAtLeast(start, length, throwOnEndOfStream: false)];
    }

    /// <summary>Fewer than asked for where there are no more.</summary>
    public ReadOnlySpan<byte> Start => _start;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_position == _start.Length)
        {
            return _inner.Read(buffer);
        }

        var read = Math.Min(buffer.Length, _start.Length - _position);
        _start.AsSpan(_position, read).CopyTo(buffer);
        _position += read;
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
